//! E-mail addresses in a text.

use std::ops::Range;

/// Returns where addresses stand, from the left, none overlapping. The text must be half-width.
pub fn find(letters: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut free = 0;
    for at in letters.iter().enumerate().filter(|(_, sign)| **sign == '@').map(|(at, _)| at) {
        let mut before = letters.iter().take(at).skip(free).rev().take_while(|sign| is_local(**sign)).count();
        // What quotes an address is no part of it.
        while before > 0 && letters.get(at - before) == Some(&'\'') {
            before -= 1;
        }
        let end = domain(letters, at + 1);
        if let (1.., Some(end)) = (before, end) {
            found.push(at - before..end);
            free = end;
        }
    }
    found
}

/// Returns where a domain of at least two labels ends that begins at `from`.
fn domain(letters: &[char], from: usize) -> Option<usize> {
    let label = |from: usize| letters.iter().skip(from).take_while(|sign| is_label(**sign)).count();
    let mut end = from + label(from);
    let mut labels = usize::from(end > from);
    while labels > 0 && letters.get(end) == Some(&'.') && label(end + 1) > 0 {
        end += 1 + label(end + 1);
        labels += 1;
    }
    (labels > 1).then_some(end)
}

fn is_label(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '-'
}

/// Less than RFC 5322 allows before the sign: `/`, `=`, `|` and brackets are found beside addresses, and hardly in them.
fn is_local(sign: char) -> bool {
    is_label(sign)
        || matches!(sign, '.' | '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '?' | '^' | '_' | '~')
}
