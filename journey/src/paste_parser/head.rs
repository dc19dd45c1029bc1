//! The line of a list that says what its columns are called.

use protocol::files::{Column, ColumnKind};

use super::number::number;
use super::text::{half, trim};

/// How people call a column of addresses or of numbers, whatever a flow calls it; other words may come before.
const MAIL: [&str; 6] = ["mail", "email", "address", "メール", "アドレス", "メアド"];
const NUMBER: [&str; 20] = [
    "amount", "price", "value", "total", "budget", "revenue", "sales", "cost", "size", "number", "quantity",
    "yen", "額", "価", "価格", "料金", "費用", "予算", "売上", "数",
];

/// Whether cells say what the columns are called: as the flow does, or in other words for an address or a number where
/// there is none.
pub fn is_head(cells: &[String], columns: &[Column<String>]) -> bool {
    let has_mail = columns.iter().any(|column| column.kind == ColumnKind::Email);
    let (mut is_labels, mut is_named, mut has_values) = (cells.len() == columns.len(), false, false);
    for (at, cell) in cells.iter().enumerate() {
        let (name, column) = (name(cell), columns.get(at));
        let is_number = column.is_some_and(|column| column.kind == ColumnKind::Number);
        is_labels &= column.is_some_and(|column| self::name(&column.label) == name);
        is_named |= has_mail && is_called(&name, &MAIL) || is_number && is_called(&name, &NUMBER);
        has_values |= name.bytes().any(|sign| sign == b'@') || is_number && number(&name).is_some();
    }
    is_labels || is_named && !has_values
}

/// What a cell calls its column: in half width and small letters, without what stands in brackets.
fn name(cell: &str) -> String {
    let letters = cell.chars().map(|sign| half(sign).to_ascii_lowercase());
    trim(&letters.take_while(|sign| !matches!(sign, '(' | '[')).collect::<String>())
}

/// Whether a name ends in one of these words. A word of Latin letters stands by itself: `gmail` is no `mail`.
fn is_called(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let is_latin = word.as_bytes().first().is_some_and(u8::is_ascii);
        let before = name.strip_suffix(word);
        before.is_some_and(|before| {
            !is_latin || !before.as_bytes().last().is_some_and(u8::is_ascii_alphanumeric)
        })
    })
}
