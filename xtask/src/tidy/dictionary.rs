//! The data dictionary names every kind of event and every field that a browser sends, as the protocol
//! declares them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::folder::files;

const PAGE: &str = "docs/data-dictionary.md";

/// Names kinds and fields that the page does not have, and those that only the page has.
pub fn faults() -> Result<Vec<String>> {
    let page = fs::read_to_string(PAGE).with_context(|| PAGE)?;
    let mut protocol = String::new();
    for file in files(Path::new("protocol/src"))? {
        protocol.push_str(&fs::read_to_string(file)?);
    }
    let declared = event_kinds(&protocol);
    let described = rows(&page, "## Event kinds");
    let mut faults = compare("event kind", &declared, &described);
    for (heading, section) in sections(&page) {
        match fields(&protocol, heading) {
            Some(fields) => faults.extend(compare(heading, &fields, &rows(section, ""))),
            None => faults.push(format!("{PAGE}: the protocol has no struct {heading}")),
        }
    }
    Ok(faults)
}

fn compare(what: &str, declared: &[String], described: &[String]) -> Vec<String> {
    let missing = declared.iter().filter(|name| !described.contains(name));
    let unknown = described.iter().filter(|name| !declared.contains(name));
    missing
        .map(|name| format!("{PAGE}: {what}: {name} is missing"))
        .chain(unknown.map(|name| format!("{PAGE}: {what}: {name} is not in the protocol")))
        .collect()
}

/// The names in `kinds! { … }`.
fn event_kinds(protocol: &str) -> Vec<String> {
    let Some(block) = protocol.split("\nkinds! {").nth(1) else { return Vec::new() };
    let block = block.split("\n}").next().unwrap_or_default();
    block.lines().filter_map(|line| Some(line.split_once(" = \"")?.1.split('"').next()?.to_owned())).collect()
}

/// The names of a struct's fields on the wire.
fn fields(protocol: &str, name: &str) -> Option<Vec<String>> {
    let starts = [format!("pub struct {name} {{"), format!("pub struct {name}<")];
    let block = starts.iter().find_map(|start| protocol.split(start.as_str()).nth(1))?;
    let block = block.split("\n}").next()?;
    let mut fields = Vec::new();
    let mut renamed = None;
    for line in block.lines().map(str::trim) {
        if line.starts_with("#[serde(") {
            renamed = line.split_once("rename = \"").and_then(|(_, rest)| rest.split('"').next());
            renamed = renamed.or(line.contains("flatten").then_some(""));
        } else if let Some((field, _)) = line.strip_prefix("pub ").and_then(|line| line.split_once(':')) {
            let name = renamed.take().unwrap_or(field);
            // A flattened struct has a section of its own.
            if !name.is_empty() {
                fields.push(name.trim_start_matches("r#").to_owned());
            }
        }
    }
    Some(fields)
}

/// Sections whose heading is a struct of the protocol: "### `Batch`".
fn sections(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split("\n### `").skip(1).filter_map(|section| {
        let (heading, rest) = section.split_once('`')?;
        Some((heading, rest.split("\n## ").next()?))
    })
}

/// The first cell of each row of the table below a heading.
fn rows(page: &str, heading: &str) -> Vec<String> {
    let section = if heading.is_empty() { page } else { page.split(heading).nth(1).unwrap_or_default() };
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_with_their_names_on_the_wire() {
        let protocol = "pub struct A {\n    /// One.\n    pub a: u8,\n    #[serde(default, rename = \"x\")]\n    pub b: u8,\n    #[serde(flatten)]\n    pub c: C,\n}\n";
        assert_eq!(fields(protocol, "A"), Some(vec!["a".to_owned(), "x".to_owned()]));
        assert_eq!(fields(protocol, "B"), None);
    }

    #[test]
    fn kinds_are_read_from_their_list() {
        assert_eq!(event_kinds("macro\nkinds! {\n    /// Doc.\n    A = \"a.b\",\n}\n"), ["a.b"]);
    }
}
