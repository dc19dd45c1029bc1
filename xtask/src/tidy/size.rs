//! Lines a file, lines a function and columns a line, for Rust and for scripts.
//!
//! A function is measured by its indentation, which rustfmt and the formatter of scripts keep: from the
//! line that opens it to the next line with the same indentation that begins with its closing brace.

use std::fs;

use anyhow::Result;

/// Lines of a file that is not a test.
const FILE: usize = 300;
/// Lines of a function in Rust.
const RUST_FUNCTION: usize = 100;
/// Lines of a function in a script. A script's outermost function is often its whole module.
const SCRIPT_FUNCTION: usize = 60;
/// Columns of a line in a script; rustfmt sees to those of Rust.
const SCRIPT_LINE: usize = 140;

/// What a file may have beyond the limits.
struct Exception {
    file: &'static str,
    lines: usize,
    function: usize,
    columns: usize,
}

/// Files from before these limits, with what they have today; 0 stands for the limit itself. Shrink a
/// number when a file got smaller.
const EXCEPTIONS: [Exception; 2] = [
    Exception { file: "widget/loader/basic.js", lines: 0, function: 85, columns: 161 },
    // The whole loader is one function, so that it leaves no name in the page.
    Exception { file: "widget/loader/loader.js", lines: 0, function: 190, columns: 0 },
];
/// Lines of all scripts of the widget together: the rest of it is Rust.
const WIDGET_SCRIPTS: usize = 900;

/// Names files that are longer than the limits.
pub fn faults() -> Result<Vec<String>> {
    let (mut faults, mut scripts) = (Vec::new(), 0);
    for file in super::ours(&["rs", "js", "mjs"])? {
        let name = file.display().to_string();
        if super::is_test(&file) {
            continue;
        }
        let text = fs::read_to_string(&file)?;
        if name.starts_with("widget/") && !name.ends_with(".rs") {
            scripts += text.lines().count();
        }
        faults.extend(of_file(&name, &text));
    }
    if scripts > WIDGET_SCRIPTS {
        faults.push(format!("the widget has {scripts} lines of scripts, at most {WIDGET_SCRIPTS}"));
    }
    Ok(faults)
}

fn of_file(name: &str, text: &str) -> Vec<String> {
    let rust = name.ends_with(".rs");
    let (function, at) = longest_function(text, rust);
    let columns = if rust { 0 } else { text.lines().map(|line| line.chars().count()).max().unwrap_or(0) };
    let limit = if rust { RUST_FUNCTION } else { SCRIPT_FUNCTION };
    let known = EXCEPTIONS.iter().find(|known| known.file == name);
    let allowed = known.map_or([FILE, limit, SCRIPT_LINE], |known| {
        [known.lines.max(FILE), known.function.max(limit), known.columns.max(SCRIPT_LINE)]
    });
    let found = [
        (text.lines().count(), "lines".to_owned()),
        (function, format!("lines in the function at line {at}")),
        (columns, "columns in a line".to_owned()),
    ];
    let longer = found.into_iter().zip(allowed).filter(|((found, _), allowed)| found > allowed);
    longer.map(|((found, what), allowed)| format!("{name}: {found} {what}, at most {allowed}")).collect()
}

/// The length of the longest function, and the line at which it begins.
fn longest_function(text: &str, rust: bool) -> (usize, usize) {
    let lines: Vec<&str> = text.lines().collect();
    let lengths = (0..lines.len()).filter(|at| opens(&lines[*at..], rust)).filter_map(|at| {
        let depth = indentation(lines[at]);
        let is_end = |line: &&str| indentation(line) == depth && line.trim_start().starts_with('}');
        Some((lines[at..].iter().position(is_end)? + 1, at + 1))
    });
    lengths.max_by_key(|(length, _)| *length).unwrap_or_default()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether the first of these lines opens a function whose body goes over several lines.
fn opens(lines: &[&str], rust: bool) -> bool {
    let code = lines[0].trim();
    if rust {
        let words = code.split('(').next().unwrap_or_default();
        let is_function = words.split_whitespace().any(|word| word == "fn") && !code.starts_with("//");
        let body = lines.iter().find(|line| line.ends_with(['{', ';', '}']));
        return is_function && body.is_some_and(|line| line.ends_with('{'));
    }
    const OTHERS: [&str; 7] = ["if ", "for ", "while ", "switch ", "} ", "//", "*"];
    let is_method = code.ends_with(") {") && !OTHERS.iter().any(|other| code.starts_with(other));
    code.ends_with("=> {") || code.contains("function ") && code.ends_with('{') || is_method
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_by_their_indentation() {
        let rust = "fn a() {\n    if x {\n    }\n}\n\nimpl B {\n    pub fn b(\n        c: u8,\n    ) -> u8 {\n        c\n    }\n}\n";
        assert_eq!(longest_function(rust, true), (5, 7));
        let script =
            "const a = (b) => {\n  b();\n};\nclass C {\n  d() {\n    e();\n    f();\n    g();\n  }\n}\n";
        assert_eq!(longest_function(script, false), (5, 5));
    }

    #[test]
    fn a_long_file_is_a_fault() {
        assert_eq!(of_file("a.rs", &"\n".repeat(301)), ["a.rs: 301 lines, at most 300"]);
        assert!(of_file("a.rs", &"\n".repeat(300)).is_empty());
    }
}
