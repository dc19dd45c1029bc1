//! Divides what was pasted: into rows, and a row into cells.

use super::address::{Found, find};
use super::text::{half, is_comma, is_divider, is_space, is_tab, trim};

/// The rows of one line: several when it holds several addresses, as the recipients of a mail do.
pub fn pieces(line: &str, has_mail: bool) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let found = if has_mail && !line.contains(is_tab) { find(&twin(&letters)) } else { Vec::new() };
    if found.len() < 2 {
        return vec![line.to_owned()];
    }
    let mut from = 0;
    let last = found.len() - 1;
    let piece = |(at, Found { whole, .. }): (usize, Found)| {
        let closing = |sign: &&char| matches!(sign, '>' | ')' | '）' | '"' | '\'');
        let to = match at == last {
            true => letters.len(),
            false => whole.end + letters.iter().skip(whole.end).take_while(closing).count(),
        };
        let inner = letters.iter().take(to).skip(std::mem::replace(&mut from, to));
        inner.skip_while(|sign| is_space(**sign) || is_comma(**sign)).collect()
    };
    found.into_iter().enumerate().map(piece).collect()
}

/// The cells of a row for so many columns, where `mail` is the column of the address.
pub fn cells(line: &str, columns: usize, mail: Option<usize>) -> Vec<String> {
    if line.contains(is_tab) {
        return line.split(is_tab).map(trim).collect();
    }
    let letters: Vec<char> = line.chars().collect();
    let half = twin(&letters);
    let found = mail.and_then(|place| Some((place, find(&half).into_iter().next()?)));
    match found {
        Some((place, address)) => around(&letters, &half, columns, place, address),
        None if columns > 1 => split(line, columns),
        None => vec![trim(line)],
    }
}

/// An address is known by itself, wherever it stands ("Yamada <y@example.com>"): the other cells are
/// what stands before and after it.
fn around(
    letters: &[char],
    half: &[char],
    columns: usize,
    place: usize,
    Found { whole, address }: Found,
) -> Vec<String> {
    let before = bare(letters.get(..whole.start), opens, is_divider);
    let after = bare(letters.get(whole.end..), closes, closes);
    let others = [before, after].into_iter().filter(|text| !text.is_empty());
    let mut cells = match columns > 2 {
        true => split(&join(others, ","), columns - 1),
        false => vec![join(others, " ")],
    };
    while cells.len() < place {
        cells.push(String::new());
    }
    cells.insert(place, half.get(address).unwrap_or_default().iter().collect());
    cells
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    let mut whole = String::new();
    for (at, part) in parts.enumerate() {
        if at > 0 {
            whole.push_str(between);
        }
        whole.push_str(&part);
    }
    whole
}

/// Signs that open what an address stands in.
fn opens(sign: char) -> bool {
    is_divider(sign) || matches!(sign, '<' | '(' | '[' | '{' | '/' | '=' | '|')
}

/// Signs that close what an address stands in.
fn closes(sign: char) -> bool {
    is_divider(sign) || matches!(sign, '>' | ')' | ']' | '}' | '.' | '|')
}

/// A text less what stands around it: `ends` say what goes at its end, `starts` at its start, by the
/// half-width twin of each sign.
fn bare(letters: Option<&[char]>, ends: fn(char) -> bool, starts: fn(char) -> bool) -> String {
    let letters = letters.unwrap_or_default();
    let start = letters.iter().take_while(|sign| starts(half(**sign))).count();
    let end = letters.iter().skip(start).rev().take_while(|sign| ends(half(**sign))).count();
    letters.iter().skip(start).take(letters.len() - start - end).collect()
}

/// The cells between commas. Where those are too many and other signs divide, or commas with a blank behind them, the
/// rest belong to the text, as in `A、1,200`.
fn split(line: &str, columns: usize) -> Vec<String> {
    let cells = between(line, |sign, _| is_comma(sign));
    if cells.iter().skip(columns).all(String::is_empty) {
        return cells;
    }
    let fewer = between(line, |sign, next| is_comma(sign) && (half(sign) != ',' || is_space(next)));
    if fewer.len() == columns { fewer } else { cells }
}

/// The cells between signs that divide, by themselves and what follows; quotes around a cell keep one that belongs to
/// its text, and two of them stand for one.
fn between(line: &str, divides: fn(char, char) -> bool) -> Vec<String> {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied().unwrap_or_default();
        match sign {
            '"' if quoted && next == '"' => cell.extend(signs.next()),
            '"' if quoted || cell.chars().all(is_space) => quoted = !quoted,
            _ if !quoted && divides(sign, next) => cells.push(trim(&std::mem::take(&mut cell))),
            _ => cell.push(sign),
        }
    }
    cells.push(trim(&cell));
    cells
}

fn twin(letters: &[char]) -> Vec<char> {
    letters.iter().map(|sign| half(*sign)).collect()
}
