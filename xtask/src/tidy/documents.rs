//! The documents: those that must be there are, and their links lead somewhere.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const NEEDED: [&str; 7] = [
    "README.md",
    "README.ja.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/glossary.md",
    "docs/data-dictionary.md",
];

/// Names documents and link targets that are missing.
pub fn faults() -> Result<Vec<String>> {
    let missing = NEEDED.iter().filter(|page| !Path::new(page).exists());
    let mut faults: Vec<String> = missing.map(|page| format!("{page} is missing")).collect();
    for page in super::pages()? {
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        let folder = page.parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_file = !target.is_empty() && !target.contains(':');
            if is_file && !folder.join(target).exists() {
                faults.push(format!("{}: links to {target}, which is not there", page.display()));
            }
        }
    }
    Ok(faults)
}
