//! The web assets: WebAssembly, glue, loader and styles, minified, named by their content, and
//! compressed beforehand into `dist/web`, where the collector finds them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::locales;
use crate::names::Renames;
use crate::run::{program, quiet};
use crate::tools;

const WEB: &str = "dist/web";
/// Browsers with `light-dark()`: from spring 2024 on.
const TARGET: &str = "--target=chrome123,firefox120,safari17.5";

/// What makes a module small. Inlining a little more than `-Oz` costs a few hundred bytes and saves a
/// third of the functions, and browsers compile each function at its first call.
const SMALL: [&str; 5] = [
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=30",
    "--always-inline-max-function-size=6",
];
/// What a module may use; all of it is in every browser of [`TARGET`].
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What every module is made from, and what each has of its own; when none of it is newer, the
/// module is.
const SHARED: [&str; 9] = [
    "protocol",
    "journey",
    "texts",
    "locales",
    "Cargo.lock",
    "Cargo.toml",
    "package-lock.json",
    "xtask/src/assets.rs",
    "xtask/src/names.rs",
];
const OWN: [&str; 3] = ["src", "build.rs", "Cargo.toml"];

/// Builds everything that browsers download; quick when nothing changed.
pub fn build() -> Result<()> {
    tools::for_assets()?;
    let widget = module("widget", "tabiji_widget")?;
    let console = module("console", "tabiji_console")?;
    fs::remove_dir_all(WEB).or_else(ignore_missing)?;
    fs::create_dir_all(format!("{WEB}/assets"))?;
    let clips = ("CLIPS", part("clips", "CLIPS_CSS", "clips", &[])?);
    let chat = ("CHAT", part("chat", "CHAT_CSS", "talks", &[])?);
    // The word "guide" in a file's name is on the lists of ad blockers.
    let parts = [
        ("STEPS", part("guide", "GUIDE_CSS", "steps", &[])?),
        ("ASKS", part("asks", "ASKS_CSS", "asks", &[clips, chat])?),
    ];
    let basic = text(&bundle("widget/styles/basic.css", &[])?)?;
    let basic = [("BASIC_CSS", basic.trim().into()), ("WORDS", locales::by_language("basic")?)];
    let files = [
        ("widget", "wasm", fs::read(widget)?),
        ("widget", "js", bundle("widget/loader/glue.js", &parts)?),
        ("widget", "css", bundle("widget/styles/widget.css", &[])?),
        ("basic", "js", esbuild("widget/loader/basic.js", &basic, &["--bundle", "--format=esm"])?),
    ];
    // One name for all of them: the loader has no bytes to spare for four.
    let all: Vec<u8> = files.iter().flat_map(|(_, _, content)| content).copied().collect();
    let hash = hash(&all);
    for (stem, ending, content) in &files {
        write(Path::new(WEB).join(format!("assets/{stem}-{hash}.{ending}")), content)?;
    }
    let launcher = text(&bundle("widget/styles/launcher.css", &[])?)?;
    let titles = (locales::title("ja")?, locales::title("en")?);
    let words = [("HASH", hash), ("LAUNCHER_CSS", launcher), ("TITLE_JA", titles.0), ("TITLE_EN", titles.1)];
    write(Path::new(WEB).join("tabiji.js"), &script("widget/loader/loader.js", &words)?)?;
    console_page(&fs::read(console)?)?;
    Ok(())
}

/// A part of the widget that is fetched on demand, in each language; gives the name that they share.
fn part(folder: &str, css: &str, stem: &str, others: &[(&str, String)]) -> Result<String> {
    let entry = format!("widget/{folder}/{folder}");
    let styles = serde_json::Value::from(text(&bundle(&format!("{entry}.css"), &[])?)?.trim());
    let mut built = Vec::new();
    for locale in ["ja", "en"] {
        let bundle = if folder == "asks" { "prompts" } else { folder };
        let words = [(css, styles.clone()), ("WORDS", locales::bundle(locale, bundle)?)];
        let words: Vec<_> = words.into_iter().chain(texts(others)).collect();
        built.push((locale, esbuild(&format!("{entry}.js"), &words, &["--bundle", "--format=esm"])?));
    }
    let all: Vec<u8> = built.iter().flat_map(|(_, content)| content).copied().collect();
    let name = format!("{stem}-{}-", hash(&all));
    for (locale, content) in &built {
        write(Path::new(WEB).join(format!("assets/{name}{locale}.js")), content)?;
    }
    Ok(name)
}

fn console_page(wasm: &[u8]) -> Result<()> {
    let wasm = put("console", "wasm", wasm)?;
    let js = put("console", "js", &bundle("console/boot.js", &[("CONSOLE_WASM", wasm)])?)?;
    let css = put("console", "css", &bundle("console/styles/console.css", &[])?)?;
    let page =
        fs::read_to_string("console/index.html")?.replace("CONSOLE_JS", &js).replace("CONSOLE_CSS", &css);
    write(Path::new(WEB).join("console.html"), page.as_bytes())
}

/// Makes `dist/`.
pub fn dist() -> Result<()> {
    build()?;
    crate::size::check()?;
    let folder = Path::new("dist/widget");
    fs::remove_dir_all(folder).or_else(ignore_missing)?;
    fs::create_dir_all(folder.join("assets"))?;
    for file in files(Path::new(WEB))? {
        let name = file.strip_prefix(WEB)?;
        if !name.to_string_lossy().contains("console") {
            fs::copy(&file, folder.join(name))?;
        }
    }
    fs::copy("widget/loader/tabiji.d.ts", folder.join("tabiji.d.ts"))?;
    let cargo = ["build", "--release", "--locked", "--package", "tabiji"];
    quiet("building the release binary", program("cargo", cargo))?;
    fs::copy("target/release/tabiji", "dist/tabiji").context("the release binary is missing")?;
    println!("dist/tabiji has everything in it; dist/widget is the same widget for a CDN");
    Ok(())
}

