//! Messages as they are shown: plain text with links, and nothing that turns the direction of text unseen.

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Plain(String),
    /// An address, and the sentence's own signs that stand behind it.
    Link(String, String),
}

/// Characters that end an address.
const ENDS: [char; 10] = ['<', '>', '"', '\'', '、', '。', '，', '）', '」', '\u{3000}'];
/// Signs at the end of an address that belong to the sentence.
const SENTENCE: [char; 8] = ['.', ',', ';', ':', '!', '?', ')', ']'];

/// The pieces of a text, in order.
pub fn pieces(text: &str) -> Vec<Piece> {
    let text = with_visible_turns(text);
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let Some(address) = text.get(at..).and_then(address) else {
            plain.push(letter);
            continue;
        };
        for _ in address.chars().skip(1) {
            letters.next();
        }
        let href = address.trim_end_matches(SENTENCE);
        let rest = address.strip_prefix(href).unwrap_or_default();
        if !plain.is_empty() {
            pieces.push(Piece::Plain(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Link(href.to_owned(), rest.to_owned()));
    }
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

/// The address that a text begins with.
fn address(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://", "mailto:"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let ends = |letter: char| letter.is_whitespace() || ENDS.contains(&letter);
    let end = text.char_indices().find(|(_, letter)| ends(*letter)).map_or(text.len(), |(at, _)| at);
    text.get(..end).filter(|address| address.len() > scheme.len())
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

    #[test]
    fn what_turns_the_direction_is_shown() {
        assert_eq!(
            pieces("http://good.example/\u{202e}moc.live"),
            [link("http://good.example/[U+202E]moc.live", "")]
        );
        assert_eq!(pieces("\u{61c}a"), [plain("[U+061C]a")]);
    }
}
