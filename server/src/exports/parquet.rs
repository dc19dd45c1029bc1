//! Rows as a Parquet file: a group of rows for each page that is written. Every column is optional, so that what is not
//! known is no value. Source: <https://parquet.apache.org/docs/file-format/>.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{Cell, Kind};

/// A file that is being written.
pub struct Parquet<W: Write + Send>(SerializedFileWriter<W>);

impl<W: Write + Send> Parquet<W> {
    /// Begins a file with these columns.
    pub fn begin(to: W, columns: &[(&str, Kind)]) -> io::Result<Self> {
        let begin = || {
            let columns = columns.iter().map(|(name, kind)| column(name, *kind).map(Arc::new));
            let columns = columns.collect::<Result<_, _>>()?;
            let row = Type::group_type_builder("row").with_fields(columns).build()?;
            let compression = Compression::ZSTD(ZstdLevel::default());
            let properties = WriterProperties::builder().set_compression(compression).build();
            SerializedFileWriter::new(to, Arc::new(row), Arc::new(properties))
        };
        begin().map(Self).map_err(unwritten)
    }

    /// Writes rows as one group; none make no group.
    pub fn write(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        if rows.is_empty() { Ok(()) } else { self.write_group(rows).map_err(unwritten) }
    }

    fn write_group(&mut self, rows: &[Vec<Cell>]) -> Result<(), ParquetError> {
        let mut group = self.0.next_row_group()?;
        let mut at = 0;
        while let Some(mut column) = group.next_column()? {
            let cells = rows.iter().filter_map(|row| row.get(at));
            match column.untyped() {
                ColumnWriter::ByteArrayColumnWriter(column) => {
                    let (values, levels) = known(cells.map(text));
                    column.write_batch(&values, Some(&levels), None)?;
                }
                ColumnWriter::Int64ColumnWriter(column) => {
                    let (values, levels) = known(cells.map(number));
                    column.write_batch(&values, Some(&levels), None)?;
                }
                ColumnWriter::BoolColumnWriter(column) => {
                    let (values, levels) = known(cells.map(flag));
                    column.write_batch(&values, Some(&levels), None)?;
                }
                _ => {}
            }
            column.close()?;
            at += 1;
        }
        group.close().map(drop)
    }

    /// Writes the end of the file.
    pub fn end(self) -> io::Result<W> {
        self.0.into_inner().map_err(unwritten)
    }
}

fn column(name: &str, kind: Kind) -> Result<Type, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::INT64, None),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let column = Type::primitive_type_builder(name, physical).with_logical_type(logical);
    column.with_repetition(Repetition::OPTIONAL).build()
}

/// The values that are known, and for each cell whether its value is (its definition level).
fn known<T>(cells: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let mut values = Vec::new();
    let levels = cells.map(|cell| i16::from(cell.map(|value| values.push(value)).is_some())).collect();
    (values, levels)
}

fn text(cell: &Cell) -> Option<ByteArray> {
    if let Cell::Text(text) = cell { text.as_deref().map(ByteArray::from) } else { None }
}

fn number(cell: &Cell) -> Option<i64> {
    if let Cell::Number(number) = cell { *number } else { None }
}

fn flag(cell: &Cell) -> Option<bool> {
    if let Cell::Flag(flag) = cell { Some(*flag) } else { None }
}

fn unwritten(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
