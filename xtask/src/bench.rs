//! `bench`: what the collector and the page reach, as they are shipped.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::process::{program, quiet, shown};
use crate::wasm_opt::Size;
use crate::{assets, toolchain};

/// What to measure.
#[derive(Args)]
pub struct Bench {
    /// One of them; all when left out
    #[arg(value_enum)]
    which: Option<Which>,
    /// How long each load lasts
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many accounts the load comes from
    #[arg(long, default_value_t = 100_000)]
    accounts: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Events a second, waits, processor time and memory of the collector
    Collector,
    /// Idle sockets, messages to the other side, and a restart
    Chat,
    /// What strangers can do to another site's answers
    Strangers,
    /// What the widget costs a page: main thread, long tasks, layout shift
    Page,
}

impl Bench {
    /// Builds what is shipped and measures it.
    pub fn run(self) -> Result<()> {
        assets::build(Size::Small)?;
        let build = ["build", "--release", "--locked", "--package", "tabiji", "--package", "demo-site"];
        quiet("building the programs as they are shipped", program("cargo", build))?;
        let bench =
            ["bench", "--quiet", "--locked", "--profile", "release", "--package", "tabiji-tests", "--bench"];
        quiet("building the benches", program("cargo", bench[..7].iter().chain(&["--benches", "--no-run"])))?;
        let wanted = |which| self.which.is_none_or(|only| only == which);
        if wanted(Which::Collector) {
            let (seconds, accounts) = (self.seconds.to_string(), self.accounts.to_string());
            let how = ["collector", "--", "--seconds", &seconds, "--accounts", &accounts];
            // The load on one core; the collector is given the other.
            let mut command = program("taskset", ["-c", "1", "cargo"].iter().chain(&bench).chain(&how));
            command.env("TABIJI_PROFILE", "release");
            shown("the collector", command)?;
        }
        if wanted(Which::Chat) {
            let mut command = program("cargo", bench.iter().chain(&["chat"]));
            command.env("TABIJI_PROFILE", "release");
            shown("the chat", command)?;
        }
        if wanted(Which::Strangers) {
            let mut command = program("cargo", bench.iter().chain(&["strangers"]));
            command.env("TABIJI_PROFILE", "release");
            shown("strangers", command)?;
        }
        if wanted(Which::Page) {
            toolchain::chromium()?;
            let mut command = program("cargo", bench.iter().chain(&["page"]));
            command.env("TABIJI_PROFILE", "release");
            shown("the page", command)?;
        }
        Ok(())
    }
}
