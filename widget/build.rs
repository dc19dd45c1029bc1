//! Turns the texts of `locales/` into constants, and the styles of parts into texts, and leaves relocations in the
//! module where it is to be split.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    for bundle in [
        "widget",
        "activity",
        "strip",
        "prompts",
        "inline_form",
        "guide",
        "clips",
        "chat",
        "chat_articles",
        "chat_thread",
        "chat_extras",
    ] {
        texts::constants(bundle)?;
    }
    for sheet in ["card", "strip", "prompts", "chat_articles", "chat_thread", "chat_extras", "guide", "clips"]
    {
        styles(sheet)?;
    }
    println!("cargo::rerun-if-env-changed=TABIJI_SPLIT");
    if env::var_os("TABIJI_SPLIT").is_some() {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
        // Half of what is usual: addresses of statics then take three bytes each instead of four.
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=524288");
    }
    Ok(())
}

/// Writes `NAME.css` into the build folder, without comments and blanks that browsers do not need.
fn styles(name: &str) -> Result<(), Box<dyn Error>> {
    let source = Path::new("styles").join(name).with_extension("css");
    println!("cargo::rerun-if-changed={}", source.display());
    let text = fs::read_to_string(&source)?;
    let mut small = String::new();
    for (at, part) in text.split("/*").enumerate() {
        // What follows the end of a comment; the text before the first one is none.
        let rule = if at == 0 { part } else { part.split_once("*/").map_or("", |(_, rest)| rest) };
        for line in rule.lines() {
            let line = line.trim();
            small.push_str(line);
            if !line.is_empty() && !line.ends_with(['{', '}', ';', ',']) {
                small.push(' ');
            }
        }
    }
    // A part's styles are adopted by script, and browsers refuse to import from such a sheet.
    if small.contains("@import") {
        return Err(format!("{}: @import has no effect here", source.display()).into());
    }
    let small = small.replace(" {", "{").replace(": ", ":").replace(";}", "}");
    fs::write(Path::new(&env::var("OUT_DIR")?).join(name).with_extension("css"), small)?;
    Ok(())
}
