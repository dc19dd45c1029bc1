//! Joins small pieces of a module to larger ones.
//!
//! The splitter makes a piece for each combination of parts that share something, however little: a page would send
//! a request for forty bytes. A small piece goes into the larger one that the fewest parts need beyond those that need
//! the small one, so whatever needs it gets it. Pieces export nothing and import the same memory, table and stack
//! pointer, so they can stand in one module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process::{program, quiet};
use crate::wasm_opt::FEATURES;

/// Pieces of fewer bytes are joined to others.
const SMALL: u64 = 2560;

/// The stem of each small piece, and that of the piece that it is joined to.
pub type Joined = BTreeMap<String, String>;

/// Joins the small ones of `pieces`, whose stems each part needs as `needs` says; forgets them in both.
pub fn join(pieces: &mut Vec<PathBuf>, needs: &mut BTreeMap<String, Vec<String>>) -> Result<Joined> {
    let mut sizes = BTreeMap::new();
    for piece in pieces.iter() {
        sizes.insert(stem(piece), fs::metadata(piece)?.len());
    }
    let joined = plan(&sizes, needs);
    for target in pieces.iter().filter(|piece| joined.values().any(|to| *to == stem(piece))) {
        let small = pieces.iter().filter(|piece| joined.get(&stem(piece)) == Some(&stem(target)));
        merge(target, &small.collect::<Vec<_>>())?;
    }
    pieces.retain(|piece| !joined.contains_key(&stem(piece)));
    for stems in needs.values_mut() {
        let now = stems.iter().map(|stem| joined.get(stem).unwrap_or(stem).clone());
        *stems = now.collect::<BTreeSet<_>>().into_iter().collect();
    }
    Ok(joined)
}

/// Rewrites the link file: what is joined is not fetched, and who needs it needs what it is joined to, named once.
pub fn relink(script: &str, joined: &Joined) -> Result<String> {
    let mut script = script.to_owned();
    for (small, to) in joined {
        let file = format!("\"./{small}.wasm\"");
        let at = script.find(&file).with_context(|| format!("the link file does not fetch {small}"))?;
        let start = script[..at].rfind("makeLoad(() => {").context("a piece is fetched in another way")?;
        let end = at + script[at..].find("\n, [").context("a piece has no list of what it needs")?;
        if small.starts_with("chunk_") {
            let line = script[..start].rfind("const ").context("a piece has no name")?;
            let end = end + script[end..].find(");\n").context("a piece has no end")? + 3;
            script.replace_range(line..end, "");
            script = replace_name(&script, &format!("__{small}"), &format!("__{to}"));
        } else {
            // A part whose own piece is joined has nothing else to fetch than what it needs.
            script.replace_range(start..end + 4, &format!("makeLoad(() => () => {{}}\n, [__{to}, "));
        }
    }
    Ok(script.lines().map(|line| needed_once(line) + "\n").collect())
}

/// A line of the link file; where it lists what a part needs, each piece stands there once.
fn needed_once(line: &str) -> String {
    let Some((list, rest)) = line.strip_prefix(", [").and_then(|line| line.split_once(']')) else {
        return line.to_owned();
    };
    let once: BTreeSet<&str> = list.split(", ").collect();
    format!(", [{}]{rest}", Vec::from_iter(once).join(", "))
}

/// Which piece each small one goes to.
fn plan(sizes: &BTreeMap<String, u64>, needs: &BTreeMap<String, Vec<String>>) -> Joined {
    let users = |stem: &String| -> BTreeSet<&String> {
        needs.iter().filter(|(_, stems)| stems.contains(stem)).map(|(part, _)| part).collect()
    };
    let large = |stem: &&String| sizes[*stem] >= SMALL && stem.starts_with("chunk_");
    let mut joined = Joined::new();
    for small in sizes.keys().filter(|stem| sizes[*stem] < SMALL) {
        let wanted = users(small);
        let fits = sizes.keys().filter(large).map(|stem| (users(stem), stem));
        let to = fits.filter(|(users, _)| users.is_superset(&wanted)).min_by_key(|(users, _)| users.len());
        if let Some((_, to)) = to {
            joined.insert(small.clone(), to.clone());
        }
    }
    joined
}

