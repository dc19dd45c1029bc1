//! `test`: everything that CI does, cheapest first.

use std::thread;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use crate::process::{program, shown};
use crate::wasm_opt::Size;
use crate::{assets, size, supply, tidy, toolchain};

/// Which parts.
#[derive(Args)]
pub struct Test {
    /// Leave out what needs a browser
    #[arg(long)]
    no_browser: bool,
    /// Run the journeys so many times: what fails now and then shows
    #[arg(long, value_name = "N", default_value_t = 1)]
    repeat: u32,
}

/// The browser programs, which are built for another machine than the rest.
const BROWSER: [&str; 4] = ["--package", "tabiji-widget", "--package", "tabiji-console"];

/// Runs tests; one that fails stops no other.
const NEXTEST: [&str; 4] = ["nextest", "run", "--locked", "--no-fail-fast"];

impl Test {
    /// Runs every part, whatever becomes of the others, and says at the end which failed.
    pub fn run(self) -> Result<()> {
        toolchain::for_assets()?;
        toolchain::nextest()?;
        if !self.no_browser {
            toolchain::browsers()?;
            toolchain::languages()?;
            toolchain::proxies()?;
            toolchain::schemathesis()?;
        }
        let mut failures = Failures::default();
        failures.note(shown("fmt", program("cargo", ["fmt", "--all", "--check"])));
        failures.note(tidy::check());
        failures.note(supply::check().map(|_| ()));
        thread::scope(|scope| {
            // Linking a module keeps one core busy, so the other one lints and builds meanwhile.
            let assets = scope.spawn(|| assets::build(Size::Small));
            lint(&mut failures);
            // The tests are named although nothing runs them yet: with them, crates are built with the very features
            // that they need below, once instead of twice. A library among them stands in for a disk.
            let programs = ["build", "--locked", "--lib", "--bins", "--tests"];
            let built = shown("building the programs", program("cargo", programs));
            // Nothing of what follows can run without either.
            assets.join().unwrap_or_else(|_| Err(anyhow!("the build of the assets panicked"))).and(built)
        })?;
        failures.note(size::check());
        let unit = ["--filterset", "not package(tabiji-tests)"];
        failures.note(shown("unit tests", program("cargo", NEXTEST.iter().chain(&unit))));
        // No default member, so that a plain `cargo build` does not build it for the host.
        let console = ["--package", "tabiji-console"];
        failures.note(shown("unit tests of the console", program("cargo", NEXTEST.iter().chain(&console))));
        failures.note(shown("lint and format of scripts", program("biome", ["check"])));
        failures.note(shown("doc tests", program("cargo", ["test", "--doc", "--locked", "--no-fail-fast"])));
        if !self.no_browser {
            failures.note(whole_widget());
            assets::build_drill()?;
            // Browsers share two cores, and wait for much that is not computed, so a few run at once.
            let journeys = ["--filterset", "package(tabiji-tests)", "--test-threads", "3"];
            for n in 1..=self.repeat {
                let what = format!("journeys in browsers, {n} of {}", self.repeat);
                failures.note(shown(&what, program("cargo", NEXTEST.iter().chain(&journeys))));
            }
        }
        failures.end()
    }
}

fn lint(failures: &mut Failures) {
    let deny = ["--", "--deny", "warnings"];
    let host = ["clippy", "--locked", "--all-targets"];
    failures.note(shown("clippy (host)", program("cargo", host.iter().chain(&deny))));
    let wasm = ["clippy", "--locked", "--target", "wasm32-unknown-unknown", "--all-targets"];
    let wasm = wasm.iter().chain(&BROWSER).chain(&deny);
    failures.note(shown("clippy (wasm32)", program("cargo", wasm)));
}

/// What failed so far.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn note(&mut self, outcome: Result<()>) {
        if let Err(error) = outcome {
            println!("── {error:#}");
            self.0.push(format!("{error:#}"));
        }
    }

    fn end(self) -> Result<()> {
        if self.0.is_empty() {
            println!("── everything passed");
            return Ok(());
        }
        bail!("{} of the checks above failed:\n  {}", self.0.len(), self.0.join("\n  "));
    }
}

/// The widget in one piece, as people build it who have no need of this program; its tests run inside a browser.
fn whole_widget() -> Result<()> {
    toolchain::wasm_pack()?;
    let out = crate::root().join("target/wasm-pack").display().to_string();
    // As large as it may be: that it can be built is what counts here, and its tests use the same crates.
    let build = ["build", "widget", "--dev", "--target", "web", "--no-typescript", "--out-dir", &out];
    shown("wasm-pack build", program("wasm-pack", build))?;
    let driver = ["--chromedriver", "/usr/bin/chromedriver"];
    let test = ["test", "--headless", "--chrome"].iter().chain(&driver).chain(&["widget", "--lib"]);
    shown("wasm-pack test", program("wasm-pack", test))
}
