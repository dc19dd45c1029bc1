//! The acceptance statements of `docs/acceptance/` and the tests that show them. A test carries the ids
//! of its statements at the beginning of its name, such as `g1_g2_keys_open_and_close`;
//! `docs/acceptance.md` is made from both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail};
use clap::Args;

const INDEX: &str = "docs/acceptance.md";
/// The pages of statements, in the order of the index.
const PAGES: [&str; 7] = ["guidance", "telemetry", "chat", "video", "trust", "customer-success", "scale"];

/// Makes the index of statements and tests.
#[derive(Args)]
pub struct Acceptance {
    /// Write docs/acceptance.md; without it the page is printed
    #[arg(long)]
    write: bool,
}

impl Acceptance {
    /// Prints or writes the index.
    pub fn run(self) -> Result<()> {
        let (index, unknown) = index()?;
        if !unknown.is_empty() {
            bail!("{}", unknown.join("\n"));
        }
        match self.write {
            true => fs::write(INDEX, index).context(INDEX)?,
            false => print!("{index}"),
        }
        Ok(())
    }
}

/// Names tests with an id that no statement has, and an index that is out of date.
pub fn faults() -> Result<Vec<String>> {
    let (index, mut faults) = index()?;
    if fs::read_to_string(INDEX).unwrap_or_default() != index {
        faults.push(format!("{INDEX}: is out of date; run `cargo xtask acceptance --write`"));
    }
    Ok(faults)
}

struct Page {
    title: String,
    statements: Vec<(String, String)>,
}

type Tests = BTreeMap<String, BTreeSet<String>>;

/// The index, and the tests whose ids no statement has.
fn index() -> Result<(String, Vec<String>)> {
    let pages = PAGES.map(|name| {
        let file = format!("docs/acceptance/{name}.md");
        Ok(page(&fs::read_to_string(&file).context(file)?))
    });
    let pages = pages.into_iter().collect::<Result<Vec<_>>>()?;
    let known: BTreeSet<&str> =
        pages.iter().flat_map(|page| page.statements.iter().map(|(id, _)| id.as_str())).collect();
    let mut tests = Tests::new();
    for file in super::ours(&["rs", "mjs"])? {
        for name in test_names(&fs::read_to_string(&file)?) {
            for id in ids(&name, &known) {
                tests.entry(id).or_default().insert(name.clone());
            }
        }
    }
    let unknown = tests.iter().filter(|(id, _)| !known.contains(id.as_str()));
    let unknown = unknown.map(|(id, names)| format!("{names:?}: no statement has the id {id}")).collect();
    Ok((render(&pages, &tests)?, unknown))
}

fn page(text: &str) -> Page {
    let statement = |line: &str| {
        let (id, sentence) = line.strip_prefix("- **")?.split_once("** ")?;
        Some((id.to_owned(), sentence.to_owned()))
    };
    Page {
        title: text.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned(),
        statements: text.lines().filter_map(statement).collect(),
    }
}

/// The names of the tests in a file: functions in Rust, first arguments of `test` in a script.
fn test_names(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let names = lines.iter().enumerate().filter_map(|(at, line)| {
        let rest = line.trim_start_matches("async ").strip_prefix("fn ")?;
        let attributes =
            lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let is_test = attributes.into_iter().any(|line| line.starts_with("#[") && line.contains("test"));
        is_test.then(|| rest.split(['(', '<']).next().unwrap_or_default().to_owned())
    });
    let titles = lines.iter().filter_map(|line| line.strip_prefix("test('")?.split('\'').next());
    names.chain(titles.map(str::to_owned)).collect()
}

/// The ids at the beginning of a name. Only letters that some statement has make an id.
fn ids(name: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let letters: BTreeSet<char> = known.iter().filter_map(|id| id.chars().next()).collect();
    let ids = name.split(['_', ' ', ':']).map(str::to_uppercase).take_while(|part| {
        let digits = part.trim_start_matches(|first: char| letters.contains(&first));
        digits.len() + 1 == part.len()
            && digits.chars().all(|sign| sign.is_ascii_digit())
            && !digits.is_empty()
    });
    ids.collect()
}

fn render(pages: &[Page], tests: &Tests) -> Result<String> {
    let mut text = String::from(
        "# Acceptance\n\n<!-- Made by `cargo xtask acceptance --write`; edit docs/acceptance/ instead. -->\n\n\
         What Tabiji has to do, one statement each, and the tests that show it. `cargo nextest run NAME` runs one. \
         A statement without a test is not shown by an automatic test that carries its id.\n\n\
         | page | statements | with a test |\n| --- | --- | --- |\n",
    );
    for (page, name) in pages.iter().zip(PAGES) {
        let shown = page.statements.iter().filter(|(id, _)| tests.contains_key(id)).count();
        writeln!(text, "| [{}](acceptance/{name}.md) | {} | {shown} |", page.title, page.statements.len())?;
    }
    for page in pages {
        writeln!(text, "\n## {}\n\n| id | statement | tests |\n| --- | --- | --- |", page.title)?;
        for (id, sentence) in &page.statements {
            let names = tests.get(id).into_iter().flatten().map(|name| format!("`{name}`"));
            let names = names.collect::<Vec<_>>().join("<br>");
            let names = if names.is_empty() { "none" } else { &names };
            writeln!(text, "| {id} | {} | {names} |", sentence.replace('|', "\\|"))?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_at_the_beginning_of_a_name() {
        let known = BTreeSet::from(["G1", "G2", "C12"]);
        assert_eq!(ids("g1_g2_keys_open", &known), ["G1", "G2"]);
        assert_eq!(ids("c99_is_no_statement", &known), ["C99"]);
        assert!(ids("h264_plays", &known).is_empty());
        assert!(ids("gzip_is_read", &known).is_empty());
    }

    #[test]
    fn names_are_those_of_tests() {
        let text =
            "#[tokio::test]\n#[ignore]\nasync fn g1_a() {\n}\nfn g2_b() {}\n/// Doc.\n#[test]\nfn c_d() {}\n";
        assert_eq!(test_names(text), ["g1_a", "c_d"]);
    }
}
