//! `dist`: what is shipped.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::assets::{WEB, build};
use crate::folder::{files, ignore_missing};
use crate::process::{program, quiet};

/// Makes `dist/`.
pub fn make() -> Result<()> {
    build()?;
    crate::size::check()?;
    let folder = Path::new("dist/widget");
    keep_former(&folder.join("assets"))?;
    fs::remove_dir_all(folder).or_else(ignore_missing)?;
    fs::create_dir_all(folder.join("assets"))?;
    for file in files(Path::new(WEB))? {
        let name = file.strip_prefix(WEB)?;
        if !name.to_string_lossy().contains("console") {
            copy(&file, &folder.join(name))?;
        }
    }
    fs::copy("widget/loader/tabiji.d.ts", folder.join("tabiji.d.ts"))?;
    let cargo = ["build", "--release", "--locked", "--package", "tabiji"];
    quiet("building the release binary", program("cargo", cargo))?;
    fs::copy("target/release/tabiji", "dist/tabiji").context("the release binary is missing")?;
    println!("dist/tabiji has everything in it; dist/widget is the same widget for a CDN");
    Ok(())
}

/// How long the files of former releases are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A page that was loaded before a deployment asks for parts of that release: what was in `dist/widget` before stays
/// beside what is new, in the binary and for a CDN. See `docs/decisions/0012-parts.md`.
fn keep_former(former: &Path) -> Result<()> {
    if !former.exists() {
        return Ok(());
    }
    for file in files(former)? {
        let new = Path::new(WEB).join("assets").join(file.file_name().unwrap_or_default());
        let age = fs::metadata(&file)?.modified()?.elapsed().unwrap_or_default();
        if !new.exists() && age < KEPT {
            copy(&file, &new)?;
        }
    }
    Ok(())
}

/// Copies a file; the copy is as old as what it is of.
fn copy(file: &Path, to: &Path) -> Result<()> {
    fs::copy(file, to)?;
    let copy = fs::File::options().write(true).open(to)?;
    Ok(copy.set_modified(fs::metadata(file)?.modified()?)?)
}
