//! Finds articles by a question as people write it.
//!
//! Questions seldom use a title's words, and Japanese puts no spaces between them, so pairs of adjacent letters
//! are compared. Texts come in folded: width, case, spaces and punctuation are the caller's to take out, since a
//! browser has the tables for that and a module would have to bring them.

/// The share of a question's pairs that a text must have to be about it.
const ENOUGH: f64 = 0.4;

/// A text that can be searched, folded.
#[derive(Clone, Debug, Default)]
pub struct Searchable {
    /// The letters of title and text.
    all: Vec<char>,
    /// How many of them are the title's.
    title: usize,
}

impl Searchable {
    /// Takes folded texts.
    pub fn new(title: &str, text: &str) -> Self {
        let mut all = letters(title);
        let title = all.len();
        for letter in text.chars() {
            all.push(letter);
        }
        Self { all, title }
    }
}

fn letters(text: &str) -> Vec<char> {
    let mut all = Vec::new();
    for letter in text.chars() {
        all.push(letter);
    }
    all
}

/// The indexes of the texts that are about a folded question, the best first; `text` gives those below `count`.
pub fn rank<'a>(question: &str, count: usize, text: impl Fn(usize) -> Option<&'a Searchable>) -> Vec<usize> {
    let question = letters(question);
    let (mut found, mut scores): (Vec<usize>, Vec<f64>) = (Vec::new(), Vec::new());
    for index in 0..count {
        let score = text(index).map_or(0.0, |text| score(&question, text));
        if score > 0.0 {
            // Equal ones keep their order.
            let at = scores.iter().position(|other| *other < score).unwrap_or(scores.len());
            scores.insert(at, score);
            found.insert(at, index);
        }
    }
    found
}

/// How well a text fits: above zero when it has enough of the question's pairs, and more when its title has them.
fn score(question: &[char], text: &Searchable) -> f64 {
    // One letter makes no pair.
    if let [letter] = question {
        return f64::from(u8::from(text.all.contains(letter)));
    }
    match share(question, &text.all) {
        all if all < ENOUGH => 0.0,
        all => 2.0 * share(question, text.all.get(..text.title).unwrap_or_default()) + all,
    }
}

/// The share of a question's different pairs that letters have; none of none.
fn share(question: &[char], letters: &[char]) -> f64 {
    let (mut pairs, mut found) = (0.0, 0.0);
    for (at, pair) in question.windows(2).enumerate() {
        // Each pair counts once, where it stands first; two pairs share the letter between them.
        let before = question.get(..at + 1).unwrap_or_default();
        if !has(before, pair) {
            pairs += 1.0;
            if has(letters, pair) {
                found += 1.0;
            }
        }
    }
    if pairs > 0.0 { found / pairs } else { 0.0 }
}

fn has(letters: &[char], pair: &[char]) -> bool {
    letters.windows(2).any(|other| other == pair)
}

#[cfg(test)]
mod tests {
    use super::Searchable;

    fn texts() -> Vec<Searchable> {
        [
            ("ユーザーを登録するには", "設定の画面で追加します"),
            ("請求書の宛名を変えるには", "請求の画面で"),
            ("howtoexport", "csvfiles"),
        ]
        .map(|(title, text)| Searchable::new(title, text))
        .to_vec()
    }

    fn rank(question: &str, texts: &[Searchable]) -> Vec<usize> {
        super::rank(question, texts.len(), |at| texts.get(at))
    }

    #[test]
    fn a_question_in_other_words_finds_its_article() {
        assert_eq!(rank("ユーザー登録したい", &texts()), [0]);
        assert_eq!(rank("宛名を変えたい", &texts()), [1]);
        assert_eq!(rank("export", &texts()), [2]);
    }

    #[test]
    fn what_fits_the_title_comes_first() {
        let texts = [Searchable::new("あいう", "かきくけこ"), Searchable::new("かきくけこ", "あいう")];
        assert_eq!(rank("かきくけこ", &texts), [1, 0]);
    }

    #[test]
    fn one_letter_and_nonsense() {
        assert_eq!(rank("請", &texts()), [1]);
        assert!(rank("zzzz", &texts()).is_empty() && rank("", &texts()).is_empty());
    }
}
