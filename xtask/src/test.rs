//! `test`: everything that CI does, cheapest first.

use anyhow::Result;
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
}

/// The browser programs, which are built for another machine than the rest.
const BROWSER: [&str; 4] = ["--package", "tabiji-widget", "--package", "tabiji-console"];

impl Test {
    /// Runs every part; stops at the first that fails.
    pub fn run(self) -> Result<()> {
        shown("fmt", program("cargo", ["fmt", "--all", "--check"]))?;
        tidy::check()?;
        supply::check()?;
        toolchain::for_assets()?;
        toolchain::nextest()?;
        if !self.no_browser {
            toolchain::browsers()?;
            toolchain::languages()?;
            toolchain::proxies()?;
        }
        let deny = ["--", "--deny", "warnings"];
        let host = ["clippy", "--locked", "--all-targets"];
        shown("clippy (host)", program("cargo", host.iter().chain(&deny)))?;
        let wasm = ["clippy", "--locked", "--target", "wasm32-unknown-unknown", "--all-targets"];
        shown("clippy (wasm32)", program("cargo", wasm.iter().chain(&BROWSER).chain(&deny)))?;
        assets::build(Size::Small)?;
        size::check()?;
        // The tests are named although nothing runs them yet: with them, crates are built with the
        // very features that they need below, once instead of twice.
        // A library among them stands in for a disk.
        let programs = ["build", "--locked", "--lib", "--bins", "--tests"];
        shown("building the programs", program("cargo", programs))?;
        let unit = ["nextest", "run", "--locked", "--filterset", "not package(tabiji-tests)"];
        shown("unit tests", program("cargo", unit))?;
        // No default member, so that a plain `cargo build` does not build it for the host.
        let console = ["nextest", "run", "--locked", "--package", "tabiji-console"];
        shown("unit tests of the console", program("cargo", console))?;
        shown("lint and format of scripts", program("biome", ["check"]))?;
        shown("doc tests", program("cargo", ["test", "--doc", "--locked"]))?;
        if self.no_browser {
            return Ok(());
        }
        whole_widget()?;
        assets::build_drill()?;
        // Browsers share two cores, so few run at once.
        let journeys =
            ["nextest", "run", "--locked", "--filterset", "package(tabiji-tests)", "--test-threads", "2"];
        shown("journeys in browsers", program("cargo", journeys))
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
