//! From a bundle to Rust constants, for build scripts.
#![expect(clippy::print_stdout, reason = "cargo reads a build script's output")]

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

use crate::bundle::{Bundle, bundle, folder};

/// Writes `NAME.rs` into the build folder: a `struct Texts` with a field for each key of the bundle, and
/// `texts(locale)`, which is Japanese for `ja…` and English for every other language.
///
/// # Errors
/// When a file cannot be read, or a key is in one language only.
pub fn constants(name: &str) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder().display());
    let (ja, en) = (bundle("ja", name)?, bundle("en", name)?);
    if !ja.keys().eq(en.keys()) {
        return Err(format!("keys only in ja: {:?}, only in en: {:?}", only(&ja, &en), only(&en, &ja)).into());
    }
    let mut code = String::from("/// Every text of one language.\npub struct Texts {\n");
    for (key, value) in &en {
        writeln!(code, "    /// {value}\n    pub {key}: {},", kind(value))?;
    }
    code.push_str("}\n\n/// The texts for a BCP 47 tag.\npub fn texts(locale: &str) -> &'static Texts {\n");
    code.push_str("    if locale.starts_with(\"ja\") { &JA } else { &EN }\n}\n");
    for (language, texts) in [("JA", ja), ("EN", en)] {
        writeln!(code, "static {language}: Texts = Texts {{")?;
        for (key, value) in texts {
            writeln!(code, "    {key}: {},", literal(&value))?;
        }
        code.push_str("};\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join(name).with_extension("rs"), code)?;
    Ok(())
}

fn only(a: &Bundle, b: &Bundle) -> Vec<String> {
    a.keys().filter(|key| !b.contains_key(*key)).cloned().collect()
}

fn kind(value: &Value) -> &'static str {
    if value.is_array() { "&'static [&'static str]" } else { "&'static str" }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Array(texts) => format!("&[{}]", texts.iter().map(literal).collect::<Vec<_>>().join(", ")),
        other => format!("{:?}", other.as_str().unwrap_or_default()),
    }
}
