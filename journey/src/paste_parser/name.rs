//! A person's name as it stands in a list.

use super::text::is_space;

/// What people put around a word.
const PAIRS: [(char, char); 10] = [
    ('*', '*'),
    ('_', '_'),
    ('`', '`'),
    ('[', ']'),
    ('【', '】'),
    ('「', '」'),
    ('『', '』'),
    ('〈', '〉'),
    ('《', '》'),
    ('［', '］'),
];

/// A name without the mark of a list before it, what stresses it, or brackets around it.
pub fn name(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut name = letters.as_slice();
    loop {
        let inner = unwrapped(unmarked(trim(name)));
        if inner.len() == name.len() {
            return name.iter().collect();
        }
        name = inner;
    }
}

fn trim(mut name: &[char]) -> &[char] {
    while let [first, rest @ ..] = name
        && is_space(*first)
    {
        name = rest;
    }
    while let [rest @ .., last] = name
        && is_space(*last)
    {
        name = rest;
    }
    name
}

fn unmarked(name: &[char]) -> &[char] {
    if let [mark, rest @ ..] = name {
        match mark {
            '・' | '•' | '●' | '○' | '■' | '□' | '◆' | '◇' | '※' | '→' | '①'..='⑳' => {
                return rest;
            }
            '-' | '*' | '+' | '#' | '–' | '—' if rest.first().is_some_and(|sign| is_space(*sign)) => {
                return rest;
            }
            _ => {}
        }
    }
    let inner = name.strip_prefix(&['(']).or_else(|| name.strip_prefix(&['（'])).unwrap_or(name);
    let digits = inner.iter().take_while(|sign| is_digit(**sign)).count();
    match inner.get(digits..) {
        Some([sign, rest @ ..]) if digits > 0 && matches!(sign, '.' | '．' | ')' | '）' | '、') => rest,
        _ => name,
    }
}

fn is_digit(sign: char) -> bool {
    matches!(sign, '0'..='9' | '０'..='９')
}

fn unwrapped(name: &[char]) -> &[char] {
    for (open, close) in PAIRS {
        if let [first, inner @ .., last] = name
            && (*first, *last) == (open, close)
            && (open == close || !inner.contains(&open))
        {
            return inner;
        }
    }
    name
}
