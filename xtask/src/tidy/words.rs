//! The words to avoid of `docs/glossary.md`, in comments, log lines, pages and texts.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Where the words are no longer used. The list grows until it says "everything".
const CLEAN: [&str; 26] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "cli",
    "console",
    "demo-site",
    "docs/acceptance",
    "docs/accessibility.md",
    "docs/chat.md",
    "docs/clips.md",
    "docs/data-dictionary.md",
    "docs/decisions",
    "docs/embedding.md",
    "docs/flows.md",
    "docs/operations.md",
    "docs/privacy.md",
    "journey",
    "locales/en",
    "protocol",
    "search",
    "server",
    "tests",
    "texts",
    "widget",
    "xtask",
];

/// Files that people read.
const ENDINGS: [&str; 5] = [".rs", ".js", ".mjs", ".md", ".json"];

/// A row of the glossary's table.
struct Avoided {
    word: String,
    instead: String,
    except: Vec<String>,
}

/// Names lines with a word to avoid.
pub fn faults() -> Result<Vec<String>> {
    let avoided = avoided(&fs::read_to_string("docs/glossary.md").context("docs/glossary.md")?);
    let mut faults = Vec::new();
    for place in CLEAN.iter().filter(|place| Path::new(place).exists()) {
        for file in crate::folder::files(Path::new(place))? {
            let name = file.display().to_string();
            let is_text = ENDINGS.iter().any(|ending| name.ends_with(ending));
            // This file is about words.
            if is_text && !name.ends_with("tidy/words.rs") {
                faults.extend(in_text(&name, &fs::read_to_string(&file)?, &avoided));
            }
        }
    }
    Ok(faults)
}

fn avoided(glossary: &str) -> Vec<Avoided> {
    let table = glossary.split("## Words to avoid").nth(1).unwrap_or_default();
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows = table.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, word, instead, except, _] = cells[..] else { return None };
        Some(Avoided { word: quoted(word).pop()?, instead: instead.to_owned(), except: quoted(except) })
    });
    rows.collect()
}

fn in_text(name: &str, text: &str, avoided: &[Avoided]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut in_code = false;
    for (at, line) in text.lines().enumerate() {
        in_code ^= name.ends_with(".md") && line.starts_with("```");
        let prose = if in_code { String::new() } else { prose(name, line).to_lowercase() };
        for Avoided { word, instead, except } in avoided {
            let plain = except.iter().fold(prose.clone(), |prose, fine| prose.replace(fine.as_str(), ""));
            if has_word(&plain, word) {
                faults.push(format!("{name}:{}: \"{word}\": say {instead}", at + 1));
            }
        }
    }
    faults
}

/// The part of a line that people read as a sentence.
fn prose(name: &str, line: &str) -> String {
    if name.ends_with(".md") {
        // Inline code and the targets of links are names.
        let text = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        return text.split("](").enumerate().fold(String::new(), |all, (n, part)| {
            all + " " + if n == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) }
        });
    }
    if name.ends_with(".json") {
        return line.split_once("\": ").map_or(line, |(_, text)| text).to_owned();
    }
    let log = ["tracing::", "println!", "bail!", "context("].iter().any(|call| line.contains(call));
    let comment = line.find("//").map_or("", |start| &line[start..]);
    let said =
        if log { line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ") } else { String::new() };
    comment.split('`').step_by(2).collect::<Vec<_>>().join(" ") + " " + &said
}

fn has_word(prose: &str, word: &str) -> bool {
    prose.match_indices(word).any(|(at, _)| {
        let before = prose[..at].chars().next_back();
        let after = prose[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARY: &str = "# Glossary\n## Words to avoid\n\n| not | say | except |\n| --- | --- | --- |\n\
        | `no more` | no longer | `no more than` |\n| `parcel` | segment | |\n";

    fn found(name: &str, text: &str) -> usize {
        in_text(name, text, &avoided(GLOSSARY)).len()
    }

    #[test]
    fn words_are_found_where_people_read() {
        assert_eq!(found("a.rs", "// A parcel is\nlet parcel = 1;\ntracing::warn!(\"parcel lost\");"), 2);
        assert_eq!(found("a.md", "It is no more.\nA `parcel`.\n```\nparcel\n```\nParcels."), 1);
        assert_eq!(found("a.json", "  \"parcel\": \"Parcel\","), 1);
    }

    #[test]
    fn exceptions_are_fine() {
        assert_eq!(found("a.md", "It is no more than a page."), 0);
    }
}
