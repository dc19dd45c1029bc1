//! How searches compare texts, in the collector and in the console: not by width, case, the form of an accent, the kind of
//! kana, or which of several like signs an input method or an office program writes. Pure.

use std::ops::Range;

/// Returns the form in which a search compares a text.
///
/// Compatibility forms are made plain (NFKC: ﾃｽﾄ is テスト, ＣＳＶ is CSV, an accent belongs to its letter), then letters
/// small, katakana hiragana, and like signs one. What nobody sees is left out; blanks in a row are one.
pub fn search_form(text: &str) -> String {
    let joined: String = text.chars().filter(|sign| !is_shapeless(*sign)).map(joining).collect();
    let mut form = String::with_capacity(joined.len());
    // Letter by letter: as a whole, the last sigma of a word would be another one than within it.
    for sign in plain(&joined).chars().flat_map(char::to_lowercase).map(usual) {
        if sign != ' ' || !form.ends_with(' ') {
            form.push(sign);
        }
    }
    form
}

/// Returns where the words stand in a text for the first time, as a search compares them, in bytes of the text as it is
/// written; none where they do not, or where nothing is looked for.
pub fn find(text: &str, words: &str) -> Option<Range<usize>> {
    let words = search_form(words);
    let at = search_form(text).find(&words).filter(|_| !words.is_empty())?;
    // Where a search compares them, texts may have another length: a place is behind what has this length there.
    let places: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let length = |place: usize| search_form(&text[..place]).len();
    let last = |most| places.partition_point(|place| length(*place) <= most).saturating_sub(1);
    let start = *places.get(last(at))?;
    let end = last(at + words.len());
    // A sign that became several ends with the last of them.
    let end = if length(*places.get(end)?) < at + words.len() { end + 1 } else { end };
    Some(start..*places.get(end)?)
}

/// Whether a sign has no shape of its own (Unicode's `Default_Ignorable_Code_Point`): joiners, marks of direction, fillers,
/// variants.
pub fn is_shapeless(sign: char) -> bool {
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

/// Makes the marks of voiced kana, which stand by themselves here, belong to the kana before them: か゛ is が.
fn joining(sign: char) -> char {
    match sign {
        '゛' => '\u{3099}',
        '゜' => '\u{309a}',
        other => other,
    }
}

/// Returns the one of several like signs that a search compares.
fn usual(sign: char) -> char {
    match sign {
        // Half-width kana have no small ones of these.
        'ヵ' | 'ゕ' => 'か',
        'ヶ' | 'ゖ' => 'け',
        'ァ'..='ヴ' | 'ヽ' | 'ヾ' => char::from_u32(sign as u32 - KATAKANA).unwrap_or(sign),
        // Dashes and the minus sign, a long vowel and a line drawn with it among them.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{fe58}' | 'ー' => '-',
        '\u{2053}' | '\u{223c}' | '〜' | '〰' => '~',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201f}' | '\u{2033}' => '"',
        '\u{2225}' => '\u{2016}',
        '\u{b7}' | '\u{2022}' => '・',
        blank if blank.is_whitespace() => ' ',
        other => other,
    }
}

/// From hiragana to katakana.
const KATAKANA: u32 = 'ァ' as u32 - 'ぁ' as u32;

#[cfg(not(target_arch = "wasm32"))]
fn plain(text: &str) -> String {
    icu_normalizer::ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

#[cfg(target_arch = "wasm32")]
fn plain(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_another_way_is_the_same() {
        for (one, other) in [
            ("ﾃｽﾄ会社です", "テスト会社です"),
            ("ﾊﾞｯｸ", "バック"),
            ("ｶﾞｲﾄﾞ", "ガイド"),
            ("カ\u{3099}", "ガ"),
            ("か゛き゜", "か\u{3099}き\u{309a}"),
            ("ｶ゛", "ガ"),
            ("がいど", "ガイド"),
            ("さとう", "サトウ"),
            ("ｳﾞｧｲｵﾘﾝ", "ゔぁいおりん"),
            ("1ｹ月", "1ヶ月"),
            ("ヽヾ", "ゝゞ"),
            ("ＣＳＶが", "csvが"),
            ("請求書　２０２６年１１月分", "請求書 2026年11月分"),
            ("E\u{301}COLE", "école"),
            ("カ\u{3099}イト\u{3099}フ\u{3099}ック", "ガイドブック"),
            ("10〜20", "10～20"),
            ("10〜20", "10~20"),
            ("03−1234", "03-1234"),
            ("03－1234", "03-1234"),
            ("03ー1234", "03-1234"),
            ("03ｰ1234", "03‐1234"),
            ("A—B", "a―b"),
            ("don’t", "don't"),
            ("“引用”", "＂引用＂"),
            ("A‖B", "a∥b"),
            ("ジョン・スミス", "ｼﾞｮﾝ･ｽﾐｽ"),
            ("二 つ\u{3000}の\u{a0}空白", "二 つ の 空白"),
            ("一行\r\n二行", "一行 二行"),
            ("葛\u{e0100}城", "葛城"),
            ("\u{feff}見\u{200b}積\u{ad}書", "見積書"),
            ("神\u{fa19}社", "神神社"),
            ("①㈱", "1(株)"),
            ("ΟΔΟΣ", "οδοσ"),
        ] {
            assert_eq!(search_form(one), search_form(other), "{one}");
            assert_eq!(
                search_form(&search_form(one)),
                search_form(one),
                "{one}: its form has a form of its own"
            );
        }
        for (one, other) in [
            ("resume", "résumé"),
            ("は", "ば"),
            ("つ", "っ"),
            ("ユーザー", "ユーザ"),
            ("一", "二"),
            ("a b", "ab"),
        ] {
            assert_ne!(search_form(one), search_form(other), "{one}: another word");
        }
    }

    #[test]
    fn words_are_found_where_they_are_written() {
        for (text, words, found) in [
            ("請求書の宛名を変えたい", "宛名", "宛名"),
            ("あInvoiceい", "invoice", "Invoice"),
            ("アﾊﾞｯｸｱｯﾌﾟい", "バックアップ", "ﾊﾞｯｸｱｯﾌﾟ"),
            ("アﾊﾞｯｸｱｯﾌﾟい", "ばっくあっぷ", "ﾊﾞｯｸｱｯﾌﾟ"),
            (
                "カ\u{3099}イト\u{3099}フ\u{3099}ック.pdf",
                "ガイドブック",
                "カ\u{3099}イト\u{3099}フ\u{3099}ック",
            ),
            ("10〜20名", "10～20", "10〜20"),
            ("①㈱東", "株", "㈱"),
            ("a\n\n b", "a b", "a\n\n b"),
            ("İstanbul", "stan", "stan"),
            ("最後", "後", "後"),
        ] {
            assert_eq!(find(text, words).map(|place| &text[place]), Some(found), "{words} in {text}");
        }
        assert_eq!(find("請求書", "領収書"), None);
        assert_eq!(find("請求書", "\u{200b}"), None);
    }
}
