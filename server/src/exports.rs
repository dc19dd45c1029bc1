//! Rows of an export, as NDJSON (one JSON object a line), CSV (RFC 4180) or Parquet. All texts are UTF-8; no cell of a
//! CSV begins what a spreadsheet takes for a formula. Reasons: `docs/decisions/0018-erasure.md`.

mod parquet;
mod rows;

use std::io;
use std::marker::PhantomData;

use serde::Serialize;

use parquet::Parquet;
pub use rows::{AccountLine, EventLine, StepLine};

/// The formats of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    #[default]
    Ndjson,
    /// A head line, and a line for each row.
    Csv,
    /// A file of columns.
    Parquet,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, or JSON.
    Text,
    /// A whole number.
    Number,
    /// Milliseconds since 1970.
    Time,
    /// Yes or no.
    Flag,
}

/// A cell of a row; of the kind of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text; none where nothing is known.
    Text(Option<String>),
    /// A number or a time; none where nothing is known.
    Number(Option<i64>),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// A text that is there.
    fn text(text: impl ToString) -> Self {
        Self::Text(Some(text.to_string()))
    }

    /// A number that is there.
    fn number(number: impl Into<i64>) -> Self {
        Self::Number(Some(number.into()))
    }

    /// The cell in a CSV; nothing where nothing is known.
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.unwrap_or_default(),
            Self::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

/// A row of an export.
pub trait Line: Serialize {
    /// The columns: name and kind.
    const COLUMNS: &'static [(&'static str, Kind)];
    /// A cell for each column.
    fn cells(&self) -> Vec<Cell>;
}

/// Writes the rows of one export.
pub struct Writer<W: io::Write + Send, L> {
    to: To<W>,
    rows: PhantomData<fn(L)>,
}

enum To<W: io::Write + Send> {
    Ndjson(W),
    Csv(csv::Writer<W>),
    Parquet(Parquet<W>),
}

impl<W: io::Write + Send, L: Line> Writer<W, L> {
    /// Begins an export, or goes on with one: its head line comes with the first page alone. Parquet has no such thing
    /// as a page; each is a file.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn begin(to: W, format: Format, is_first: bool) -> io::Result<Self> {
        let to = match format {
            Format::Ndjson => To::Ndjson(to),
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
                if is_first {
                    csv.write_record(L::COLUMNS.iter().map(|(name, _)| name))?;
                }
                To::Csv(csv)
            }
            Format::Parquet => To::Parquet(Parquet::begin(to, L::COLUMNS)?),
        };
        Ok(Self { to, rows: PhantomData })
    }

    /// Writes rows.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, rows: impl IntoIterator<Item = L>) -> io::Result<()> {
        let mut rows = rows.into_iter();
        match &mut self.to {
            To::Ndjson(to) => rows.try_for_each(|row| writeln!(to, "{}", serde_json::to_string(&row)?)),
            To::Csv(csv) => rows.try_for_each(|row| {
                let cells = row.cells().into_iter().map(Cell::into_text);
                Ok(csv.write_record(cells.map(harmless))?)
            }),
            To::Parquet(file) => file.write(&rows.map(|row| row.cells()).collect::<Vec<_>>()),
        }
    }

    /// Ends the export and returns what it was written to.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(self) -> io::Result<W> {
        match self.to {
            To::Ndjson(to) => Ok(to),
            To::Csv(csv) => csv.into_inner().map_err(|error| error.into_error()),
            To::Parquet(file) => file.end(),
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
        const COLUMNS: &'static [(&'static str, Kind)] = &[("name", Kind::Text)];
        fn cells(&self) -> Vec<Cell> {
            vec![Cell::text(&self.name)]
        }
    }

    fn written(format: Format, names: &[&str]) -> String {
        let mut writer = Writer::begin(Vec::new(), format, true).unwrap();
        writer.write(names.iter().map(|name| Named { name: (*name).to_owned() })).unwrap();
        String::from_utf8(writer.end().unwrap()).unwrap()
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
