//! What a name can be looked for by: as it is written, by the kana in it read as roman letters, and with long vowels
//! left short as most people type them. Kanji have no reading without a dictionary
//! (`docs/decisions/0014-console.md`).

use search::search_form;
use wana_kana::ConvertJapanese;

/// Tells whether a text has these words, each somewhere.
pub fn has_words(text: &str, words: &str) -> bool {
    let (text, words) = (search_form(text), search_form(words));
    // Each word that has roman letters is looked for in what is read as well.
    let is_roman = |word: &str| word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_read = words.split_whitespace().any(is_roman);
    let read = if is_read { short(&text.to_romaji()) } else { String::new() };
    words
        .split_whitespace()
        .all(|word| text.contains(word) || (is_roman(word) && read.contains(&short(word))))
}

/// Leaves long vowels short, and out what separates signs: "toukyou" is "tokyo", "ken'ichi" is "kenichi".
fn short(roman: &str) -> String {
    let mut kept = String::new();
    for sign in roman.chars() {
        let is_long = match (kept.chars().last(), sign) {
            (Some('o'), 'u') => true,
            (Some(last), sign) => last == sign && "aiueo".contains(sign),
            _ => false,
        };
        if !is_long && !"-'".contains(sign) {
            kept.push(sign);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_are_found_by_roman_letters_as_people_type_them() {
        for (name, words) in [
            ("さとう はなこ", "sato hanako"),
            ("さとう はなこ", "satou"),
            ("サトウ商店", "satou"),
            ("トウキョウ ラーメン", "tokyo ramen"),
            ("おおの けんいち", "ono kenichi"),
            ("しんじゅく", "shinjuku"),
            ("株式会社カシワ", "kashiwa"),
            ("ＡＢＣ商事", "abc"),
            ("製造A社", "製造ａ"),
            ("さとう", "さとう"),
            ("ｻﾄｳ商店", "サトウ"),
            ("サトウ商店", "さとう"),
            ("ｶﾞｲﾄﾞ", "gaido"),
            ("カ\u{3099}イト\u{3099}", "ガイド"),
            ("03−1234", "03-1234"),
            ("10〜20名", "10～20"),
            ("tanaka@example.com", "tanaka"),
        ] {
            assert!(has_words(name, words), "{words} in {name}");
        }
        assert!(!has_words("さとう はなこ", "sato kenji"));
        assert!(!has_words("田中 健", "tanaka"), "kanji have no reading of their own");
    }
}
