//! The documents: those that must be there are, their links lead somewhere, and the paths that
//! ARCHITECTURE.md names exist.

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
    faults.extend(missing_paths(&fs::read_to_string("ARCHITECTURE.md").unwrap_or_default()));
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

/// Names paths between backticks that do not exist. A path has a slash inside and begins in a folder of the tree.
fn missing_paths(text: &str) -> Vec<String> {
    let is_path = |name: &&str| name.contains('/') && !name.contains(' ') && !name.starts_with('/');
    let names = text.split('`').skip(1).step_by(2).filter(is_path);
    let in_tree = |name: &&str| name.split('/').next().is_some_and(|first| Path::new(first).is_dir());
    let missing = names.filter(in_tree).filter(|name| !Path::new(name).exists());
    missing.map(|name| format!("ARCHITECTURE.md: names {name}, which is not there")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_moved_are_named() {
        // Tests run in the folder of this crate.
        let text = "`src/main.rs`, `src/gone.rs`, `POST /v1/clips`, `faq/`, `apply` and `src/tidy/`";
        assert_eq!(missing_paths(text), ["ARCHITECTURE.md: names src/gone.rs, which is not there"]);
    }
}
