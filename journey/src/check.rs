//! Reading a flow file and saying precisely what is wrong with it.
//!
//! [`read`] gives either a flow or a list of problems, each with its place in the file, a stable
//! tag and what to do. Problems that only lower quality are warnings: the flow can be published.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use protocol::Flow;

mod asks;
mod clips;
mod place;
mod rules;
mod stops;

use place::Places;
use rules::Findings;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The flow cannot be published.
    Error,
    /// It can, but somebody will notice.
    Warning,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable tag, such as `duplicate-step`.
    pub tag: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Bytes of the file it is about.
    pub span: Range<usize>,
}

/// A flow with what could be better about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The flow; its version is 0 until it is published.
    pub flow: Flow,
    /// Warnings only.
    pub warnings: Vec<Problem>,
}

/// Reads the text of a flow file.
///
/// # Errors
/// All problems found, errors and warnings, in the order of the file.
pub fn read(text: &str) -> Result<Checked, Vec<Problem>> {
    if let Some(offset) = too_deep(text) {
        let help = "conditions nest at most a few levels: take the inner ones apart".to_owned();
        let message = format!("nested more than {DEEPEST} levels");
        let span = offset..offset + 1;
        return Err(vec![Problem { severity: Severity::Error, tag: "too-deep", message, help, span }]);
    }
    let flow: Flow = toml::from_str(text).map_err(|error| vec![unreadable(&error)])?;
    let places = Places::of(text);
    let mut problems = rules::problems(&flow, &places);
    problems.sort_by_key(|problem| problem.span.start);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    Ok(Checked { flow, warnings: problems })
}

/// What the shelf of a flow lacks in the folder with its films: `files` are the names of what is there, as
/// `ID.mp4` and `ID.LANGUAGE.vtt`.
pub fn shelf(text: &str, flow: &Flow, files: &BTreeSet<String>) -> Vec<Problem> {
    let places = Places::of(text);
    let mut found = Findings::new(flow, &places);
    found.films(files);
    found.problems
}

/// How deep brackets or dotted keys may go; what is deeper cannot be stored and read again.
const DEEPEST: usize = 16;

/// The first place that is nested too deeply. Quotes are not looked into: a text with so many
/// brackets or dots in a row is no text.
fn too_deep(text: &str) -> Option<usize> {
    let (mut brackets, mut dots) = (0usize, 0usize);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => brackets += 1,
            b']' | b'}' => brackets = brackets.saturating_sub(1),
            b'.' => dots += 1,
            b'\n' | b'=' | b',' | b' ' => dots = 0,
            _ => {}
        }
        if brackets > DEEPEST || dots > DEEPEST {
            return Some(offset);
        }
    }
    None
}

fn unreadable(error: &toml::de::Error) -> Problem {
    let message = error.message().to_owned();
    let (tag, help) = if message.contains("unknown field") {
        ("unknown-field", "correct the spelling; `tabiji schema` lists every field for your editor")
    } else if message.contains("missing field") {
        ("missing-field", "add it; docs/flows.md shows a complete flow")
    } else if message.contains("condition needs")
        || message.contains(" go with ")
        || message.contains(" goes with ")
    {
        (
            "bad-condition",
            "write one form per condition, for example done = { fact = \"users\", at_least = 5 }",
        )
    } else {
        ("bad-toml", "correct the line; values in quotes, lists in [ ], texts as { ja = \"…\", en = \"…\" }")
    };
    Problem {
        severity: Severity::Error,
        tag,
        message,
        help: help.to_owned(),
        span: error.span().unwrap_or(0..0),
    }
}

/// A problem laid out for a terminal: place, excerpt with a mark under it, and what to do.
pub struct Shown<'a> {
    /// The file's name as the person gave it.
    pub file: &'a str,
    /// The file's text.
    pub text: &'a str,
    /// The problem.
    pub problem: &'a Problem,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, text, problem } = self;
        let (line, column) = position(text, problem.span.start);
        let word = if problem.severity == Severity::Error { "error" } else { "warning" };
        let excerpt = text.lines().nth(line - 1).unwrap_or_default();
        let margin = line.to_string().len();
        let first_line =
            text.get(problem.span.clone()).and_then(|span| span.lines().next()).unwrap_or_default();
        let marks = "^".repeat(first_line.chars().count().max(1));
        let message = problem.message.replace('\n', "; ");
        writeln!(f, "{word}[{}]: {message}", problem.tag)?;
        writeln!(f, "{:margin$}--> {file}:{line}:{column}", "")?;
        writeln!(f, "{line} | {excerpt}")?;
        writeln!(f, "{:margin$} | {:pad$}{marks}", "", "", pad = column - 1)?;
        writeln!(f, "{:margin$} = {}", "", problem.help)
    }
}

/// Line and column, both from 1; the column counts characters.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests;
