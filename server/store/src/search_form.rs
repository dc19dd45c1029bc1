//! How texts are compared by a search, the same in every store: not by width, case or the form of an accent.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Returns the form of a text in which a search compares it: compatibility forms made plain (NFKC: ﾃｽﾄ is テスト,
/// ＣＳＶ is CSV, an accent belongs to its letter) and small letters. The widget's own searches compare likewise.
pub fn search_form(text: &str) -> String {
    let plain = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    // Letter by letter: as a whole, the last sigma of a word would be another one than within it.
    plain.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::search_form;

    #[test]
    fn width_case_and_form_make_no_difference() {
        for (one, other) in [
            ("ﾃｽﾄ会社です", "テスト会社です"),
            ("ﾊﾞｯｸ", "バック"),
            ("ＣＳＶが", "csvが"),
            ("請求書　２０２６年１１月分", "請求書 2026年11月分"),
            ("E\u{301}COLE", "école"),
            ("カ\u{3099}イト\u{3099}フ\u{3099}ック", "ガイドブック"),
            ("ΟΔΟΣ", "οδοσ"),
            ("①㈱", "1(株)"),
        ] {
            assert_eq!(search_form(one), search_form(other), "{one}");
        }
        for (one, other) in [("テスト", "てすと"), ("resume", "résumé"), ("は", "ば")] {
            assert_ne!(search_form(one), search_form(other), "{one}: another word");
        }
    }
}
