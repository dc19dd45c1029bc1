//! The modules of a crate and their imports, read from the paths in its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::folder::files;

/// A module's path within its crate; the root is empty.
pub type Module = Vec<String>;

/// Which module names which others. A path counts as its longest part that is a file.
pub fn imports(source: &Path) -> Result<BTreeMap<Module, BTreeSet<Module>>> {
    let mut texts = BTreeMap::new();
    for file in
        files(source)?.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"))
    {
        let module = module(file.strip_prefix(source)?);
        if !module.iter().any(|name| name == "tests") {
            texts.insert(module, fs::read_to_string(&file)?);
        }
    }
    let all: BTreeSet<Module> = texts.keys().cloned().collect();
    let imports = texts.iter().map(|(module, text)| {
        let named = paths(text, module).into_iter().map(|path| longest(path, &all));
        (module.clone(), named.filter(|other| other != module).collect())
    });
    Ok(imports.collect())
}

/// `chat/files.rs` is the module `chat::files`.
fn module(file: &Path) -> Module {
    let mut names: Module =
        file.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| ["lib", "main", "mod"].contains(&name.as_str())) {
        names.pop();
    }
    names
}

fn longest(mut path: Module, all: &BTreeSet<Module>) -> Module {
    while !path.is_empty() && !all.contains(&path) {
        path.pop();
    }
    path
}

/// Every path in a text that begins with `crate`, `super` or `self`, from the crate's root on. Comments
/// and the tests within the file are left out.
fn paths(text: &str, module: &Module) -> Vec<Module> {
    let code = code(text);
    let mut found = Vec::new();
    let starts = code.match_indices("::").filter_map(|(at, _)| {
        let start = code[..at].rfind(|sign: char| !is_name(sign)).map_or(0, |before| before + 1);
        let base = match &code[start..at] {
            "crate" => Module::new(),
            "self" => module.clone(),
            "super" if !code[..start].ends_with("super::") => parent(module),
            _ => return None,
        };
        Some((at + 2, base))
    });
    for (at, base) in starts {
        tree(&code[at..], base, &mut found);
    }
    found
}

fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn is_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

fn parent(module: &Module) -> Module {
    module[..module.len().saturating_sub(1)].to_vec()
}

/// Reads `a::b`, `super::a` or `{a, b::{c, d}}` from the beginning of `code`; gives what is after it.
fn tree<'a>(code: &'a str, mut base: Module, found: &mut Vec<Module>) -> &'a str {
    let mut rest = code.trim_start();
    loop {
        if let Some(inner) = rest.strip_prefix('{') {
            return branches(inner, &base, found);
        }
        let end = rest.find(|sign: char| !is_name(sign)).unwrap_or(rest.len());
        match &rest[..end] {
            "super" => base = parent(&base),
            "self" | "" => {}
            name => base.push(name.to_owned()),
        }
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(more) => rest = more,
            None => break,
        }
    }
    found.push(base);
    rest
}

fn branches<'a>(mut rest: &'a str, base: &Module, found: &mut Vec<Module>) -> &'a str {
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return rest;
        }
        if let Some(after) = rest.strip_prefix('}') {
            return after;
        }
        let after = tree(rest, base.clone(), found);
        // A comma, an asterisk or `as other` lies before the next branch.
        let next = after.find([',', '}']).unwrap_or(after.len());
        rest = after[next..].strip_prefix(',').unwrap_or(&after[next..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let module = ["chat".to_owned(), "files".to_owned()].to_vec();
        paths(text, &module).into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn paths_are_read_from_the_root_on() {
        assert_eq!(names("use crate::app::App;"), ["app::App"]);
        assert_eq!(names("use super::{hub, talk::Speaker as S};"), ["chat::hub", "chat::talk::Speaker"]);
        assert_eq!(names("use super::super::http;"), ["http"]);
        assert_eq!(names("use crate::{a::{self, b::*}, c};"), ["a", "a::b", "c"]);
        assert_eq!(names("// crate::comment\nlet x = crate::clock::now();"), ["clock::now"]);
        assert_eq!(names("use std::fs;"), Vec::<String>::new());
    }
}
