//! The texts of `locales/`: every language has the same bundles with the same keys and placeholders, the common bundle
//! has nothing that no other bundle refers to, and no text counts in the plural, since there may be one of a thing.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;
use serde_json::Value;
use texts::{Bundle, LOCALES, bundle, folder};

const COMMON: &str = "common";

/// Names what one language has and the other has not.
pub fn faults() -> Result<Vec<String>> {
    let [ja, en] = LOCALES;
    let mut faults = Vec::new();
    let (here, there) = (bundles(ja)?, bundles(en)?);
    faults.extend(here.symmetric_difference(&there).map(|name| format!("{name} is in one language only")));
    for name in here.intersection(&there) {
        match (bundle(ja, name), bundle(en, name)) {
            (Ok(ja), Ok(en)) => {
                faults.extend(differences(name, &ja, &en));
                faults.extend(plurals(name, &en));
            }
            (Err(error), _) | (_, Err(error)) => faults.push(format!("{name}: {error}")),
        }
    }
    faults.extend(unused(&here)?);
    Ok(faults)
}

fn bundles(locale: &str) -> Result<BTreeSet<String>> {
    let names = fs::read_dir(folder().join(locale))?
        .map(|entry| Ok(entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned()));
    names.collect()
}

fn differences(name: &str, ja: &Bundle, en: &Bundle) -> Vec<String> {
    let mut faults = Vec::new();
    for key in ja.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        match (ja.get(key), en.get(key)) {
            (Some(ja), Some(en)) if placeholders(ja) != placeholders(en) => {
                faults.push(format!("{name}: {key} has other placeholders in the other language"));
            }
            (Some(_), Some(_)) => {}
            _ => faults.push(format!("{name}: {key} is in one language only")),
        }
    }
    faults
}

/// English texts with a plural behind a placeholder, such as `{m} minutes`. Say `{m} min`, or `Minutes: {m}`.
fn plurals(name: &str, en: &Bundle) -> Vec<String> {
    let counts = |text: &Value| {
        let text = text.to_string();
        let behind =
            text.split("} ").skip(1).map(|rest| rest.split(|sign: char| !sign.is_ascii_alphabetic()).next());
        // Shorter ones are verbs: is, was, has.
        behind.flatten().any(|word| word.len() > 3 && word.ends_with('s'))
    };
    let found = en.iter().filter(|(_, text)| counts(text));
    found.map(|(key, text)| format!("{name}: {key} counts in the plural: {text}")).collect()
}

fn placeholders(value: &Value) -> BTreeSet<String> {
    let text = value.to_string();
    let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Common texts that no bundle refers to.
fn unused(bundles: &BTreeSet<String>) -> Result<Vec<String>> {
    let locale = LOCALES[0];
    let mut all = String::new();
    for name in bundles.iter().filter(|name| *name != COMMON) {
        all.push_str(&fs::read_to_string(folder().join(locale).join(name).with_extension("json"))?);
    }
    let common = bundle(locale, COMMON).unwrap_or_default();
    let unused = common.into_keys().filter(|key| !all.contains(&format!("\"@{key}\"")));
    Ok(unused.map(|key| format!("{COMMON}: {key} is in no bundle")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w12_no_text_counts_in_the_plural() -> Result<()> {
        for name in bundles("en")? {
            assert_eq!(plurals(&name, &bundle("en", &name).unwrap_or_default()), [""; 0]);
        }
        let of = |text: &str| plurals("b", &Bundle::from_iter([("k".to_owned(), Value::from(text))])).len();
        let many = ["about {m} minutes.", "{n}, by {m} people and {n} guests", "{n} of {m} results"];
        assert_eq!(many.map(of), [1; 3]);
        assert_eq!(["about {m} min", "Days taken: {n}", "{name} was assigned", "{n} left"].map(of), [0; 4]);
        Ok(())
    }

    #[test]
    fn w12_each_of_several_names_has_its_honorific() {
        let strip = bundle("ja", "strip").unwrap_or_default();
        let text = |key: &str| strip.get(key).and_then(Value::as_str).unwrap_or_default();
        let names = ["田中 健", "鈴木 花", "佐藤"].join(text("and"));
        let shown = texts::fill(text("together"), &[("names", &names)]);
        assert_eq!(shown, "田中 健さん・鈴木 花さん・佐藤さんで完了。");
    }
}
