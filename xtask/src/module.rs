//! The WebAssembly modules: compiled, split, bound to JavaScript and made small.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::folder::{files, ignore_missing};
use crate::library_paths;
use crate::minify_names::Renames;
use crate::process::{program, quiet, worked};
use crate::split;
use crate::wasm_opt::{Size, run as wasm_opt, shrink};

/// What every module is made from, and what each has of its own; when none of it is newer, the
/// module is.
const SHARED: [&str; 14] = [
    "protocol",
    "journey",
    "texts",
    "search",
    "locales",
    "widget/lazy",
    "Cargo.lock",
    "Cargo.toml",
    "package-lock.json",
    "xtask/src/module.rs",
    "xtask/src/library_paths.rs",
    "xtask/src/wasm_opt.rs",
    "xtask/src/split.rs",
    "xtask/src/minify_names.rs",
];
const OWN: [&str; 4] = ["src", "styles", "build.rs", "Cargo.toml"];

/// What the linker strips and wasm-bindgen asks for: that the module uses reference types. A custom section, as in the
/// "Tool conventions" of WebAssembly.
const TARGET_FEATURES: &[u8] = b"\x00\x22\x0ftarget_features\x01+\x0freference-types";

/// A module as browsers get it.
pub struct Module {
    /// What is fetched first.
    pub main: PathBuf,
    /// What was split off, named by its content.
    pub parts: Vec<PathBuf>,
}

/// How a crate becomes a module.
struct Recipe {
    folder: &'static str,
    /// Where the module goes.
    pkg: &'static str,
    name: &'static str,
    features: &'static [&'static str],
    /// Whether it is cut at its split points.
    split: bool,
}

const WIDGET: Recipe = Recipe {
    folder: "widget",
    pkg: "widget/pkg-split",
    name: "tabiji_widget",
    features: &["split"],
    split: true,
};

/// The widget.
pub fn widget(size: Size) -> Result<Module> {
    WIDGET.make(size)
}

/// The widget with a call that panics in each part, for the test of crashes alone.
pub fn drill() -> Result<Module> {
    Recipe { pkg: "widget/pkg-drill", features: &["split", "panic-drill"], ..WIDGET }.make(Size::Any)
}

/// The console.
pub fn console(size: Size) -> Result<Module> {
    Recipe { folder: "console", pkg: "console/pkg", name: "tabiji_console", features: &[], split: false }
        .make(size)
}

impl Recipe {
    /// Makes the module, unless none of its sources is newer. A small one serves where any does.
    fn make(&self, size: Size) -> Result<Module> {
        let (main, small) = (self.out(".wasm"), self.out(".small"));
        if !self.is_fresh(&main)? || (size == Size::Small && !small.exists()) {
            fs::remove_file(&small).or_else(ignore_missing)?;
            self.build(&main, size)?;
            if size == Size::Small {
                fs::write(small, "")?;
            }
        }
        let parts = if self.split { files(&split::folder(self.pkg))? } else { Vec::new() };
        Ok(Module { main, parts })
    }

    fn out(&self, ending: &str) -> PathBuf {
        PathBuf::from(format!("{}/{}{ending}", self.pkg, self.name))
    }

    fn is_fresh(&self, main: &Path) -> Result<bool> {
        let own = OWN.iter().map(|own| format!("{}/{own}", self.folder));
        let mut newest = SystemTime::UNIX_EPOCH;
        for source in SHARED.iter().map(|shared| (*shared).to_owned()).chain(own) {
            for file in files(Path::new(&source))? {
                newest = newest.max(fs::metadata(file)?.modified()?);
            }
        }
        Ok(fs::metadata(main).and_then(|built| built.modified()).is_ok_and(|built| built > newest))
    }

    fn build(&self, main: &Path, size: Size) -> Result<()> {
        let linked = self.compile()?;
        let (folder, bound, glue) = (self.folder, self.out("_bg.wasm"), self.out(".js"));
        let chunks = if self.split { Some(split::split(&linked, self.pkg, self.name)?) } else { None };
        let input = chunks.as_ref().map_or(linked, |chunks| chunks.main.clone());
        worked(&format!("binding the {folder} to JavaScript"), || self.bind(&input))?;
        let before = fs::metadata(&bound)?.len();
        if size == Size::Small {
            quiet(&format!("making the {folder} small"), shrink(&bound))?;
        }
        // A run of its own: a pass that is repeated until nothing changes prints its names each time.
        let minify = ["--minify-imports-and-exports-and-modules"];
        let printed = quiet("shortening its names", wasm_opt(&bound, &minify))?;
        if size == Size::Small && fs::metadata(&bound)?.len() >= before {
            bail!("{folder}: wasm-opt did not make the module smaller; is it the one of `npm ci`?");
        }
        let renames = Renames::read(&printed)?;
        let mut script = renames.apply(&fs::read_to_string(&glue)?)?;
        if let Some(chunks) = chunks {
            chunks.finish(self.pkg, &renames, size)?;
            script = split::mortal(&split::current(&script)?)?;
            for snippet in files(&PathBuf::from(format!("{}/snippets", self.pkg)))? {
                fs::write(&snippet, split::listening(&fs::read_to_string(&snippet)?))?;
            }
        }
        fs::write(&glue, script)?;
        // Last, so that a build that stopped half-way is no build.
        fs::rename(bound, main)?;
        Ok(())
    }

    fn bind(&self, linked: &Path) -> Result<()> {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(linked).out_name(self.name).web(true)?.typescript(false);
        // The parts need the function table, which is dropped otherwise without a word.
        bindgen.keep_lld_exports(self.split).generate(self.pkg)
    }

    fn compile(&self) -> Result<PathBuf> {
        let package = ["build", "--locked", "--package", &self.name.replace('_', "-"), "--lib"];
        let profile = ["--target", "wasm32-unknown-unknown", "--profile", "wasm-release"];
        let mut command = program("cargo", package.iter().chain(&profile));
        command.arg("--features").arg(self.features.join(","));
        // Paths of this machine belong in no module.
        command.env("CARGO_ENCODED_RUSTFLAGS", flags()?.join("\u{1f}"));
        if self.split {
            // See widget/build.rs.
            command.env("TABIJI_SPLIT", "1");
        }
        quiet(&format!("building the {} (some minutes the first time)", self.folder), command)?;
        let linked = format!("target/wasm32-unknown-unknown/wasm-release/{}.wasm", self.name);
        let mut module = fs::read(&linked).with_context(|| format!("{linked} is missing"))?;
        library_paths::blank(&mut module);
        module.extend(TARGET_FEATURES);
        let linked = PathBuf::from(linked).with_extension("linked.wasm");
        fs::write(&linked, module)?;
        Ok(linked)
    }
}

/// The flags of `.cargo/config.toml`, which these replace, and shorter paths in panic messages. They are the same for
/// every module, so that crates are compiled once.
fn flags() -> Result<Vec<String>> {
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"))?;
    let mut flags = vec!["--cfg".to_owned(), "getrandom_backend=\"wasm_js\"".to_owned()];
    flags.push(format!("--remap-path-prefix={}=.", crate::root().display()));
    flags.push(format!("--remap-path-prefix={home}/registry/src="));
    Ok(flags)
}
