//! Whether there is anything to read in what a person wrote.

/// Whether a text shows anything. Blanks, control characters and signs without a shape alone (Unicode's
/// `Default_Ignorable_Code_Point`: joiners, marks of direction, fillers) show nothing.
pub fn is_legible(text: &str) -> bool {
    text.chars().any(|sign| !sign.is_whitespace() && !sign.is_control() && !is_shapeless(sign))
}

fn is_shapeless(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_legible;

    #[test]
    fn signs_that_nobody_sees_are_no_text() {
        for empty in
            ["", " \u{3000}\n", "\0", "\u{1}\u{7f}\u{9b}", "\u{200b}\u{200d}", "\u{202e}\u{2066}", "\u{3164}"]
        {
            assert!(!is_legible(empty), "{empty:?}");
        }
        for text in ["a", "。", "\u{1}a", "👩\u{200d}🔧", "❤\u{fe0f}", "\0?"] {
            assert!(is_legible(text), "{text:?}");
        }
    }
}
