//! How a source file begins, and what may not be left in it.

use std::fs;

use anyhow::Result;

/// Names Rust files without a head comment, and marks of unfinished work.
pub fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    // Put together, so that this file does not contain what it looks for.
    let marks = [["to", "do!("].concat(), ["FIX", "ME"].concat(), ["un", "implemented!("].concat()];
    for file in super::ours(&["rs", "js", "mjs"])? {
        let (name, text) = (file.display().to_string(), fs::read_to_string(&file)?);
        let head = if name.ends_with(".rs") { "//!" } else { "//" };
        if !text.starts_with(head) && !name.ends_with(".test.mjs") {
            faults.push(format!("{name}: does not begin with what it is for ({head})"));
        }
        let left = marks.iter().filter(|mark| text.contains(*mark));
        faults.extend(left.map(|mark| format!("{name}: {mark} is left")));
    }
    Ok(faults)
}
