//! `tidy`: the rules of the house that no compiler knows.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::assets::files;

/// Lines of a file that is not a test.
const LONG_FILE: usize = 300;

/// What a crate may name as its dependency among ours and the heavy ones of others.
const IMPORTS: [(&str, &[&str]); 9] = [
    ("protocol", &["serde", "uuid", "schemars"]),
    ("journey", &["protocol", "jiff", "toml", "serde"]),
    ("texts", &["serde_json"]),
    ("server/store", &["protocol", "journey", "async-trait", "serde", "serde_json", "thiserror", "tokio"]),
    (
        "server/store-sqlite",
        &[
            "protocol",
            "journey",
            "store",
            "async-trait",
            "postcard",
            "rusqlite",
            "refinery",
            "serde",
            "serde_json",
            "sha2",
            "tokio",
            "tracing",
            "uuid",
            "zstd",
        ],
    ),
    (
        "widget",
        &[
            "protocol",
            "journey",
            "texts",
            "reactive_graph",
            "tachys",
            "any_spawner",
            "send_wrapper",
            "wasm-bindgen",
            "wasm-bindgen-futures",
            "js-sys",
            "web-sys",
            "gloo-timers",
            "gloo-events",
        ],
    ),
    (
        "console",
        &[
            "protocol",
            "journey",
            "texts",
            "leptos",
            "leptos_router",
            "wasm-bindgen",
            "js-sys",
            "web-sys",
            "gloo-events",
            "gloo-net",
            "serde",
            "serde_json",
        ],
    ),
    (
        "demo-site",
        &[
            "anyhow",
            "axum",
            "clap",
            "csv",
            "getrandom",
            "jsonwebtoken",
            "maud",
            "reqwest",
            "serde",
            "serde_json",
            "tokio",
            "tracing",
            "tracing-subscriber",
            "uuid",
        ],
    ),
    (
        "xtask",
        &["anyhow", "brotli", "clap", "ctrlc", "flate2", "indicatif", "serde", "serde_json", "sha2", "toml"],
    ),
];

/// Words that a folder's code must not contain, with the reason.
const FORBIDDEN: [(&str, &str, &str); 10] = [
    ("widget/src/checklist", "crate::telemetry", "a feature folder knows state, ui and i18n only"),
    ("widget/src/checklist", "crate::host", "a feature folder knows state, ui and i18n only"),
    ("widget/src/ui", "crate::checklist", "ui knows no feature"),
    ("widget/src/telemetry", "leptos", "the outbox knows no components"),
    ("console/src/ui/charts", "crate::api", "charts draw plain numbers"),
    ("console/src/ui/charts", "protocol", "charts draw plain numbers"),
    ("server/src", "rusqlite", "SQL belongs to the stores"),
    ("journey/src", "SystemTime", "time is a parameter"),
    ("protocol/src", "SystemTime", "time is a parameter"),
    ("protocol/src", "web_sys", "the protocol knows no browser"),
];

/// Checks everything and names every fault at once.
pub fn check() -> Result<()> {
    let mut faults = Vec::new();
    imports(&mut faults)?;
    sources(&mut faults)?;
    documents(&mut faults)?;
    locales(&mut faults)?;
    if faults.is_empty() {
        println!("── tidy: nothing to mend");
        return Ok(());
    }
    faults.iter().for_each(|fault| println!("{fault}"));
    bail!("tidy: {} faults", faults.len())
}

fn imports(faults: &mut Vec<String>) -> Result<()> {
    for (krate, allowed) in IMPORTS {
        let file = Path::new(krate).join("Cargo.toml");
        let manifest: toml::Table = toml::from_str(&fs::read_to_string(&file)?)?;
        let named = manifest.get("dependencies").and_then(|value| value.as_table());
        for name in named.into_iter().flat_map(|table| table.keys()) {
            if !allowed.contains(&name.as_str()) {
                faults.push(format!(
                    "{}: {name} is not in the import table of xtask/src/tidy.rs",
                    file.display()
                ));
            }
        }
    }
    Ok(())
}

/// Folders of texts that no build script reads.
const LOCALES: [&str; 4] =
    ["widget/asks/locales", "widget/guide/locales", "widget/clips/locales", "widget/chat/locales"];

/// A text that is missing in one language would be nothing at all on the page.
fn locales(faults: &mut Vec<String>) -> Result<()> {
    for folder in LOCALES {
        let read = |locale: &str| -> Result<BTreeMap<String, serde_json::Value>> {
            let file = format!("{folder}/{locale}.json");
            serde_json::from_str(&fs::read_to_string(&file)?)
                .with_context(|| format!("{file} is no list of texts"))
        };
        let (ja, en) = (read("ja")?, read("en")?);
        let only = ja
            .keys()
            .filter(|key| !en.contains_key(*key))
            .chain(en.keys().filter(|key| !ja.contains_key(*key)));
        faults.extend(only.map(|key| format!("{folder}: {key} is there in one language only")));
    }
    Ok(())
}

fn sources(faults: &mut Vec<String>) -> Result<()> {
    let rust = rust_files()?;
    for file in &rust {
        let text = fs::read_to_string(file)?;
        let name = file.display().to_string();
        let lines = text.lines().count();
        if lines > LONG_FILE && !name.contains("tests") {
            faults.push(format!("{name}: {lines} lines; is it still one idea?"));
        }
        if !text.starts_with("//!") {
            faults.push(format!("{name}: does not begin by saying what it is for (//!)"));
        }
        for (folder, word, why) in FORBIDDEN {
            if name.starts_with(folder) && text.contains(word) {
                faults.push(format!("{name}: names {word}; {why}"));
            }
        }
        // Put together, so that this line is not what it looks for.
        for word in [["to", "do!("].concat(), ["FIX", "ME"].concat(), ["un", "implemented!("].concat()] {
            if text.contains(&word) {
                faults.push(format!("{name}: {word} is left"));
            }
        }
    }
    Ok(())
}

/// Links between documents lead somewhere, and every acceptance test is named once at least.
fn documents(faults: &mut Vec<String>) -> Result<()> {
    for needed in ["README.md", "README.ja.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"] {
        if !Path::new(needed).exists() {
            faults.push(format!("{needed} is missing"));
        }
    }
    let mut pages: Vec<PathBuf> = files(Path::new("docs")).unwrap_or_default();
    pages.extend(
        fs::read_dir(".")?.filter_map(|entry| Some(entry.ok()?.path().strip_prefix("./").ok()?.to_owned())),
    );
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    for page in pages.iter().filter(|page| page.extension().is_some_and(|ending| ending == "md")) {
        let text = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') {
                let folder = page.parent().unwrap_or(Path::new(""));
                targets.insert(folder.join(target).display().to_string(), page.display().to_string());
            }
        }
    }
    for (target, page) in targets {
        if !Path::new(&target).exists() {
            faults.push(format!("{page}: links to {target}, which is not there"));
        }
    }
    Ok(())
}

fn rust_files() -> Result<Vec<PathBuf>> {
    let roots =
        ["protocol", "journey", "texts", "widget", "console", "server", "demo-site", "tests", "xtask"];
    let mut all = Vec::new();
    for root in roots {
        all.extend(
            files(Path::new(root))?
                .into_iter()
                .filter(|file| file.extension().is_some_and(|ending| ending == "rs")),
        );
    }
    Ok(all)
}
