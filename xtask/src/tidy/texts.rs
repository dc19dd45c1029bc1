//! The texts of `locales/`: every language has the same bundles with the same keys and placeholders,
//! and the common bundle has nothing that no other bundle refers to.

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
            (Ok(ja), Ok(en)) => faults.extend(differences(name, &ja, &en)),
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
