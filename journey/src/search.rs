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
    /// The title's letters.
    pub title: Vec<char>,
    /// The letters of title and text.
    pub all: Vec<char>,
}

impl Searchable {
    /// Takes folded texts.
    pub fn new(title: &str, text: &str) -> Self {
        Self { title: title.chars().collect(), all: title.chars().chain(text.chars()).collect() }
    }
}

/// The indexes of the texts that are about a folded question, the best first; `text` gives those below `count`.
pub fn rank<'a>(question: &str, count: usize, text: impl Fn(usize) -> Option<&'a Searchable>) -> Vec<usize> {
    let letters: Vec<char> = question.chars().collect();
    let mut pairs: Vec<&[char]> = Vec::new();
    for pair in letters.windows(2) {
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    let mut found: Vec<(f64, usize)> = Vec::new();
    for index in 0..count {
        let score = text(index).map_or(0.0, |text| match letters.as_slice() {
            // One letter makes no pair.
            [letter] => f64::from(u8::from(text.all.contains(letter))),
            _ => score(&pairs, text),
        });
        if score > 0.0 {
            // Equal ones keep their order.
            let at = found.iter().position(|(other, _)| *other < score).unwrap_or(found.len());
            found.insert(at, (score, index));
        }
    }
    found.into_iter().map(|(_, index)| index).collect()
}

/// How well a text fits: above zero when it has enough of the pairs, and more when its title has them.
fn score(pairs: &[&[char]], text: &Searchable) -> f64 {
    match share(pairs, &text.all) {
        all if all < ENOUGH => 0.0,
        all => 2.0 * share(pairs, &text.title) + all,
    }
}

/// The share of pairs that letters have; none of none.
fn share(pairs: &[&[char]], letters: &[char]) -> f64 {
    let found = pairs.iter().filter(|pair| letters.windows(2).any(|other| other == **pair)).count();
    if pairs.is_empty() { 0.0 } else { found as f64 / pairs.len() as f64 }
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
