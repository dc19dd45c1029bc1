//! E-mail addresses in a text.

use std::ops::Range;

/// An address, and where it stands.
pub struct Found {
    /// With the scheme of a link before it, and with the same address once more, as a link says it:
    /// `[y@example.com](mailto:y@example.com)`.
    pub whole: Range<usize>,
    pub address: Range<usize>,
}

const SCHEME: [char; 7] = ['m', 'a', 'i', 'l', 't', 'o', ':'];

/// Returns the addresses from the left, none overlapping. The text must be half-width.
pub fn find(letters: &[char]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut free = 0;
    for at in letters.iter().enumerate().filter(|(_, sign)| **sign == '@').map(|(at, _)| at) {
        let mut before = letters.iter().take(at).skip(free).rev().take_while(|sign| is_local(**sign)).count();
        // What quotes an address is no part of it.
        while before > 0 && letters.get(at - before) == Some(&'\'') {
            before -= 1;
        }
        let end = domain(letters, at + 1);
        if let (1.., Some(end)) = (before, end) {
            let address = at - before..end;
            let has_scheme = letters.get(free..address.start).is_some_and(|text| text.ends_with(&SCHEME));
            let start = address.start - if has_scheme { SCHEME.len() } else { 0 };
            let again = found.last_mut().filter(|last| {
                let between = letters.get(last.whole.end..start).unwrap_or_default();
                letters.get(last.address.clone()) == letters.get(address.clone())
                    && between.iter().all(|sign| matches!(sign, '|' | '(' | ')' | '[' | ']' | '<' | '>'))
            });
            match again {
                Some(last) => last.whole.end = end,
                None => found.push(Found { whole: start..end, address }),
            }
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
