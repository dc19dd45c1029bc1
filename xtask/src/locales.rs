//! The texts of `locales/` for scripts: esbuild puts them in as constants.

use anyhow::{Result, anyhow};
use serde_json::{Map, Value};

/// A bundle in one language.
fn bundle(locale: &str, name: &str) -> Result<Value> {
    let texts = texts::bundle(locale, name).map_err(|error| anyhow!("{error}"))?;
    Ok(serde_json::to_value(texts)?)
}

/// A bundle in every language, by language: for the basic panel, which has one build for all.
pub fn by_language(name: &str) -> Result<Value> {
    let languages = texts::LOCALES.into_iter();
    let all = languages.map(|locale| Ok((locale.to_owned(), bundle(locale, name)?)));
    Ok(all.collect::<Result<Map<_, _>>>()?.into())
}

/// What the launcher says before the flow's own title is known.
pub fn title(locale: &str) -> Result<String> {
    Ok(bundle(locale, "basic")?["title"].as_str().unwrap_or_default().to_owned())
}
