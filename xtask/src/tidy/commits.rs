//! Commit subjects: `area: Imperative sentence`, at most sixty characters, one clause, no full stop.

use anyhow::Result;

use crate::process::program;

/// The rule holds for commits after this one; the history before it stays as it is.
const BASE: &str = "aaae655a3e62c36476aa734384e0d49c2d2c0703";
/// Characters of a subject.
const LENGTH: usize = 60;
/// First words that end like another form of a verb, and are imperatives.
const IMPERATIVES: [&str; 10] =
    ["bring", "embed", "exceed", "feed", "need", "proceed", "seed", "shed", "speed", "string"];

/// Names commits whose subject is not in the form of CONTRIBUTING.md. Without the base (a shallow clone)
/// the newest commit is checked, and without git none.
pub fn faults() -> Result<Vec<String>> {
    let known = program("git", ["cat-file", "-e", &format!("{BASE}^{{commit}}")]).output();
    let which = match known {
        Ok(output) if output.status.success() => vec![format!("{BASE}..HEAD")],
        Ok(_) => vec!["-n1".to_owned(), "HEAD".to_owned()],
        Err(_) => return Ok(Vec::new()),
    };
    let log = ["log", "--no-merges", "--format=%h %s"].map(str::to_owned);
    let log = program("git", log.into_iter().chain(which)).output()?;
    let log = String::from_utf8_lossy(&log.stdout);
    let subjects = log.lines().filter_map(|line| line.split_once(' '));
    Ok(subjects
        .filter_map(|(hash, subject)| Some(format!("{hash}: {}: {subject}", wrong(subject)?)))
        .collect())
}

/// What is wrong with a subject.
fn wrong(subject: &str) -> Option<&'static str> {
    let Some((area, sentence)) = subject.split_once(": ") else { return Some("has no area before a colon") };
    let verb = sentence.split(' ').next().unwrap_or_default();
    let is_other_form = ["ed", "ing"].iter().any(|end| verb.ends_with(end))
        && !IMPERATIVES.contains(&verb.to_lowercase().as_str());
    if area.chars().any(char::is_whitespace) || area.chars().any(char::is_uppercase) {
        Some("the area is one word in small letters")
    } else if !verb.starts_with(char::is_uppercase) || is_other_form {
        Some("the sentence does not begin with a verb such as Add")
    } else if subject.chars().count() > LENGTH {
        Some("longer than 60 characters")
    } else if subject.ends_with('.') || sentence.contains(';') {
        Some("more than one clause, or a full stop")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_held_to_their_form() {
        assert_eq!(wrong("docs: Add a glossary with one word for each thing"), None);
        assert_eq!(wrong("store-sqlite: Embed migrations"), None);
        for bad in [
            "Mended from a reading",
            "Inbox: Add a search",
            "docs: added a glossary",
            "docs: Added a glossary",
            "docs: Add a glossary.",
            "docs: Add a glossary; mend the lists",
            "docs: Add a glossary with one word for each of the many things there are",
        ] {
            assert!(wrong(bad).is_some(), "{bad}");
        }
    }
}
