//! Which crate may depend on which: the table of imports between crates.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// What a crate may name as its dependency among ours and the heavy ones of others.
const IMPORTS: [(&str, &[&str]); 14] = [
    ("protocol", &["serde", "uuid", "schemars"]),
    ("journey", &["protocol", "jiff", "schemars", "serde", "serde_json", "strsim", "toml"]),
    ("texts", &["serde_json"]),
    ("search", &[]),
    (
        "server/store",
        &["protocol", "journey", "async-trait", "serde", "serde_json", "sha2", "thiserror", "tokio"],
    ),
    (
        "server/store-sqlite",
        &[
            "protocol",
            "journey",
            "store",
            "search",
            "async-trait",
            "postcard",
            "rusqlite",
            "refinery",
            "rustix",
            "serde",
            "serde_json",
            "tokio",
            "tracing",
            "uuid",
            "zstd",
        ],
    ),
    (
        "widget",
        &["protocol", "journey", "texts", "lazy", "reactive_graph", "tachys", "wasm-bindgen", "web-sys"],
    ),
    (
        "console",
        &[
            "protocol",
            "journey",
            "texts",
            "search",
            "leptos",
            "leptos_router",
            "wasm-bindgen",
            "js-sys",
            "web-sys",
            "gloo-events",
            "gloo-net",
            "serde",
            "serde_json",
            "wana_kana",
            "wasm-bindgen-futures",
        ],
    ),
    (
        "cli",
        &[
            "protocol",
            "journey",
            "server",
            "store",
            "store-sqlite",
            "anyhow",
            "clap",
            "html-escape",
            "jiff",
            "jsonwebtoken",
            "mimalloc",
            "mp4parse",
            "reqwest",
            "rustix",
            "schemars",
            "serde",
            "serde_json",
            "sha2",
            "tar",
            "tokio",
            "toml",
            "tracing",
            "tracing-subscriber",
            "zstd",
        ],
    ),
    (
        "demo-site",
        &[
            "anyhow",
            "axum",
            "clap",
            "csv",
            "encoding_rs",
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
    ("tests/disk", &["errno", "rustix"]),
    ("tests/fuzz", &["proptest"]),
    (
        "xtask",
        &[
            "anyhow",
            "brotli",
            "clap",
            "ctrlc",
            "flate2",
            "indicatif",
            "serde",
            "serde_json",
            "sha2",
            "texts",
            "toml",
            "wasm-bindgen-cli-support",
            "wasm_split_cli_support",
        ],
    ),
    ("xtask/wasm-bindgen", &["anyhow", "wasm-bindgen-cli"]),
];

/// Names dependencies that are not in the table.
pub fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (krate, allowed) in IMPORTS {
        let file = Path::new(krate).join("Cargo.toml");
        let manifest: toml::Table = toml::from_str(&fs::read_to_string(&file)?)?;
        let named = manifest.get("dependencies").and_then(|value| value.as_table());
        let unknown =
            named.into_iter().flat_map(|table| table.keys()).filter(|name| !allowed.contains(&name.as_str()));
        faults.extend(unknown.map(|name| {
            format!("{}: {name} is not in the table of xtask/src/tidy/imports.rs", file.display())
        }));
    }
    Ok(faults)
}
