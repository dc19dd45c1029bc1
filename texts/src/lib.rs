//! Texts in the person's language.
//!
//! Every text is in `locales/LOCALE/BUNDLE.json`, a bundle for each part of the product. A build script
//! calls `constants`, so no browser parses them and a key that is missing in one language stops the build.
//! At run time only [`fill`] is left. Why constants and not a format that browsers read: each byte of the
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
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("あと{n}つ・約{m}分", &[("n", "2"), ("m", "8")]), "あと2つ・約8分");
        assert_eq!(fill("{a}、{a}", &[("a", "{a}")]), "{a}、{a}");
    }
}
