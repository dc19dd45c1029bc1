//! The web assets: WebAssembly, glue, loader and styles, minified, named by their content, and
//! compressed beforehand into `dist/web`, where the collector finds them.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::compress::{brotli, gzip};
use crate::folder::{hash, ignore_missing};
use crate::locales;
use crate::module::{self, Module};
use crate::process::program;
use crate::progress;
use crate::toolchain;
use crate::wasm_opt::Size;

pub const WEB: &str = "dist/web";
/// Browsers with `light-dark()`: from spring 2024 on.
const TARGET: &str = "--target=chrome123,firefox120,safari17.5";

/// Builds everything that browsers download; quick when nothing changed.
pub fn build(size: Size) -> Result<()> {
    toolchain::for_assets()?;
    // `wasm-opt` keeps one core busy, for minutes.
    let (widget, console) = thread::scope(|scope| {
        let console = scope.spawn(|| module::console(size).inspect(|_| progress::done("console")));
        let widget = module::widget(size).inspect(|_| progress::done("widget"));
        (widget, console.join().unwrap_or_else(|_| Err(anyhow!("the console's build panicked"))))
    });
    let (widget, console) = (widget?, console?);
    fs::remove_dir_all(WEB).or_else(ignore_missing)?;
    fs::create_dir_all(format!("{WEB}/assets"))?;
    let files = [
        ("widget", "wasm", fs::read(&widget.main)?),
        ("widget", "js", glue("widget/loader/glue.js", false)?),
        ("widget", "css", bundle("widget/styles/widget.css", &[])?),
        ("basic", "js", basic()?),
    ];
    // One name for all of them: the loader has no bytes to spare for four.
    let all: Vec<u8> = files.iter().flat_map(|(_, _, content)| content).copied().collect();
    let hash = hash(&all);
    for (stem, ending, content) in &files {
        write(Path::new(WEB).join(format!("assets/{stem}-{hash}.{ending}")), content)?;
    }
    split_parts(&widget)?;
    write(Path::new(WEB).join("tabiji.js"), &loader(&hash)?)?;
    console_page(&fs::read(console.main)?)?;
    Ok(())
}

/// Puts beside the assets a widget with a call that panics in each part, for the test of crashes: its loader is
/// `assets/drill.js`. What is shipped is built again without it.
pub fn build_drill() -> Result<()> {
    let drill = module::drill()?;
    let local = |name: &str| fs::read_to_string(format!("widget/loader/{name}"));
    let entry = local("glue.js")?
        .replace("'../pkg-split/", "'./")
        .replace("'./bridge", "'../loader/bridge")
        .replace("'./life", "'../loader/life");
    fs::write("widget/pkg-drill/glue.js", entry)?;
    split_parts(&drill)?;
    write(Path::new(WEB).join("assets/widget-drill.wasm"), &fs::read(&drill.main)?)?;
    write(Path::new(WEB).join("assets/widget-drill.js"), &glue("widget/pkg-drill/glue.js", true)?)?;
    write(Path::new(WEB).join("assets/widget-drill.css"), &bundle("widget/styles/widget.css", &[])?)?;
    write(Path::new(WEB).join("assets/basic-drill.js"), &basic()?)?;
    // It stands one folder deeper than what is shipped.
    let loader = text(&loader("drill")?)?.replace("new URL(\".\"", "new URL(\"..\"");
    write(Path::new(WEB).join("assets/drill.js"), loader.as_bytes())
}

/// The glue with the scripts that come with it; what they start in the page ends with the instance.
fn glue(entry: &str, drill: bool) -> Result<Vec<u8>> {
    let words = [("DRILL", drill.into())];
    esbuild(entry, &words, &["--bundle", "--format=esm", "--inject:widget/loader/life.js"])
}

/// The panel for pages where WebAssembly may not run.
fn basic() -> Result<Vec<u8>> {
    let styles = text(&bundle("widget/styles/basic.css", &[])?)?;
    let words = [("BASIC_CSS", styles.trim().into()), ("WORDS", locales::by_language("basic")?)];
    esbuild("widget/loader/basic.js", &words, &["--bundle", "--format=esm"])
}

/// The script tag's file; `hash` is in the name of every file that it fetches.
fn loader(hash: &str) -> Result<Vec<u8>> {
    let launcher = text(&bundle("widget/styles/launcher.css", &[])?)?;
    let (ja, en) = (locales::title("ja")?, locales::title("en")?);
    let words = [("HASH", hash.to_owned()), ("LAUNCHER_CSS", launcher), ("TITLE_JA", ja), ("TITLE_EN", en)];
    // A plain script: it leaves no name in the page.
    esbuild("widget/loader/loader.js", &texts(&words), &["--bundle", "--format=iife"])
}

/// What was split off a module; the files have their names already.
fn split_parts(module: &Module) -> Result<()> {
    for part in &module.parts {
        let name = part.file_name().context("a part has no name")?;
        write(Path::new(WEB).join("assets").join(name), &fs::read(part)?)?;
    }
    Ok(())
}

fn console_page(wasm: &[u8]) -> Result<()> {
    let wasm = put("console", "wasm", wasm)?;
    let js = put("console", "js", &bundle("console/boot.js", &[("CONSOLE_WASM", wasm)])?)?;
    let css = put("console", "css", &bundle("console/styles/console.css", &[])?)?;
    let page =
        fs::read_to_string("console/index.html")?.replace("CONSOLE_JS", &js).replace("CONSOLE_CSS", &css);
    write(Path::new(WEB).join("console.html"), page.as_bytes())
}

fn bundle(entry: &str, words: &[(&str, String)]) -> Result<Vec<u8>> {
    esbuild(entry, &texts(words), &["--bundle", "--format=esm"])
}

fn texts<'a>(words: &[(&'a str, String)]) -> Vec<(&'a str, serde_json::Value)> {
    words.iter().map(|(name, text)| (*name, text.trim().into())).collect()
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

/// Writes a file with its compressed twins.
fn write(file: PathBuf, content: &[u8]) -> Result<()> {
    let twin = |ending: &str| PathBuf::from(format!("{}.{ending}", file.display()));
    fs::write(twin("br"), brotli(content)?)?;
    fs::write(twin("gz"), gzip(content)?)?;
    fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
}

fn text(bytes: &[u8]) -> Result<String> {
    Ok(String::from_utf8(bytes.to_vec())?)
}
