//! Texts in the person's language.
//!
//! Every text is in `locales/LOCALE/BUNDLE.json`, a bundle for each part of the product. A build script
//! calls `constants`, so no browser parses them and a key that is missing in one language stops the build.
//! At run time only [`fill`] and what puts texts together or cuts them are left. Why constants and not a format that browsers read: each byte of the
//! widget counts (`docs/decisions/0001-bytes.md`).

#[cfg(feature = "build")]
mod bundle;
#[cfg(feature = "build")]
mod constants;

#[cfg(feature = "build")]
pub use bundle::{Bundle, LOCALES, bundle, folder};
#[cfg(feature = "build")]
pub use constants::constants;

/// Puts values in the place of `{name}`; what stands in a value is left as it is.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let (before, Some(after)) = cut(rest, b'{') {
        filled.push_str(before);
        let (name, tail) = cut(after, b'}');
        filled.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = tail.unwrap_or_default();
    }
    filled.push_str(rest);
    filled
}

/// Puts texts together. The standard library's `concat` is compiled again for each part of the widget, at a kilobyte.
pub fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// Puts texts together with a text between each and the next.
pub fn join<T: AsRef<str>>(parts: &[T], between: &str) -> String {
    let mut whole = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            whole.push_str(between);
        }
        whole.push_str(part.as_ref());
    }
    whole
}

/// What stands before the first `sign`, and what comes after it, if it is there. The sign is ASCII.
///
/// The standard library's `split_once` and `split` bring a searcher for every kind of pattern.
pub fn cut(text: &str, sign: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == sign) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

/// What stands in a text between one `sign` and the next. The sign is ASCII.
pub fn split(text: &str, sign: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (piece, after) = cut(rest?, sign);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("あと{n}つ・約{m}分", &[("n", "2"), ("m", "8")]), "あと2つ・約8分");
        assert_eq!(fill("{a}、{a}", &[("a", "{a}")]), "{a}、{a}");
        assert_eq!(fill("{unknown}あ{a", &[("a", "1")]), "あ1");
    }

    #[test]
    fn texts_are_cut_at_signs_and_put_together() {
        assert_eq!(cut("名前=値=2", b'='), ("名前", Some("値=2")));
        assert_eq!(cut("=値", b'='), ("", Some("値")));
        assert_eq!(cut("名前=", b'='), ("名前", Some("")));
        assert_eq!(cut("名前", b'='), ("名前", None));
        for text in ["a b  c ", "", " ", "あ い"] {
            assert_eq!(
                split(text, b' ').collect::<Vec<_>>(),
                text.split(' ').collect::<Vec<_>>(),
                "{text:?}"
            );
        }
        assert_eq!(concat(&["あ", "", "b"]), "あb");
        assert_eq!(
            (join(&["あ", "", "b"], "、"), join::<&str>(&[], "、")),
            ("あ、、b".into(), String::new())
        );
    }
}