/// Puts the content of the small pieces into `target`.
fn merge(target: &Path, small: &[&PathBuf]) -> Result<()> {
    let text = target.with_extension("wat");
    let mut merge = program("wasm-merge", FEATURES);
    merge.arg("--enable-multimemory").arg("--output").arg(&text).arg("--emit-text");
    for piece in std::iter::once(target).chain(small.iter().map(|piece| piece.as_path())) {
        merge.arg(piece).arg(stem(piece));
    }
    quiet(&format!("joining small pieces to {}", stem(target)), merge)?;
    fs::write(&text, one_import_each(&fs::read_to_string(&text)?)?)?;
    let mut assemble = program("wasm-as", FEATURES);
    assemble.arg(&text).arg("--output").arg(target);
    quiet(&format!("assembling {}", stem(target)), assemble)?;
    Ok(())
}

/// Leaves one import of each name in a module's text, and lets everything use that one.
fn one_import_each(text: &str) -> Result<String> {
    let mut first = BTreeMap::new();
    let mut same = BTreeMap::new();
    let mut rest = String::new();
    for line in text.lines() {
        if let Some(import) = line.strip_prefix(" (import ") {
            let (name, declared) = import.split_once(" (").context("an import has no kind")?;
            let id = declared.split(' ').nth(1).context("an import has no id")?;
            if let Some(known) = first.get(name) {
                same.insert(id, *known);
                continue;
            }
            first.insert(name, id);
        }
        rest.push_str(line);
        rest.push('\n');
    }
    ensure!(!first.is_empty(), "a piece imports nothing");
    for (id, known) in same {
        rest = replace_name(&rest, id, known);
    }
    Ok(rest)
}

/// Replaces a name where it stands as a whole.
fn replace_name(text: &str, old: &str, new: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, after) = (&rest[..at], &rest[at + old.len()..]);
        all.push_str(before);
        let is_whole = !after.starts_with(is_part) && !before.ends_with(is_part);
        all.push_str(if is_whole { new } else { old });
        rest = after;
    }
    all + rest
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs() -> BTreeMap<String, Vec<String>> {
        let needs = [
            ("chat", vec!["chunk_1", "chunk_2", "split_chat"]),
            ("panel", vec!["chunk_1", "split_panel"]),
            ("prompts", vec!["chunk_1", "chunk_2", "chunk_3", "split_prompts"]),
        ];
        let owned = |stems: Vec<&str>| stems.into_iter().map(str::to_owned).collect();
        needs.into_iter().map(|(part, stems)| (part.to_owned(), owned(stems))).collect()
    }

    #[test]
    fn a_small_piece_goes_where_all_who_need_it_get_it() {
        let sizes = [("chunk_1", 20_000), ("chunk_2", 9_000), ("chunk_3", 40), ("split_chat", 97)]
            .map(|(stem, bytes)| (stem.to_owned(), bytes));
        let joined = plan(&sizes.into(), &needs());
        let expected = [("chunk_3", "chunk_2"), ("split_chat", "chunk_2")];
        assert_eq!(joined, expected.map(|(small, to)| (small.to_owned(), to.to_owned())).into());
    }

    #[test]
    fn the_link_file_fetches_what_is_left() -> Result<()> {
        let load = |file: &str| format!("makeLoad(() => {{\n    fetch(\"./{file}.wasm\");\n}}\n");
        let script = [
            format!("const __chunk_2 = {}, []);\n", load("chunk_2")),
            format!("const __chunk_3 = {}, []);\n", load("chunk_3")),
            format!("export const chat = wrap({}, [__chunk_3]));\n", load("split_chat")),
        ]
        .concat();
        let joined = [("chunk_3", "chunk_2"), ("split_chat", "chunk_2")]
            .map(|(small, to)| (small.to_owned(), to.to_owned()))
            .into();
        let expected = [
            format!("const __chunk_2 = {}, []);\n", load("chunk_2")),
            "export const chat = wrap(makeLoad(() => () => {}\n, [__chunk_2]));\n".to_owned(),
        ]
        .concat();
        assert_eq!(relink(&script, &joined)?, expected);
        Ok(())
    }

    #[test]
    fn what_is_imported_twice_is_imported_once() -> Result<()> {
        let text = "(module\n (import \"m\" \"memory\" (memory $a$0 9))\n (import \"m\" \"memory\" (memory $a$1 9))\n \
                    (data (memory $a$1) $a$10)\n)";
        let expected =
            "(module\n (import \"m\" \"memory\" (memory $a$0 9))\n (data (memory $a$0) $a$10)\n)\n";
        assert_eq!(one_import_each(text)?, expected);
        Ok(())
    }
}
