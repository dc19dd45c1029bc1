//! Cuts a module at its split points, and gives the pieces names by their content.
//!
//! The recipe and what it rests on are in `docs/decisions/0012-parts.md`. The splitter reads a linked module with
//! relocations, before wasm-bindgen does, and writes a link file: the script that fetches a part when it is wanted.

mod join;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};

use crate::folder::{files, hash, ignore_missing};
use crate::minify_names::Renames;
use crate::process::quiet;
use crate::wasm_opt::{Size, shrink};

/// The link file, as the main module imports it.
const LINK: &str = "__wasm_split.js";
/// Which files each part needs.
const NEEDS: &str = "parts.json";

/// What the splitter made of a module.
pub struct Chunks {
    /// What goes on to wasm-bindgen.
    pub main: PathBuf,
    /// What was split off: `split_chat.wasm`, `chunk_3.wasm`.
    parts: Vec<PathBuf>,
    /// The stems of the files that each part needs.
    needs: BTreeMap<String, Vec<String>>,
}

/// Where the finished parts of a build are; `pkg` is its folder.
pub fn folder(pkg: &str) -> PathBuf {
    PathBuf::from(format!("{pkg}/parts"))
}

/// Which finished files each part of a build needs, by the part's name.
pub fn needs(pkg: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let list = fs::read_to_string(format!("{pkg}/{NEEDS}"))?;
    serde_json::from_str(&list).context("the list of parts is none")
}

/// Cuts the linked module; the link file goes beside the glue, which is called `name`.
pub fn split(linked: &Path, pkg: &str, name: &str) -> Result<Chunks> {
    let out = Path::new("target/split").join(pkg);
    fs::remove_dir_all(&out).or_else(ignore_missing)?;
    fs::create_dir_all(&out)?;
    fs::create_dir_all(pkg)?;
    let main = out.join(format!("{name}.wasm"));
    let content = fs::read(linked).with_context(|| format!("{} is missing", linked.display()))?;
    let glue = format!("./{name}.js");
    let mut options = wasm_split_cli_support::Options::new(&content);
    options.output_dir = &out;
    options.main_out_path = &main;
    options.main_module = &glue;
    let made = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("splitting: {error:?}"))?;
    let mut parts = made.split_modules;
    parts.sort();
    fs::rename(out.join(LINK), Path::new(pkg).join(LINK))?;
    Ok(Chunks { main, parts, needs: made.prefetch_map.into_iter().collect() })
}

/// What the glue sets when a module is there.
const EXPORTS: &str = "wasm = instance.exports;";

const CHANGED: &str = "the glue of this wasm-bindgen looks different; see xtask/src/split.rs";

/// Where the glue hands what an import throws to the module.
const CATCH: &str = "    } catch (e) {\n        const idx = addToExternrefTable0(e);";

/// What is added to the glue. The trap that ends an instance is no fault of the page: no error handler sees it.
const DEATH: &str = "
let dead = false;
let depth = 0;
function guarded(exports) {
    const all = { ...exports };
    for (const name in exports) {
        if (typeof exports[name] != 'function') continue;
        all[name] = (...given) => {
            if (dead) return 0;
            depth++;
            try {
                return exports[name](...given);
            } catch (error) {
                // A caller inside the module must not go on either.
                if (!dead || depth > 1) throw error;
                return 0;
            } finally {
                depth--;
            }
        };
    }
    return all;
}
export function die() {
    dead = true;
}
";

/// Lets an instance die: the glue gets a function after which nothing can enter it, and its listeners end with it
/// (`widget/loader/life.js`).
pub fn mortal(glue: &str) -> Result<String> {
    ensure!(glue.matches(EXPORTS).count() == 1, CHANGED);
    let glue = glue.replace(EXPORTS, "wasm = guarded(instance.exports);");
    let glue = glue.replace(CATCH, &CATCH.replace("(e) {", "(e) {\n        if (dead) throw e;"));
    // What a dead instance left in its memory is no error.
    let glue = glue.replace(
        "            throw takeFromExternrefTable0(",
        "            if (!dead) throw takeFromExternrefTable0(",
    );
    Ok(listening(&glue) + DEATH)
}

/// What the glue has for browsers that lack a registry of finalizers.
const NO_REGISTRY: &str = "(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : ";
/// Where the glue begins to make up for browsers whose text encoder cannot write into memory.
const NO_ENCODER: &str = "if (!('encodeInto' in cachedTextEncoder)) {";

/// How the glue reads texts: around what it does so that two gigabytes of them can be read one after the other.
const DECODES: [&str; 3] =
    ["const MAX_SAFARI_DECODE_BYTES", "function decodeText(bytes) {", "    return cachedTextDecoder.decode("];

/// What the glue says to who calls it as in earlier years.
const OLD_CALL: &str =
    "console.warn('using deprecated parameters for `initSync()`; pass a single object instead')";

/// Where the glue lets `using` free what is the page's for as long as it lives.
const DISPOSED: &str = "if (Symbol.dispose) Widget.prototype[Symbol.dispose] = Widget.prototype.free;\n";

