//! What is said in a clip: where, and at what time. Texts are searched folded, as in [`crate::search`].

/// Seconds as `1:05`.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let (minutes, seconds) = split(seconds);
    let colon = if seconds < 10 { ":0" } else { ":" };
    minutes.to_string() + colon + &seconds.to_string()
}

/// Whole minutes and the whole seconds beyond them.
#[must_use]
pub fn split(seconds: f64) -> (u32, u32) {
    let whole = seconds.max(0.0) as u32;
    (whole / 60, whole % 60)
}

/// Whether a folded text has these letters; every text has none.
#[must_use]
pub fn contains(text: &str, letters: &str) -> bool {
    let letters = letters.as_bytes();
    letters.is_empty() || text.as_bytes().windows(letters.len()).any(|part| part == letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_like_a_clock() {
        for (seconds, expected) in [(0.0, "0:00"), (65.9, "1:05"), (299.0, "4:59"), (-1.0, "0:00")] {
            assert_eq!(clock(seconds), expected);
        }
        assert_eq!(split(125.5), (2, 5));
    }

    #[test]
    fn japanese_is_found_without_spaces_between_words() {
        assert!(contains("次にメールアドレスを入れます", "メールアドレス"));
        assert!(!contains("次にメールアドレスを入れます", "メアド"));
        assert!(contains("csvfile", "vf") && contains("a", "") && !contains("a", "ab"));
    }
}
