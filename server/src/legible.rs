//! Whether there is anything to read in what a person wrote.

use search::is_shapeless;

/// Whether a text shows anything. Blanks, control characters and signs without a shape alone (Unicode's
/// `Default_Ignorable_Code_Point`: joiners, marks of direction, fillers) show nothing.
pub fn is_legible(text: &str) -> bool {
    text.chars().any(|sign| !sign.is_whitespace() && !sign.is_control() && !is_shapeless(sign))
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
