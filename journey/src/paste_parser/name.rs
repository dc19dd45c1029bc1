//! A person's name as it stands in a list.

use super::text::is_space;

/// A name without the mark of a list before it, what stresses it, or brackets around it.
pub fn name(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut name = letters.as_slice();
    while let [first, inner @ ..] = name {
        let last = inner.last().copied().unwrap_or_default();
        let number = number(name);
        name = if is_space(*first) || is_mark(*first, inner) {
            inner
        } else if is_space(last) {
            name.get(..inner.len()).unwrap_or_default()
        } else if closing(*first) == Some(last) && (last == *first || !inner.contains(first)) {
            inner.get(..inner.len() - 1).unwrap_or_default()
        } else if number > 0 {
            name.get(number..).unwrap_or_default()
        } else {
            break;
        };
    }
    name.iter().collect()
}

/// Whether a sign begins an item of a list; those that words have, too, with a blank behind them.
fn is_mark(sign: char, rest: &[char]) -> bool {
    match sign {
        '・' | '•' | '●' | '○' | '■' | '□' | '◆' | '◇' | '※' | '→' | '①'..='⑳' => true,
        '-' | '*' | '+' | '#' | '–' | '—' => rest.first().is_some_and(|sign| is_space(*sign)),
        _ => false,
    }
}

/// The sign that closes what this one opens.
fn closing(sign: char) -> Option<char> {
    Some(match sign {
        '*' | '_' | '`' => sign,
        '[' => ']',
        '［' => '］',
        '【' => '】',
        '「' => '」',
        '『' => '』',
        '〈' => '〉',
        '《' => '》',
        _ => return None,
    })
}

/// The length of a number that counts items: `1.`, `(2)`, `３、`; 0 when there is none.
fn number(name: &[char]) -> usize {
    let start = usize::from(matches!(name, ['(' | '（', ..]));
    let is_digit = |sign: &&char| matches!(sign, '0'..='9' | '０'..='９');
    let end = start + name.iter().skip(start).take_while(is_digit).count();
    let ends = matches!(name.get(end), Some('.' | '．' | ')' | '）' | '、'));
    if end > start && ends { end + 1 } else { 0 }
}
