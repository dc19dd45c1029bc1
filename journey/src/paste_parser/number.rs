//! Numbers and amounts of money, as people write them in a list.

use super::text::{half, is_space};

/// What multiplies the number before it, the largest first, with its zeros.
const UNITS: [(char, usize); 4] = [('億', 8), ('万', 4), ('千', 3), ('百', 2)];
/// What says yen. The backslash stands for it on keyboards and in files of Japan.
const YEN: [&str; 5] = ["¥", "\\", "円", "jpy", "yen"];
/// Signs of a negative number; Japanese accounts have triangles.
const MINUS: [char; 7] = ['-', '\u{2010}', '\u{2013}', '\u{2212}', 'ー', '▲', '△'];

/// Returns the number in plain digits, such as `-1200`, `1.5` or `2e6`; none for anything else. Commas must divide
/// thousands: `1,5` is another number in another country.
pub fn number(text: &str) -> Option<String> {
    let text: String =
        text.chars().map(|sign| half(sign).to_ascii_lowercase()).filter(|sign| !is_space(*sign)).collect();
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let bare = without_yen(inner.unwrap_or(&text));
    let below_zero = bare.strip_prefix(MINUS);
    let digits = without_commas(without_yen(below_zero.or(bare.strip_prefix('+')).unwrap_or(bare)))?;
    let plain = if is_decimal(&digits) { digits } else { scaled(&digits, 0)?.to_string() };
    let sign = if inner.or(below_zero).is_some() { "-" } else { "" };
    Some([sign, &plain].concat())
}

fn without_yen(text: &str) -> &str {
    YEN.iter().fold(text, |text, yen| text.trim_start_matches(yen).trim_end_matches(yen))
}

fn without_commas(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let mut all = first.to_owned();
    for group in groups {
        if !all.ends_with(|sign: char| sign.is_ascii_digit()) || digits(group) != 3 {
            return None;
        }
        all.push_str(group);
    }
    Some(all)
}

/// Whether a text is a decimal number without a sign, such as `1.5` or `2e6`.
fn is_decimal(text: &str) -> bool {
    let (number, power) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    // A power of more digits names no finite number.
    whole.len() + part.len() > 0
        && matches!(power.len(), 1..=2)
        && [whole, part, power].iter().all(|text| digits(text) == text.len())
}

/// Returns a number with units, such as `1億2千万` or `1.5万`, times ten to the power of `zeros`.
fn scaled(text: &str, zeros: usize) -> Option<u64> {
    for (unit, more) in UNITS {
        if let Some((many, rest)) = text.split_once(unit) {
            let rest = if rest.is_empty() { 0 } else { scaled(rest, zeros)? };
            return scaled(many, zeros + more)?.checked_add(rest);
        }
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if digits(whole) != whole.len() || digits(part) != part.len() {
        return None;
    }
    let missing = zeros.checked_sub(part.len())?;
    let number: u64 = [whole, part].concat().parse().ok()?;
    number.checked_mul(10_u64.checked_pow(u32::try_from(missing).ok()?)?)
}

/// The number of digits with which a text begins.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
