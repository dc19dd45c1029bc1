//! A bundle: the texts of one part of the product in one language, `locales/LOCALE/NAME.json`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

/// Texts by key. A value is a text or a list of texts.
pub type Bundle = BTreeMap<String, Value>;

/// The languages of the product; each has a folder in `locales/`.
pub const LOCALES: [&str; 2] = ["ja", "en"];

/// The bundle of texts that several parts share, such as "Close".
const COMMON: &str = "common";

/// The folder of all texts.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../locales"))
}

/// Reads a bundle. A text `@key` stands for that text of the common bundle.
///
/// # Errors
/// When a file cannot be read, or a value names a key that the common bundle does not have.
pub fn bundle(locale: &str, name: &str) -> Result<Bundle, Box<dyn Error>> {
    let common = read(locale, COMMON)?;
    read(locale, name)?.into_iter().map(|(key, value)| Ok((key, resolve(value, &common)?))).collect()
}

fn read(locale: &str, name: &str) -> Result<Bundle, Box<dyn Error>> {
    let file = folder().join(locale).join(name).with_extension("json");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()).into())
}

fn resolve(value: Value, common: &Bundle) -> Result<Value, Box<dyn Error>> {
    if let Value::Array(texts) = value {
        return texts
            .into_iter()
            .map(|text| resolve(text, common))
            .collect::<Result<_, _>>()
            .map(Value::Array);
    }
    let Some(key) = value.as_str().and_then(|text| text.strip_prefix('@')) else { return Ok(value) };
    common.get(key).cloned().ok_or_else(|| format!("@{key} is not in the common bundle").into())
}