/// The optimised module of a crate, built anew when a source is newer.
fn module(folder: &str, name: &str) -> Result<PathBuf> {
    let built = PathBuf::from(format!("{folder}/pkg/{name}.wasm"));
    let own = OWN.iter().map(|own| format!("{folder}/{own}"));
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in SHARED.iter().map(|shared| (*shared).to_owned()).chain(own) {
        for file in files(Path::new(&source))? {
            newest = newest.max(fs::metadata(file)?.modified()?);
        }
    }
    if fs::metadata(&built).and_then(|built| built.modified()).is_ok_and(|built| built > newest) {
        return Ok(built);
    }
    let package = ["build", "--locked", "--package", &name.replace('_', "-"), "--lib"];
    let profile = ["--target", "wasm32-unknown-unknown", "--profile", "wasm-release"];
    let mut command = program("cargo", package.iter().chain(&profile));
    // Paths of this machine belong in no module.
    command.env("CARGO_ENCODED_RUSTFLAGS", flags()?.join("\u{1f}"));
    quiet(&format!("building the {folder} (some minutes the first time)"), command)?;
    let compiled = format!("target/wasm32-unknown-unknown/wasm-release/{name}.wasm");
    let out = format!("{folder}/pkg");
    let bind = [&compiled, "--target", "web", "--no-typescript", "--out-dir", &out];
    quiet(&format!("binding the {folder} to JavaScript"), program("wasm-bindgen", bind))?;
    let bound = format!("{folder}/pkg/{name}_bg.wasm");
    let before = fs::metadata(&bound)?.len();
    let wasm_opt = |passes: &[&str]| {
        let files = [bound.as_str(), "--output", bound.as_str()];
        program("wasm-opt", passes.iter().chain(&FEATURES).chain(&files))
    };
    quiet(&format!("making the {folder} small"), wasm_opt(&SMALL))?;
    // A run of its own: a pass that is repeated until nothing changes prints its names each time.
    let printed = quiet("shortening its names", wasm_opt(&["--minify-imports-and-exports-and-modules"]))?;
    if fs::metadata(&bound)?.len() >= before {
        bail!("{folder}: wasm-opt did not make the module smaller; is it the one of `npm ci`?");
    }
    let glue = format!("{folder}/pkg/{name}.js");
    fs::write(&glue, Renames::read(&printed)?.apply(&fs::read_to_string(&glue)?)?)?;
    // Last, so that a build that stopped half-way is no build.
    fs::rename(bound, &built)?;
    Ok(built)
}

/// The flags of `.cargo/config.toml`, which these replace, and shorter paths in panic messages.
fn flags() -> Result<Vec<String>> {
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"))?;
    let mut flags = vec!["--cfg".to_owned(), "getrandom_backend=\"wasm_js\"".to_owned()];
    flags.push(format!("--remap-path-prefix={}=.", crate::root().display()));
    flags.push(format!("--remap-path-prefix={home}/registry/src="));
    Ok(flags)
}

fn bundle(entry: &str, words: &[(&str, String)]) -> Result<Vec<u8>> {
    esbuild(entry, &texts(words), &["--bundle", "--format=esm"])
}

fn texts<'a>(words: &[(&'a str, String)]) -> Vec<(&'a str, serde_json::Value)> {
    words.iter().map(|(name, text)| (*name, text.trim().into())).collect()
}

/// A plain script that runs as it is: no module, no wrapper.
fn script(entry: &str, words: &[(&str, String)]) -> Result<Vec<u8>> {
    esbuild(entry, &texts(words), &[])
}

fn esbuild(entry: &str, words: &[(&str, serde_json::Value)], more: &[&str]) -> Result<Vec<u8>> {
    let mut arguments = vec![entry.to_owned(), "--minify".into(), TARGET.into(), "--charset=utf8".into()];
    arguments.push("--log-level=warning".into());
    arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
    for (name, value) in words {
        arguments.push(format!("--define:{name}={value}"));
    }
    let output = program("esbuild", &arguments).output().context("cannot start esbuild")?;
    if !output.status.success() {
        bail!("esbuild {entry}:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// Writes a file named by its content; gives the name.
fn put(stem: &str, ending: &str, content: &[u8]) -> Result<String> {
    let name = format!("{stem}-{}.{ending}", hash(content));
    write(Path::new(WEB).join("assets").join(&name), content)?;
    Ok(name)
}

/// What names a content.
fn hash(content: &[u8]) -> String {
    Sha256::digest(content)[..5].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file with its compressed twins.
fn write(file: PathBuf, content: &[u8]) -> Result<()> {
    let twin = |ending: &str| PathBuf::from(format!("{}.{ending}", file.display()));
    fs::write(twin("br"), brotli(content)?)?;
    fs::write(twin("gz"), gzip(content)?)?;
    fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
}

/// Brotli at its highest quality.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut small, &parameters)?;
    Ok(small)
}

/// Gzip at its highest level.
pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, content)?;
    Ok(encoder.finish()?)
}

/// Every file below a folder; the file itself when it is one.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        all.extend(files(&entry?.path())?);
    }
    all.sort();
    Ok(all)
}

fn text(bytes: &[u8]) -> Result<String> {
    Ok(String::from_utf8(bytes.to_vec())?)
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
