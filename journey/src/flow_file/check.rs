//! Checks a flow file.
//!
//! [`read`] returns either a flow or a list of problems, each with its position in the file, a stable tag and what
//! to do. Problems that only lower quality are warnings: the flow can be published.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use protocol::files::Flow;

mod circles;
mod clips;
mod findings;
mod finish;
mod forms;
mod grammar;
mod positions;
mod selectors;
mod stops;

use findings::Findings;
use positions::Places;

/// The severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The flow cannot be published.
    Error,
    /// The flow can be published, but people will notice.
    Warning,
}

/// A problem of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its severity.
    pub severity: Severity,
    /// A stable tag, such as `duplicate-step`.
    pub tag: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The bytes of the file that it is about.
    pub span: Range<usize>,
}

/// A valid flow with its warnings.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The flow; its version is 0 until it is published.
    pub flow: Flow,
    /// Warnings only.
    pub warnings: Vec<Problem>,
}

/// The largest flow file, in bytes: some five hundred steps in two languages.
const MAX_BYTES: usize = 128 * 1024;
/// The most problems of one reading: who has more begins with these.
const MAX_PROBLEMS: usize = 100;

/// Reads the text of a flow file. What that takes is bounded by the text's length, whatever is in it.
///
/// # Errors
/// The problems found, errors and warnings, in the order of the file; of very many the first.
pub fn read(text: &str) -> Result<Checked, Vec<Problem>> {
    if text.len() > MAX_BYTES {
        let help = "take steps out: nobody follows a set-up of this length".to_owned();
        let message =
            format!("{} KiB are more than the {} that are read", text.len() / 1024, MAX_BYTES / 1024);
        return Err(vec![Problem { severity: Severity::Error, tag: "too-large", message, help, span: 0..0 }]);
    }
    if let Some(offset) = too_deep(text) {
        let help = "conditions nest at most a few levels: take the inner ones apart".to_owned();
        let message = format!("nested more than {DEEPEST} levels");
        let span = offset..offset + 1;
        return Err(vec![Problem { severity: Severity::Error, tag: "too-deep", message, help, span }]);
    }
    let mut problems = grammar::problems(text);
    if !problems.is_empty() {
        problems.sort_by_key(|problem| problem.span.start);
        return Err(problems);
    }
    let flow: Flow = toml::from_str(text).map_err(|error| vec![unreadable(&error)])?;
    let places = Places::of(text);
    let mut problems = findings::problems(&flow, &places);
    problems.sort_by_key(|problem| problem.span.start);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    Ok(Checked { flow, warnings: problems })
}

/// Returns what the flow's clip library lacks in the folder of its videos. `files` are the folder's file names,
/// such as `ID.mp4` and `ID.LANGUAGE.vtt`.
pub fn shelf(text: &str, flow: &Flow, files: &BTreeSet<String>) -> Vec<Problem> {
    let places = Places::of(text);
    let mut found = Findings::new(flow, &places);
    found.films(files);
    found.problems
}

/// The deepest nesting of brackets or dotted keys; JSON parsers refuse what is much deeper.
const DEEPEST: usize = 16;

/// Returns the first position that is nested too deeply. It does not parse quotes: no text has so many brackets
/// or dots in a row.
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

/// A text that is no TOML, or a condition of several forms.
fn unreadable(error: &toml::de::Error) -> Problem {
    let message = error.message().to_owned();
    let is_condition = ["condition needs", " go with ", " goes with ", "all and any need"];
    let (tag, help) = if is_condition.iter().any(|words| message.contains(words)) {
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

/// The longest line that is shown, in bytes.
const MAX_EXCERPT: usize = 1_000;

/// A problem formatted for a terminal: position, excerpt with a mark under it, and what to do.
pub struct Shown<'a> {
    /// The file's name, as given on the command line.
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
        if excerpt.len() <= MAX_EXCERPT {
            writeln!(f, "{line} | {excerpt}")?;
            writeln!(f, "{:margin$} | {:pad$}{marks}", "", "", pad = column - 1)?;
        }
        writeln!(f, "{:margin$} = {}", "", problem.help)
    }
}

/// Returns line and column, both from 1; the column counts characters.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests;
