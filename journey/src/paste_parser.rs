//! Reads rows out of what a person pasted: from a spreadsheet, a list, or the recipients of a mail.
//!
//! An address is recognised wherever it stands in a line; everything else goes by tabs or commas.
//! Full-width letters, digits and signs, as Japanese keyboards write them, count as their half-width
//! twins. See `docs/decisions/0007-asks.md`.

mod address;
mod cells;
mod head;
mod lines;
mod name;
mod number;
#[cfg(test)]
mod tests;
mod text;

use protocol::files::{Column, ColumnKind};

use address::{Found, find};
use cells::{cells, pieces};
use head::is_head;
use lines::lines;
use name::name;
use number::number;
use text::{half, is_wrapper};
pub use text::{is_space, trim};

/// One row, before and after it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the person entered.
    pub line: String,
    /// One value for each column. A value that does not fit its column stays as it was entered.
    pub values: Vec<String>,
    /// The first column that is missing or does not fit.
    pub wrong: Option<usize>,
    /// Whether an earlier row has the same address.
    pub double: bool,
}

/// Reads rows for these columns. Blank lines, and lines that say what the columns are called, are no rows.
pub fn read(text: &str, columns: &[Column<String>]) -> Vec<Row> {
    let mail = columns.iter().position(|column| column.kind == ColumnKind::Email);
    let mut seen: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for line in lines(text) {
        if line.chars().all(is_space) || is_head(&cells(&line, columns.len(), None), columns) {
            continue;
        }
        for piece in pieces(&line, mail.is_some()) {
            let mut row = one(piece, columns, mail);
            let address = mail.filter(|_| row.wrong.is_none()).and_then(|mail| row.values.get(mail));
            if let Some(address) =
                address.map(|address| address.to_ascii_lowercase()).filter(|it| !it.is_empty())
            {
                row.double = seen.contains(&address);
                seen.push(address);
            }
            rows.push(row);
        }
    }
    rows
}

fn one(line: String, columns: &[Column<String>], mail: Option<usize>) -> Row {
    let mut parts = cells(&line, columns.len(), mail).into_iter();
    let mut wrong = None;
    let mut values = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        let mut given = parts.next().unwrap_or_default();
        // Beside an address stands a name.
        if mail.is_some() && column.kind == ColumnKind::Text {
            given = name(&given);
        }
        let fitting = if given.is_empty() { Some(String::new()) } else { fit(&given, column.kind) };
        if wrong.is_none() && (fitting.is_none() || given.is_empty() && !column.optional) {
            wrong = Some(at);
        }
        values.push(fitting.unwrap_or(given));
    }
    // A cell beyond the last column would be lost without a word.
    if wrong.is_none() && parts.any(|part| !part.is_empty()) {
        wrong = columns.len().checked_sub(1);
    }
    Row { line, values, wrong, double: false }
}

/// The value as the host's action gets it; none when it does not fit.
fn fit(text: &str, kind: ColumnKind) -> Option<String> {
    match kind {
        ColumnKind::Text => Some(text.to_owned()),
        ColumnKind::Email => {
            let letters: Vec<char> = text.chars().map(half).collect();
            let Found { whole, address } = find(&letters).into_iter().next()?;
            let around = letters.iter().enumerate().filter(|(at, _)| !whole.contains(at));
            let alone = around.into_iter().all(|(_, sign)| is_wrapper(*sign));
            alone.then(|| letters.get(address).unwrap_or_default().iter().collect())
        }
        ColumnKind::Number => number(text),
    }
}
