//! Every room names the decision behind it, and the decisions that sources name exist.
//!
//! A room is a crate's root and each folder of modules directly below it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The crates that have rooms.
const SOURCES: [&str; 8] = [
    "protocol/src",
    "journey/src",
    "widget/src",
    "console/src",
    "server/src",
    "server/store/src",
    "server/store-sqlite/src",
    "cli/src",
];
const DECISIONS: &str = "docs/decisions/";

/// Names rooms without a decision, and decisions that are not there.
pub fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for source in SOURCES {
        for room in rooms(Path::new(source))? {
            let text =
                fs::read_to_string(&room).with_context(|| format!("cannot read {}", room.display()))?;
            if !text.contains(DECISIONS) {
                faults.push(format!("{}: names no decision of {DECISIONS}", room.display()));
            }
        }
    }
    for file in super::ours(&["rs", "js", "mjs"])? {
        let text = fs::read_to_string(&file)?;
        let missing = named(&text).filter(|name| !Path::new(name).exists());
        faults.extend(missing.map(|name| format!("{}: names {name}, which is not there", file.display())));
    }
    Ok(faults)
}

/// The files that introduce the rooms of a crate; tests are none.
fn rooms(source: &Path) -> Result<Vec<PathBuf>> {
    let mut rooms = vec![source.join(if source.join("lib.rs").exists() { "lib.rs" } else { "main.rs" })];
    for entry in fs::read_dir(source).with_context(|| format!("cannot read {}", source.display()))? {
        let folder = entry?.path();
        if folder.is_dir() && !folder.ends_with("tests") {
            rooms.push(folder.with_extension("rs"));
        }
    }
    rooms.sort();
    Ok(rooms)
}

/// The decisions that a text names by their paths.
fn named(text: &str) -> impl Iterator<Item = String> {
    text.split(DECISIONS).skip(1).filter_map(|rest| {
        let name = &rest[..rest.find(".md")? + 3];
        let is_name =
            name.starts_with(|first: char| first.is_ascii_digit()) && !name.contains(char::is_whitespace);
        is_name.then(|| format!("{DECISIONS}{name}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_found_by_their_paths() {
        let [known, unknown] = ["0002-fold.md", "0099-none.md"].map(|name| format!("{DECISIONS}{name}"));
        let text = format!("see `{known}`, {DECISIONS} in all, and {unknown}.");
        assert_eq!(named(&text).collect::<Vec<_>>(), [known, unknown]);
    }
}
