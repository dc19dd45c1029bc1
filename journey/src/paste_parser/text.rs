//! Letters and signs as people paste them.

/// The half-width twin of a full-width letter, digit or sign; everything else stays itself.
pub fn half(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(sign).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(sign)
        }
        '\u{3000}' => ' ',
        '￥' => '¥',
        _ => sign,
    }
}

/// Whether a sign is blank. A list of its own: the standard library's is a table of several kilobytes
/// in a browser.
pub fn is_space(sign: char) -> bool {
    matches!(sign, '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}')
        || matches!(sign, '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

/// Whether a sign stands between the cells of a spreadsheet. A function, as [`is_space`] is one: to look for a `char`
/// brings a searcher of its own.
pub fn is_tab(sign: char) -> bool {
    sign == '\t'
}

/// Whether a sign stands around a cell of a spreadsheet that has line breaks, tabs or quotes.
pub fn is_quote(sign: char) -> bool {
    sign == '"'
}

/// Whether a sign may stand around an address that is alone in its cell.
pub fn is_wrapper(sign: char) -> bool {
    is_divider(sign) || matches!(sign, '<' | '>' | '(' | ')' | '[' | ']')
}

/// Whether a sign may stand between a name and an address, and belongs to neither.
pub fn is_divider(sign: char) -> bool {
    is_space(sign) || matches!(sign, '"' | '\'' | ',' | ';' | ':' | '、' | '。')
}

/// Whether a sign divides the cells of a line without tabs.
pub fn is_comma(sign: char) -> bool {
    matches!(sign, ',' | ';' | '、' | '，' | '；')
}

/// A text without the blanks around it.
pub fn trim(text: &str) -> String {
    text.trim_matches(is_space).to_owned()
}
