//! Short names between a module and its glue.
//!
//! wasm-bindgen gives every import a name with sixteen random digits, which stands in the module and
//! in the glue and cannot be compressed. `wasm-opt` shortens the module's side and prints what it
//! did; the same is done to the glue here.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// What `wasm-opt --minify-imports-and-exports-and-modules` prints: `[module, old, new]` and
/// `[old, new]`. All imports come from one module afterwards.
#[derive(Deserialize)]
pub struct Renames {
    imports: Vec<(String, String, String)>,
    exports: Vec<(String, String)>,
}

/// The one module that everything is imported from afterwards.
const MODULE: &str = "a";

impl Renames {
    /// Reads what `wasm-opt` printed.
    pub fn read(printed: &str) -> Result<Self> {
        serde_json::from_str(printed).context("wasm-opt printed no list of names")
    }

    /// Puts the short names into the glue.
    pub fn apply(&self, glue: &str) -> Result<String> {
        let (head, rest) = glue.split_once("    return {\n        __proto__: null,\n").context(CHANGED)?;
        let (modules, tail) = rest.split_once("    };\n").context(CHANGED)?;
        let modules: BTreeMap<&str, &str> =
            modules.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(": ")).collect();
        let mut head = head.to_owned();
        let mut foreign = String::new();
        for (module, old, new) in &self.imports {
            let object = modules.get(format!("{module:?}").as_str()).context(CHANGED)?;
            if *object == "import0" {
                let (long, short) =
                    (format!("\n        {old}: function("), format!("\n        {new}: function("));
                ensure!(head.matches(&long).count() == 1, CHANGED);
                head = head.replace(&long, &short);
            } else {
                foreign += &format!("{new}: {object}.{old}, ");
            }
        }
        let glue =
            format!("{head}    return {{ {MODULE}: Object.assign(import0, {{ {foreign}}}) }};\n{tail}");
        Ok(self.exports(&glue))
    }

    /// Puts the short names into the splitter's link file, which takes what parts share from the main module.
    pub fn shared(&self, link: &str) -> Result<String> {
        let (before, rest) = link.split_once("        const { ").context(CHANGED)?;
        let (shared, after) = rest.split_once(" } = initSync(").context(CHANGED)?;
        let names: BTreeMap<&str, &str> =
            self.exports.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let short = |old: &str| match names.get(old) {
            Some(new) => format!("{new}: {old}"),
            None => old.to_owned(),
        };
        let shared: Vec<String> =
            shared.split(',').map(str::trim).filter(|name| !name.is_empty()).map(short).collect();
        Ok(format!("{before}        const {{ {} }} = initSync({after}", shared.join(", ")))
    }

    fn exports(&self, glue: &str) -> String {
        let names: BTreeMap<&str, &str> =
            self.exports.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let mut parts = glue.split("wasm.");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
            let name = names.get(&part[..end]).copied().unwrap_or(&part[..end]);
            text += &["wasm.", name, &part[end..]].concat();
        }
        text
    }
}

const CHANGED: &str = "the glue of this wasm-bindgen looks different; see xtask/src/minify_names.rs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_an_import_get_the_short_name() {
        let glue = "import * as import1 from \"./browser.js\"\n    const import0 = {\n        __wbg_now_0123: function() {\n            wasm.__wbindgen_export(1);\n        },\n    };\n    return {\n        __proto__: null,\n        \"./x_bg.js\": import0,\n        \"./browser.js\": import1,\n    };\n}\nwasm.memory.buffer; wasm.__wbindgen_export2();\n";
        let renames = r#"{"imports":[["./x_bg.js","__wbg_now_0123","b"],["./browser.js","post","c"]],
            "exports":[["memory","d"],["__wbindgen_export","e"],["__wbindgen_export2","f"]]}"#;
        let short = Renames::read(renames).and_then(|renames| renames.apply(glue)).unwrap_or_default();
        assert!(short.contains("        b: function() {\n            wasm.e(1);"), "{short}");
        assert!(short.contains("return { a: Object.assign(import0, { c: import1.post, }) };"), "{short}");
        assert!(short.contains("wasm.d.buffer; wasm.f();"), "{short}");
    }

    #[test]
    fn what_parts_share_is_taken_by_its_short_name() {
        let link = "x\n        const { memory, __stack, } = initSync(undefined, undefined);\n        Object.assign(shared, { memory, __stack,  });\n";
        let renames = r#"{"imports":[],"exports":[["memory","d"],["__stack","e"]]}"#;
        let short = Renames::read(renames).and_then(|renames| renames.shared(link)).unwrap_or_default();
        assert!(short.contains("const { d: memory, e: __stack } = initSync(undefined"), "{short}");
        assert!(short.contains("Object.assign(shared, { memory, __stack,  })"), "{short}");
    }

    #[test]
    fn a_glue_of_another_shape_is_refused() {
        assert!(
            Renames::read(r#"{"imports":[],"exports":[]}"#).and_then(|renames| renames.apply("")).is_err()
        );
    }
}
