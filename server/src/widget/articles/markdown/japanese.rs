//! What Markdown does not know of Japanese, which has no blanks between words.

/// Put between a mark of stress and a sign, so that CommonMark takes `を**「設定」**で` for stress: its rule wants a
/// blank there, which Japanese has not. It is no sign and no blank (WORD JOINER), and goes again.
const JOINER: char = '\u{2060}';

/// Whether a letter takes the room of two and words of it have no blanks between them.
pub fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}

/// Puts a joiner between marks of stress and signs: beside full-width signs, and beside others where Japanese goes on
/// behind the mark, as in `**注意:**必ず`.
pub fn with_joiners(markdown: &str) -> String {
    let is_wide_sign = |sign: char| is_wide(sign) && !sign.is_alphanumeric();
    let mut joined = String::with_capacity(markdown.len());
    let mut rest = markdown;
    let mut before = '\n';
    while let Some(letter) = rest.chars().next() {
        let marks = rest.len() - rest.trim_start_matches('*').len();
        let (run, after) = rest.split_at(marks.max(letter.len_utf8()));
        let next = after.chars().next().unwrap_or('\n');
        // A mark behind a backslash is a letter.
        let is_mark = marks > 0 && before != '\\';
        let joins = |sign: char, beyond: char| {
            is_mark && (is_wide_sign(sign) || sign.is_ascii_punctuation() && is_wide(beyond))
        };
        if joins(before, next) {
            joined.push(JOINER);
        }
        joined.push_str(run);
        if joins(next, before) {
            joined.push(JOINER);
        }
        before = letter;
        rest = after;
    }
    joined
}

pub fn without_joiners(text: &str) -> String {
    text.replace(JOINER, "")
}

/// Whether a line begins as an item of a list does in Japanese: with a dot, a circled number, or a full-width one.
pub fn begins_item(line: &str) -> bool {
    let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '０'..='９');
    let inner = line.strip_prefix(['(', '（']).unwrap_or(line);
    let rest = inner.trim_start_matches(is_number);
    let is_numbered = rest.len() < inner.len() && rest.starts_with(['.', '．', ')', '）', '、', ':', '：']);
    is_numbered
        || line.starts_with(['・', '•', '●', '○', '■', '□', '◆', '◇', '※', '→', '⇒', '▶', '►', '☆', '★'])
        || matches!(line.chars().next(), Some('①'..='⑳' | '❶'..='❿'))
}
