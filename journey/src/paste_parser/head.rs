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
    let names: Vec<String> = cells.iter().map(|cell| name(cell)).collect();
    if columns.iter().map(|column| name(&column.label)).eq(names.iter().cloned()) {
        return true;
    }
    let has_mail = columns.iter().any(|column| column.kind == ColumnKind::Email);
    let numbers = columns.iter().zip(&names).filter(|(column, _)| column.kind == ColumnKind::Number);
    let mut numbers = numbers.map(|(_, name)| name);
    let is_named = has_mail && names.iter().any(|name| is_called(name, &MAIL))
        || numbers.clone().any(|name| is_called(name, &NUMBER));
    is_named && numbers.all(|name| number(name).is_none()) && !names.iter().any(|name| name.contains('@'))
}

/// What a cell calls its column: in half width and small letters, without what stands in brackets.
fn name(cell: &str) -> String {
    let letters = cell.chars().map(|sign| half(sign).to_ascii_lowercase());
    trim(&letters.take_while(|sign| !matches!(sign, '(' | '[')).collect::<String>())
}

/// Whether a name ends in one of these words. A word of Latin letters stands by itself: `gmail` is no `mail`.
fn is_called(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let before = name.strip_suffix(word);
        before.is_some_and(|before| {
            !word.is_ascii() || !before.ends_with(|sign: char| sign.is_ascii_alphanumeric())
        })
    })
}
