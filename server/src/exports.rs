//! Rows of an export, as NDJSON (one JSON object a line) or CSV (RFC 4180). Both are UTF-8; no cell of a CSV begins what
//! a spreadsheet takes for a formula. Reasons: `docs/decisions/0018-erasure.md`.

mod rows;

use std::io;

use serde::Serialize;

pub use rows::{AccountLine, EventLine, StepLine};

/// The formats of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    #[default]
    Ndjson,
    /// A head line, and a line for each row.
    Csv,
}

/// A row of an export.
pub trait Line: Serialize {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];
    /// The cells, as texts.
    fn cells(&self) -> Vec<String>;
}

/// Writes rows; the head line comes with the first page alone.
///
/// # Errors
/// When they cannot be written.
pub fn write<L: Line>(
    out: &mut impl io::Write,
    format: Format,
    is_first: bool,
    rows: impl IntoIterator<Item = L>,
) -> io::Result<()> {
    match format {
        Format::Ndjson => {
            rows.into_iter().try_for_each(|row| writeln!(out, "{}", serde_json::to_string(&row)?))
        }
        Format::Csv => {
            let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
            if is_first {
                csv.write_record(L::COLUMNS)?;
            }
            for row in rows {
                csv.write_record(row.cells().into_iter().map(harmless))?;
            }
            csv.flush()
        }
    }
}

/// Returns a cell that no spreadsheet computes: an apostrophe precedes the signs that begin a formula (OWASP, CSV
/// Injection), of either width.
fn harmless(cell: String) -> String {
    let is_sign = |sign: char| "=+-@\t\r\n＝＋－＠".contains(sign);
    if cell.starts_with(is_sign) || cell.trim_start().starts_with(is_sign) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Named {
        name: String,
    }

    impl Line for Named {
        const COLUMNS: &'static [&'static str] = &["name"];
        fn cells(&self) -> Vec<String> {
            vec![self.name.clone()]
        }
    }

    fn written(format: Format, names: &[&str]) -> String {
        let mut out = Vec::new();
        let rows = names.iter().map(|name| Named { name: (*name).to_owned() });
        write(&mut out, format, true, rows).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn t35_no_cell_begins_a_formula_and_every_text_comes_back() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠A"]
        {
            let csv = written(Format::Csv, &[formula]);
            let mut rows = csv::Reader::from_reader(csv.as_bytes());
            let cell = rows.records().next().unwrap().unwrap()[0].to_owned();
            assert_eq!(cell, format!("'{formula}"), "{csv:?}");
        }
        let texts =
            ["a,b", "\"q\"", "two\nlines", "か\u{3099}", "が", "\u{202e}abc", "👩\u{200d}🔧", "\0", "a=b"];
        let csv = written(Format::Csv, &texts);
        let mut rows = csv::Reader::from_reader(csv.as_bytes());
        let cells: Vec<String> = rows.records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(cells, texts);
        let lines = written(Format::Ndjson, &texts);
        let names: Vec<String> = lines
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["name"].as_str().unwrap().into()
            })
            .collect();
        assert_eq!(names, texts);
    }
}