/// The glue without what no browser needs that has reference types, as the module asks for.
pub fn current(glue: &str) -> Result<String> {
    let (before, after) = glue.split_once(NO_ENCODER).context(CHANGED)?;
    let (_, rest) = after.split_once("\n}\n").context(CHANGED)?;
    let (start, decodes) = before.split_once(DECODES[0]).context(CHANGED)?;
    let (_, end) = decodes.split_once(DECODES[2]).context(CHANGED)?;
    ensure!(decodes.contains(DECODES[1]), CHANGED);
    let before = [start, DECODES[1], "\n", DECODES[2], end].concat();
    ensure!(glue.contains(NO_REGISTRY) && glue.contains(OLD_CALL), CHANGED);
    let current =
        [&before, rest].concat().replace(NO_REGISTRY, "").replace(OLD_CALL, "").replace(DISPOSED, "");
    ensure!(!current.contains("Symbol.dispose"), CHANGED);
    Ok(current)
}

/// Lets the listeners of a script end with the instance.
pub fn listening(script: &str) -> String {
    let mut mortal = String::new();
    let mut rest = script;
    while let Some((before, after)) = rest.split_once(".addEventListener(") {
        let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        mortal += &format!("{}listen({}, ", &before[..start], &before[start..]);
        rest = after;
    }
    mortal + rest
}

/// How the link file fetches a piece, around its name; it writes that out for each.
const FETCH: [&str; 2] = [
    "makeLoad(() => {\n    const src = fetch(new URL(",
    ", import.meta.url));\n    src.catch(() => {});\n    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}\n",
];

/// The link file with one function that fetches a piece.
fn fetched_alike(script: &str) -> Result<String> {
    ensure!(script.contains(FETCH[0]), CHANGED);
    let mut pieces = script.split(FETCH[0]);
    let mut alike = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(FETCH[1]).context(CHANGED)?;
        alike += &format!("makeLoad(piece({name})\n{rest}");
    }
    let body = FETCH.join("name").replace("makeLoad(", "return ");
    Ok(format!("{alike}function piece(name) {{\n{body}}}\n"))
}

impl Chunks {
    /// Names every part by its content and puts the names into the link file; with `Size::Small` the parts are made so.
    pub fn finish(mut self, pkg: &str, renames: &Renames, size: Size) -> Result<()> {
        let link = PathBuf::from(format!("{pkg}/{LINK}"));
        let mut script = renames.shared(&fs::read_to_string(&link)?)?;
        if size == Size::Small {
            for part in &self.parts {
                quiet(&format!("making {} small", part.display()), shrink(part))?;
            }
        }
        let joined = join::join(&mut self.parts, &mut self.needs)?;
        script = fetched_alike(&join::relink(&script, &joined)?)?;
        fs::remove_dir_all(folder(pkg)).or_else(ignore_missing)?;
        fs::create_dir_all(folder(pkg))?;
        let mut names = BTreeMap::new();
        for part in &self.parts {
            let stem = part.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let content = fs::read(part)?;
            // No word that lists of ad blockers could have.
            let name = format!("part-{}.wasm", hash(&content));
            let old = format!("\"./{stem}.wasm\"");
            ensure!(script.matches(&old).count() == 1, "the link file does not fetch {stem} once");
            script = script.replace(&old, &format!("\"./{name}\""));
            fs::write(folder(pkg).join(&name), content)?;
            names.insert(stem, name);
        }
        ensure!(!files(&folder(pkg))?.is_empty(), "{pkg} has no split point");
        let named =
            |stems: &Vec<String>| -> Vec<_> { stems.iter().filter_map(|stem| names.get(stem)).collect() };
        let needs: BTreeMap<_, _> = self.needs.iter().map(|(part, stems)| (part, named(stems))).collect();
        fs::write(format!("{pkg}/{NEEDS}"), serde_json::to_string_pretty(&needs)?)?;
        Ok(fs::write(link, script)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{NO_ENCODER, NO_REGISTRY, OLD_CALL, current, listening, mortal};

    /// How wasm-bindgen writes that.
    const DECODE: &str = "const MAX_SAFARI_DECODE_BYTES = 9;\nlet n = 0;\nfunction decodeText(bytes) {\n    n += bytes.length;\n    \
        return cachedTextDecoder.decode(bytes);\n}\n";

    #[test]
    fn a_glue_makes_up_for_no_old_browser() {
        let glue = format!(
            "a = {NO_REGISTRY}new A();\n{DECODE}{NO_ENCODER}\n    b();\n}}\nc = {NO_REGISTRY}new C();{OLD_CALL}\n"
        );
        let decode = "function decodeText(bytes) {\n    return cachedTextDecoder.decode(bytes);\n}\n";
        let expected = format!("a = new A();\n{decode}c = new C();\n");
        assert_eq!(current(&glue).unwrap_or_default(), expected);
        assert!(current("another glue").is_err());
    }

    #[test]
    fn a_glue_can_die_and_its_listeners_with_it() {
        assert_eq!(
            listening("  arg0.addEventListener(text(arg1), arg2);"),
            "  listen(arg0, text(arg1), arg2);"
        );
        let mortal = mortal("x\n    wasm = instance.exports;\n").unwrap_or_default();
        assert!(mortal.contains("wasm = guarded(instance.exports);"), "{mortal}");
        assert!(mortal.contains("export function die()"), "{mortal}");
    }
}
