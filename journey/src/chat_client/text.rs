//! Messages as they are shown: plain text with links, and nothing that turns the direction of text unseen.

use crate::paste_parser::is_space;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Plain(String),
    /// An address, and the sentence's own signs that stand behind it.
    Link(String, String),
}

/// Whether a letter is white space (Unicode 17, `White_Space`), without the standard library's tables.
fn is_blank(letter: char) -> bool {
    letter == '\u{85}' || letter != '\u{feff}' && is_space(letter)
}

/// A text without the white space around it.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The pieces of a text, in order.
pub fn pieces(text: &str) -> Vec<Piece> {
    let text = with_visible_turns(text);
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut rest = text.as_str();
    while let Some(letter) = rest.chars().next() {
        let length = address(rest);
        let (piece, after) = rest.split_at_checked(length.max(letter.len_utf8())).unwrap_or((rest, ""));
        rest = after;
        if length == 0 {
            plain.push_str(piece);
            continue;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Plain(std::mem::take(&mut plain)));
        }
        let (href, sentence) = piece.split_at_checked(without_signs(piece)).unwrap_or((piece, ""));
        pieces.push(Piece::Link(href.to_owned(), sentence.to_owned()));
    }
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

/// The length of the address that a text begins with; 0 when it begins with none.
fn address(text: &str) -> usize {
    for scheme in ["https://", "http://", "mailto:"] {
        if text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
            let (mut end, mut before, mut open) = (0, '/', 0);
            let mut is_ascii = true;
            for letter in text.chars() {
                // A sentence goes on without a blank: "https://example.com/helpをご覧ください".
                let goes_on = is_ascii && before.is_ascii_alphanumeric() && !letter.is_ascii();
                open += bracket(letter);
                // A bracket that the address did not open is the sentence's.
                if open < 0 || goes_on || ends_address(letter) {
                    break;
                }
                end += letter.len_utf8();
                is_ascii &= letter.is_ascii();
                before = letter;
            }
            return if end > scheme.len() { end } else { 0 };
        }
    }
    0
}

/// 1 for a bracket that opens, -1 for one that closes.
fn bracket(letter: char) -> i32 {
    match letter {
        '(' | '[' => 1,
        ')' | ']' => -1,
        _ => 0,
    }
}

/// Blanks, what surrounds an address, and full-width signs of a sentence.
fn ends_address(letter: char) -> bool {
    is_blank(letter)
        || matches!(letter, '<' | '>' | '"' | '…' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{301f}')
        || matches!(letter, '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

/// The length of an address without the signs at its end that belong to the sentence.
fn without_signs(address: &str) -> usize {
    let mut end = address.len();
    for sign in address.bytes().rev() {
        if !matches!(sign, b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'') {
            break;
        }
        end -= 1;
    }
    end
}

/// Characters that turn the direction of what follows can show one address and lead to another.
fn with_visible_turns(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        match letter {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                shown.push_str("[U+");
                for shift in [12, 8, 4, 0] {
                    let digit = char::from_digit(letter as u32 >> shift & 15, 16).unwrap_or('0');
                    shown.push(digit.to_ascii_uppercase());
                }
                shown.push(']');
            }
            _ => shown.push(letter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Piece {
        Piece::Plain(text.to_owned())
    }

    fn link(href: &str, rest: &str) -> Piece {
        Piece::Link(href.to_owned(), rest.to_owned())
    }

    #[test]
    fn addresses_are_links_and_nothing_else_is() {
        let text = "<b>見る</b> https://example.com/a?b=1。 javascript:alert(2) mailto:a@example.com!";
        let expected = [
            plain("<b>見る</b> "),
            link("https://example.com/a?b=1", ""),
            plain("。 javascript:alert(2) "),
            link("mailto:a@example.com", "!"),
        ];
        assert_eq!(pieces(text), expected);
        assert_eq!(pieces("https:// http://"), [plain("https:// http://")]);
    }

    /// An address ends where the sentence goes on, in Japanese too.
    #[test]
    fn an_address_in_a_sentence_is_all_of_it_and_nothing_more() {
        for (text, expected) in [
            (
                "https://ja.wikipedia.org/wiki/サクラ_(曖昧さ回避)",
                "https://ja.wikipedia.org/wiki/サクラ_(曖昧さ回避)",
            ),
            ("（https://example.com/a_(b)）を見てください", "https://example.com/a_(b)"),
            ("【https://example.com/help】をご覧ください", "https://example.com/help"),
            ("『https://example.com/help』です", "https://example.com/help"),
            ("〈https://example.com/help〉です", "https://example.com/help"),
            ("https://example.com/help！", "https://example.com/help"),
            ("https://example.com/help？はい", "https://example.com/help"),
            ("https://example.com/helpをご覧ください", "https://example.com/help"),
            ("https://example.com/helpページ", "https://example.com/help"),
            ("https://example.com/設定/ユーザー", "https://example.com/設定/ユーザー"),
            ("https://example.com/?q=検索", "https://example.com/?q=検索"),
            ("https://例え.jp/a", "https://例え.jp/a"),
            ("HTTPS://EXAMPLE.COM/HELP", "HTTPS://EXAMPLE.COM/HELP"),
            ("https://example.com/?name=O'Brien&x=1", "https://example.com/?name=O'Brien&x=1"),
            ("'https://example.com/a'", "https://example.com/a"),
            ("mailto:tanaka@example.comまで", "mailto:tanaka@example.com"),
            ("https://example.com/a. 次の文です", "https://example.com/a"),
            ("(see https://example.com/a)", "https://example.com/a"),
            ("(https://example.com/a_(b)).", "https://example.com/a_(b)"),
            ("[https://example.com/a[1]]", "https://example.com/a[1]"),
            ("https://example.com/a…", "https://example.com/a"),
        ] {
            let found: Vec<String> = pieces(text)
                .into_iter()
                .filter_map(|piece| match piece {
                    Piece::Link(href, _) => Some(href),
                    Piece::Plain(_) => None,
                })
                .collect();
            assert_eq!(found, [expected], "{text}");
        }
    }

    #[test]
    fn white_space_is_what_the_standard_library_says() {
        assert!(
            (0..0x11_0000)
                .filter_map(char::from_u32)
                .all(|letter| is_blank(letter) == letter.is_whitespace())
        );
        assert_eq!(trim(" \u{3000}a b\u{85}"), "a b");
    }

    #[test]
    fn what_turns_the_direction_is_shown() {
        assert_eq!(
            pieces("http://good.example/\u{202e}moc.live"),
            [link("http://good.example/[U+202E]moc.live", "")]
        );
        assert_eq!(pieces("\u{61c}a"), [plain("[U+061C]a")]);
    }
}
