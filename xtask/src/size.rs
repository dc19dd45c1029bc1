//! The size gate: what a page downloads, against the budgets.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::compress::{brotli, gzip};
use crate::folder::files;
use crate::split;

/// Bytes of brotli 11 that must not be exceeded, and what we work towards.
struct Budget {
    what: &'static str,
    most: usize,
    aim: usize,
}

const LOADER: Budget = Budget { what: "the loader", most: 3_000, aim: 2_200 };
const LAUNCHER: Budget = Budget { what: "until the launcher is live", most: 64_000, aim: 60_000 };
const CHECKLIST: Budget = Budget { what: "until the checklist can be read", most: 71_000, aim: 66_000 };
const ACTIVITY: Budget = Budget { what: "what is done after the first look", most: 23_350, aim: 18_000 };
// Who opens the chat sees one of these two first; the other is fetched when it is wanted.
const CHAT: Budget = Budget { what: "a chat that begins with articles", most: 43_000, aim: 38_000 };
const THREAD: Budget = Budget { what: "a chat that begins with writing", most: 43_000, aim: 38_000 };
const EXTRAS: Budget =
    Budget { what: "files, calls and scores in a chat over that", most: 11_000, aim: 7_000 };
const STREAM: Budget = Budget { what: "a chat without sockets over that", most: 2_500, aim: 2_000 };
const STRIP: Budget = Budget { what: "the strip over that", most: 9_000, aim: 7_000 };
const PROMPTS: Budget = Budget { what: "prompts over that", most: 30_000, aim: 26_000 };
const FORM: Budget = Budget { what: "an inline form over that", most: 19_600, aim: 10_000 };
const GUIDE: Budget = Budget { what: "a guide over that", most: 25_300, aim: 21_000 };
// With the card that chat and prompts bring as well, when neither came before; and without it.
const FIRST_CLIP: Budget = Budget { what: "clips over that", most: 26_000, aim: 20_000 };
const CLIPS: Budget = Budget { what: "clips over that and a card", most: 20_000, aim: 17_000 };

/// Imports of the main module: each costs the first screen some sixty bytes, whichever part it is for.
const IMPORTS: u64 = 64;

/// Prints raw, gzip and brotli bytes of every file, and holds the sums to their budgets.
///
/// # Errors
/// When a budget is exceeded.
pub fn check() -> Result<()> {
    println!("{:<34}{:>10}{:>10}{:>10}", "", "raw", "gzip", "brotli");
    let loader = measure("loader", &PathBuf::from("dist/web/tabiji.js"))?;
    let main = find("widget-.wasm")?;
    let mut launcher = loader + measure("main module", &main)?;
    launcher += measure("glue", &find("widget-.js")?)?;
    launcher += measure("styles", &find("widget-.css")?)?;
    measure("basic panel (fallback)", &find("basic-.js")?)?;
    let mut seen = Vec::new();
    let checklist = launcher + part("panel", &mut seen)?;
    let activity = part("activity", &mut seen)?;
    let (mut asked, mut guided, mut talked, mut watched) = (seen.clone(), seen.clone(), seen.clone(), seen);
    let strip = part("strip", &mut asked.clone())?;
    let prompts = part("prompts", &mut asked)?;
    let form = part("inline_form", &mut asked)?;
    let chat = part("chat", &mut talked)?;
    let articles = chat + part("chat_articles", &mut talked.clone())?;
    let thread = chat + part("chat_thread", &mut talked)?;
    let extras = part("chat_extras", &mut talked)?;
    let stream = part("chat_stream", &mut talked)?;
    let guide = part("guide", &mut guided)?;
    let first_clip = part("clips", &mut watched)?;
    let sums = [
        (LOADER, loader),
        (LAUNCHER, launcher),
        (CHECKLIST, checklist),
        (ACTIVITY, activity),
        (CHAT, articles),
        (THREAD, thread),
        (EXTRAS, extras),
        (STREAM, stream),
        (STRIP, strip),
        (PROMPTS, prompts),
        (FORM, form),
        (GUIDE, guide),
        (FIRST_CLIP, first_clip),
        (CLIPS, own("clips")?),
    ];
    println!("\n{:<34}{:>10}{:>10}{:>10}", "", "is", "most", "aim");
    for (Budget { what, most, aim }, bytes) in &sums {
        println!("{what:<34}{bytes:>10}{most:>10}{aim:>10}");
    }
    let imports = imports(&fs::read(&main)?)?;
    println!("{:<34}{imports:>10}{IMPORTS:>10}", "imports of the main module");
    for (Budget { what, most, .. }, bytes) in sums {
        ensure!(bytes <= most, "too large: {what}, {bytes} bytes of {most}");
    }
    ensure!(imports <= IMPORTS, "the main module has {imports} imports of {IMPORTS}");
    Ok(())
}

/// The bytes of a part with what it shares with others, less what is `seen` already.
fn part(name: &str, seen: &mut Vec<String>) -> Result<usize> {
    let needs = split::needs("widget/pkg-split")?;
    let mut sum = 0;
    for file in needs.get(name).with_context(|| format!("the widget has no part {name}"))? {
        if !seen.contains(file) {
            sum += measure(&format!("{name}: {file}"), &Path::new("dist/web/assets").join(file))?;
            seen.push(file.clone());
        }
    }
    Ok(sum)
}

/// The bytes of what no other part needs.
fn own(name: &str) -> Result<usize> {
    let needs = split::needs("widget/pkg-split")?;
    let is_shared = |file: &String| needs.iter().any(|(other, files)| other != name && files.contains(file));
    let mut sum = 0;
    for file in needs.get(name).into_iter().flatten().filter(|file| !is_shared(file)) {
        sum += brotli(&fs::read(Path::new("dist/web/assets").join(file))?)?.len();
    }
    ensure!(sum > 0, "the widget has no part {name}");
    Ok(sum)
}

fn measure(name: &str, file: &Path) -> Result<usize> {
    let content = fs::read(file).with_context(|| format!("{} is missing", file.display()))?;
    let small = brotli(&content)?.len();
    println!("{name:<34}{:>10}{:>10}{small:>10}", content.len(), gzip(&content)?.len());
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

/// How many imports a module has: the first number of its import section (WebAssembly 2.0, 5.5.5).
fn imports(module: &[u8]) -> Result<u64> {
    const IMPORT_SECTION: u8 = 2;
    let mut rest = module.get(8..).context("this is no module")?;
    while let Some((&id, after)) = rest.split_first() {
        let (length, content) = number(after)?;
        if id == IMPORT_SECTION {
            return Ok(number(content)?.0);
        }
        rest = content.get(usize::try_from(length)?..).context("a section is cut off")?;
    }
    Ok(0)
}

/// An unsigned number in LEB128, and what follows it.
fn number(bytes: &[u8]) -> Result<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(at + 1..).unwrap_or_default()));
        }
    }
    bail!("a number has no end")
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn imports_are_counted() {
        // A type section of one byte, then 300 imports.
        let module = b"\0asm\x01\0\0\0\x01\x01\x00\x02\x02\xac\x02";
        assert_eq!(imports(module).ok(), Some(300));
        assert_eq!(imports(b"\0asm\x01\0\0\0").ok(), Some(0));
        assert!(imports(b"\0asm").is_err());
    }
}
