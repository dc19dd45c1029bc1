//! Builds, checks, measures and shows the project: plain Rust, no shell scripts.
//!
//! `demo` shows everything running, `test` does all that CI does, `dist` makes what is shipped, `size`
//! holds the browser's bytes to their budgets, `bench` measures, `tidy` checks the rules that no compiler knows.
#![expect(clippy::print_stdout, reason = "a command line speaks on standard output")]

mod assets;
mod bench;
mod compress;
mod demo;
mod dist;
mod folder;
mod fuzz;
mod library_paths;
mod locales;
mod minify_names;
mod module;
mod process;
mod progress;
mod sbom;
mod schemathesis;
mod size;
mod split;
mod supply;
mod test;
mod tidy;
mod toolchain;
mod videos;
mod wasm_opt;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::wasm_opt::Size;

/// Builds, checks, measures and shows Tabiji.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start the collector with the demo site; Ctrl-C stops both
    Demo(demo::Demo),
    /// Do everything that CI does
    Test(test::Test),
    /// Make `dist/`: the release binary with all web assets in it, and the widget's files for a CDN
    Dist(dist::Dist),
    /// Record the demo's how-to clips from its real pages
    Videos(videos::Videos),
    /// Build the widget that `tests/tests/crashes.rs` needs, beside the assets
    Drill,
    /// Build what browsers download, as large as it may be: quick, for trying out what is being written
    Assets,
    /// Measure what browsers download against the budgets
    Size,
    /// Measure how fast the collector is and what the widget costs a page
    Bench(bench::Bench),
    /// Try every parser with what can be made of its corpus
    Fuzz(fuzz::Fuzz),
    /// Try the HTTP interface with twenty thousand requests that its document suggests
    Schemathesis(schemathesis::Schemathesis),
    /// Check layout, imports, sizes, words and documents
    Tidy,
    /// Print or write the list of acceptance statements and their tests
    Acceptance(tidy::Acceptance),
}

fn main() -> Result<()> {
    std::env::set_current_dir(root())?;
    match Xtask::parse().command {
        Command::Demo(demo) => demo.run(),
        Command::Test(test) => test.run(),
        Command::Dist(dist) => dist.run(),
        Command::Videos(videos) => videos.record(),
        Command::Drill => {
            assets::build(Size::Any)?;
            assets::build_drill()
        }
        Command::Assets => assets::build(Size::Any),
        Command::Size => {
            assets::build(Size::Small)?;
            size::check()
        }
        Command::Bench(bench) => bench.run(),
        Command::Fuzz(fuzz) => fuzz.run(),
        Command::Schemathesis(schemathesis) => schemathesis.run(),
        Command::Tidy => tidy::check(),
        Command::Acceptance(acceptance) => acceptance.run(),
    }
}

/// The folder with the workspace in it.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}
