//! From locale files to Rust.
#![expect(clippy::print_stdout, reason = "cargo reads a build script's output")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

type Texts = BTreeMap<String, String>;

/// Writes `texts.rs` into the build folder: a `struct Texts` with a field for each key, and
/// `texts(locale)`, which is Japanese for `ja…` and English for every other language.
///
/// # Errors
/// When a file cannot be read, or a key is in one language only.
pub fn constants() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let (ja, en) = (read("ja")?, read("en")?);
    if !ja.keys().eq(en.keys()) {
        let only =
            |a: &Texts, b: &Texts| a.keys().filter(|key| !b.contains_key(*key)).cloned().collect::<Vec<_>>();
        return Err(format!("keys only in ja: {:?}, only in en: {:?}", only(&ja, &en), only(&en, &ja)).into());
    }
    let mut code = String::from("/// Every text of one language.\npub struct Texts {\n");
    for (key, text) in &en {
        writeln!(code, "    /// {text:?}\n    pub {key}: &'static str,")?;
    }
    code.push_str("}\n\n/// The texts for a BCP 47 tag.\npub fn texts(locale: &str) -> &'static Texts {\n");
    code.push_str("    if locale.starts_with(\"ja\") { &JA } else { &EN }\n}\n");
    for (name, texts) in [("JA", ja), ("EN", en)] {
        writeln!(code, "static {name}: Texts = Texts {{")?;
        for (key, text) in texts {
            writeln!(code, "    {key}: {text:?},")?;
        }
        code.push_str("};\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("texts.rs"), code)?;
    Ok(())
}

fn read(locale: &str) -> Result<Texts, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(format!("locales/{locale}.json"))?)?)
}
