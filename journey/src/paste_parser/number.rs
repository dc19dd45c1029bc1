//! Numbers and amounts of money, as people write them in a list. Browsers download this: it goes sign by sign, since each
//! search for a text in a text brings kilobytes along.

use super::text::{half, is_space};

/// What multiplies the number before it, the largest first, with its zeros.
const UNITS: [(char, usize); 4] = [('億', 8), ('万', 4), ('千', 3), ('百', 2)];
/// What says yen. The backslash stands for it on keyboards and in files of Japan.
const YEN: [&[char]; 5] = [&['¥'], &['\\'], &['円'], &['j', 'p', 'y'], &['y', 'e', 'n']];
/// Signs of a negative number; Japanese accounts have triangles.
const MINUS: [char; 7] = ['-', '\u{2010}', '\u{2013}', '\u{2212}', 'ー', '▲', '△'];

/// Returns the number in plain digits, such as `-1200`, `1.5` or `2e6`; none for anything else. Commas must divide
/// thousands: `1,5` is another number in another country.
pub fn number(text: &str) -> Option<String> {
    let signs = text.chars().map(|sign| half(sign).to_ascii_lowercase());
    let signs: Vec<char> = signs.filter(|sign| !is_space(*sign)).collect();
    let (inner, in_brackets) = match signs.as_slice() {
        ['(', inner @ .., ')'] => (inner, true),
        all => (all, false),
    };
    let (bare, is_negative) = match without_yen(inner) {
        [sign, rest @ ..] if MINUS.contains(sign) => (without_yen(rest), true),
        ['+', rest @ ..] => (without_yen(rest), false),
        all => (all, false),
    };
    let bare = without_commas(bare)?;
    let mut plain = String::from(if in_brackets || is_negative { "-" } else { "" });
    plain.extend(if is_decimal(&bare) { bare } else { written(scaled(&bare, 0)?) });
    Some(plain)
}

fn without_yen(mut signs: &[char]) -> &[char] {
    for yen in YEN {
        while let Some(rest) = signs.strip_prefix(yen).or_else(|| signs.strip_suffix(yen)) {
            signs = rest;
        }
    }
    signs
}

fn without_commas(signs: &[char]) -> Option<Vec<char>> {
    let mut groups = signs.split(|sign| *sign == ',');
    let mut all = groups.next()?.to_vec();
    for group in groups {
        if !all.last().is_some_and(char::is_ascii_digit) || digits(group) != 3 {
            return None;
        }
        all.extend(group);
    }
    Some(all)
}

/// Whether this is a decimal number without a sign, such as `1.5` or `2e6`.
fn is_decimal(signs: &[char]) -> bool {
    let (number, power) = cut(signs, 'e').unwrap_or((signs, &['0']));
    let (whole, part) = cut(number, '.').unwrap_or((number, &[]));
    let power = if let ['+' | '-', power @ ..] = power { power } else { power };
    // A power of more digits names no finite number.
    whole.len() + part.len() > 0
        && matches!(power.len(), 1..=2)
        && [whole, part, power].iter().all(|signs| digits(signs) == signs.len())
}

/// Returns a number with units, such as `1億2千万` or `1.5万`, times ten to the power of `zeros`.
fn scaled(signs: &[char], zeros: usize) -> Option<u64> {
    for (unit, more) in UNITS {
        if let Some((many, rest)) = cut(signs, unit) {
            let rest = if rest.is_empty() { 0 } else { scaled(rest, zeros)? };
            return scaled(many, zeros + more)?.checked_add(rest);
        }
    }
    let (whole, part) = cut(signs, '.').unwrap_or((signs, &[]));
    let missing = zeros.checked_sub(part.len())?;
    let mut number = None;
    for sign in whole.iter().chain(part) {
        number = Some(number.unwrap_or(0_u64).checked_mul(10)?.checked_add(sign.to_digit(10)?.into())?);
    }
    (0..missing).try_fold(number?, |number, _| number.checked_mul(10))
}

/// The digits of a number.
fn written(mut number: u64) -> Vec<char> {
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        digits.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
    }
    digits
}

/// What is before and behind the first of a sign.
fn cut(signs: &[char], sign: char) -> Option<(&[char], &[char])> {
    let at = signs.iter().position(|one| *one == sign)?;
    Some((signs.get(..at)?, signs.get(at + 1..)?))
}

/// The number of digits with which this begins.
fn digits(signs: &[char]) -> usize {
    signs.iter().take_while(|sign| sign.is_ascii_digit()).count()
}
