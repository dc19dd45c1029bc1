//! `tidy`: the rules of the house that no compiler knows. Each file of this folder has one rule and a
//! function `faults`, which names every place that breaks it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::folder::files;

mod acceptance;
mod circles;
mod commits;
mod decisions;
mod dictionary;
mod documents;
mod folders;
mod imports;
mod licences;
mod modules;
mod npm;
mod queries;
mod size;
mod sources;
mod texts;
mod words;

pub use acceptance::Acceptance;

/// A rule: what it is called, and what finds its faults.
type Rule = (&'static str, fn() -> Result<Vec<String>>);

const RULES: [Rule; 14] = [
    ("imports between crates", imports::faults),
    ("imports between folders", folders::faults),
    ("import circles", circles::faults),
    ("sources", sources::faults),
    ("sizes", size::faults),
    ("words", words::faults),
    ("texts", texts::faults),
    ("documents", documents::faults),
    ("decisions", decisions::faults),
    ("acceptance", acceptance::faults),
    ("data dictionary", dictionary::faults),
    ("queries", queries::faults),
    ("licences", licences::faults),
    ("npm", npm::faults),
];

/// Checks every rule and names every fault at once.
pub fn check() -> Result<()> {
    let mut count = 0;
    let commits: Rule = ("commit subjects", commits::faults);
    for (rule, faults) in RULES.into_iter().chain([commits]) {
        for fault in faults()? {
            println!("{rule}: {fault}");
            count += 1;
        }
    }
    if count > 0 {
        bail!("tidy: {count} faults");
    }
    println!("── tidy: no faults");
    Ok(())
}

/// The folders with Rust sources.
const ROOTS: [&str; 11] = [
    "protocol",
    "journey",
    "texts",
    "search",
    "widget",
    "console",
    "server",
    "cli",
    "demo-site",
    "tests",
    "xtask",
];

/// Every file of ours with one of these endings, in a fixed order; what a build made is left out.
fn ours(endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for root in ROOTS.iter().filter(|root| Path::new(root).exists()) {
        all.extend(files(Path::new(root))?);
    }
    all.retain(|file| {
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        let made = file.components().any(|part| {
            ["pkg", "pkg-split", "pkg-drill", "target"].contains(&&*part.as_os_str().to_string_lossy())
        });
        endings.contains(&&*ending) && !made
    });
    Ok(all)
}

/// Whether a file is a test; tests may be longer.
fn is_test(file: &Path) -> bool {
    file.display().to_string().contains("test")
}

/// Every Markdown page of ours.
fn pages() -> Result<Vec<PathBuf>> {
    let mut pages = files(Path::new("docs"))?;
    for entry in fs::read_dir(".")? {
        pages.push(entry?.path().strip_prefix("./")?.to_owned());
    }
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    Ok(pages)
}
