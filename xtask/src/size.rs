//! The size gate: what a page downloads, against the budgets.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::assets::{brotli, files, gzip};

/// Bytes of brotli 11 that must not be exceeded.
const LOADER: usize = 2 * 1024;
const CHECKLIST: usize = 85_000;
/// What we work towards.
const AIM: usize = 60_000;
/// The guide in one language, fetched when somebody asks to be shown.
const GUIDE: usize = 10_000;
/// All that is asked of a person: later, a colleague, rows, feelings.
const ASKS: usize = 10_400;
/// Clips, fetched when somebody wants to watch.
const CLIPS: usize = 10_000;
/// Live chat, fetched when somebody wants to talk or has an open question.
const CHAT: usize = 15_000;

/// Prints raw, gzip and brotli bytes of every part.
///
/// # Errors
/// When a budget is exceeded.
pub fn check() -> Result<()> {
    println!("{:<28}{:>10}{:>10}{:>10}", "", "raw", "gzip", "brotli");
    let loader = measure("loader", &PathBuf::from("dist/web/tabiji.js"))?;
    let parts = ["widget-.wasm", "widget-.js", "widget-.css"];
    let mut checklist = loader;
    for part in parts {
        checklist += measure(part, &find(part)?)?;
    }
    measure("basic panel (fallback)", &find("basic-.js")?)?;
    println!("{:<48}{checklist:>10}", "until the checklist is usable");
    let guide = measure("a guide over that", &find("steps-ja.js")?)?;
    let asks = measure("questions over that", &find("asks-ja.js")?)?;
    let clips = measure("clips over that", &find("clips-ja.js")?)?;
    let chat = measure("chat over that", &find("talks-ja.js")?)?;
    println!("{:<48}{:>10}", "with every panel opened", checklist + guide + asks + clips + chat);
    println!(
        "budgets: loader {LOADER}, checklist {CHECKLIST} (aim {AIM}), guide {GUIDE}, questions {ASKS}, clips {CLIPS}, chat {CHAT}"
    );
    let parts = [
        ("the loader", loader, LOADER),
        ("the checklist", checklist, CHECKLIST),
        ("a guide", guide, GUIDE),
        ("questions", asks, ASKS),
        ("clips", clips, CLIPS),
        ("chat", chat, CHAT),
    ];
    for (part, bytes, budget) in parts {
        if bytes > budget {
            bail!("too large: {part}, {bytes} bytes of {budget}");
        }
    }
    Ok(())
}

fn measure(name: &str, file: &Path) -> Result<usize> {
    let content = fs::read(file).with_context(|| format!("{} is missing", file.display()))?;
    let small = brotli(&content)?.len();
    println!("{name:<28}{:>10}{:>10}{small:>10}", content.len(), gzip(&content)?.len());
    Ok(small)
}

/// The file whose name is `pattern` with a hash after the dash.
fn find(pattern: &str) -> Result<PathBuf> {
    let (stem, ending) = pattern.split_once('-').context("a pattern has a dash")?;
    let fits = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(&format!("{stem}-")) && name.ends_with(ending)
    };
    let all = files(Path::new("dist/web/assets"))?;
    all.into_iter().find(fits).with_context(|| format!("dist/web has no {pattern}"))
}
