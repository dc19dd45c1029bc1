//! Divides what was pasted into lines, each with its cells between tabs.

use super::text::{is_comma, is_quote, is_space, trim};

/// The lines of a text. A spreadsheet puts a cell with a line break, a tab, a comma or a quote between quotes: it is one
/// cell of one line. A table of Markdown has its cells between bars. A line that is read again is the same line.
pub fn lines(text: &str) -> Vec<String> {
    let mut lines = divide(text);
    for line in &mut lines {
        // A quote that belonged to the text can make a pair with another one, now that those between them are gone.
        while let Some(again) = divide(line).pop().filter(|again| again != line) {
            *line = again;
        }
    }
    lines
}

fn divide(text: &str) -> Vec<String> {
    let (mut lines, mut line, mut rest) = (Vec::new(), String::new(), text);
    let mut before = Some('\n');
    loop {
        let after_comma = before.is_some_and(is_ascii_comma);
        if (after_comma || matches!(before, Some('\t' | '\n')))
            && let Some((cell, after)) = quoted(rest)
        {
            rest = after;
            let between_commas = after_comma || after.chars().next().is_some_and(is_ascii_comma);
            // Between commas a cell with commas of its own needs its quotes.
            let keeps_quotes = between_commas && cell.chars().any(is_comma);
            push(&mut line, &cell, keeps_quotes);
        }
        let mut letters = rest.chars();
        before = letters.next();
        rest = letters.as_str();
        match before {
            Some('\n') | None => lines.push(without_bars(std::mem::take(&mut line))),
            Some(letter) => line.push(letter),
        }
        if before.is_none() {
            return lines;
        }
    }
}

fn push(line: &mut String, cell: &str, keeps_quotes: bool) {
    if keeps_quotes {
        line.push('"');
    }
    for letter in cell.chars() {
        if keeps_quotes && is_quote(letter) {
            line.push('"');
        }
        line.push(letter);
    }
    if keeps_quotes {
        line.push('"');
    }
}

fn is_ascii_comma(sign: char) -> bool {
    matches!(sign, ',' | ';')
}

/// A cell between quotes, of which two stand for one, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let (inner, after) = rest.split_once(is_quote)?;
        for letter in inner.chars().filter(|letter| *letter != '\r') {
            cell.push(if is_space(letter) { ' ' } else { letter });
        }
        rest = after;
        match rest.bytes().next() {
            Some(b'"') => {
                cell.push('"');
                rest = rest.get(1..)?;
            }
            None | Some(b'\t' | b'\r' | b'\n' | b',' | b';') => return Some((cell, rest)),
            // A quote that belongs to the text, as in `"Yamada, Taro" <y@example.com>`.
            _ => return None,
        }
    }
}

/// A row of a table with bars as cells between tabs; the line below its head has nothing to say.
fn without_bars(line: String) -> String {
    let bare = trim(&line);
    let inner = bare.strip_prefix('|').and_then(|bare| bare.strip_suffix('|'));
    match inner {
        Some(inner) if inner.bytes().all(|sign| matches!(sign, b'|' | b'-' | b':' | b' ')) => String::new(),
        Some(inner) => inner.chars().map(|sign| if sign == '|' { '\t' } else { sign }).collect(),
        None => line,
    }
}
