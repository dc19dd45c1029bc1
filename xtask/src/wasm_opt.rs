//! `wasm-opt` as every module gets it.

use std::path::Path;
use std::process::Command;

use crate::process::program;

/// Whether a module is made small, which takes most of the time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As it is shipped and measured.
    Small,
    /// As large as it may be: to look at, and to run tests against while something is written.
    Any,
}

/// What makes a module small. Restructured control flow (`--flatten --rereloop`) and a second `-Oz` take half a
/// percent off. Inlining a little more than `-Oz` costs a few hundred bytes and saves a third of the functions, and
/// browsers compile each function at its first call.
const SMALL: [&str; 10] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    // Who made it and for which engine is of no use to a browser.
    "--strip-producers",
    "--strip-target-features",
    "--converge",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=30",
    "--always-inline-max-function-size=6",
];
/// What a module may use; all of it is in every browser that the scripts are built for.
pub const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Makes a module small, in its place.
pub fn shrink(file: &Path) -> Command {
    run(file, &SMALL)
}

/// Runs passes over a module, in its place.
pub fn run(file: &Path, passes: &[&str]) -> Command {
    let file = file.display().to_string();
    let files = [file.as_str(), "--output", file.as_str()];
    program("wasm-opt", passes.iter().chain(&FEATURES).chain(&files))
}
