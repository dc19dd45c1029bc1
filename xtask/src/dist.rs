//! `dist`: what is shipped.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use crate::assets::{WEB, build};
use crate::folder::{files, ignore_missing};
use crate::process::{program, quiet};
use crate::wasm_opt::Size;
use crate::{sbom, supply};

/// How it is made.
#[derive(Args)]
pub struct Dist {
    /// Ask for advisories of what it is built from first, and fail on one or where nobody can be asked: for what is
    /// given to others
    #[arg(long)]
    checked: bool,
}

impl Dist {
    /// Makes `dist/`.
    pub fn run(self) -> Result<()> {
        if self.checked {
            supply::check()?.refuse()?;
        }
        make()?;
        if !self.checked {
            println!("advisories: NOT CHECKED; what is given to others is made with --checked");
        }
        Ok(())
    }
}

fn make() -> Result<()> {
    build(Size::Small)?;
    crate::size::check()?;
    pin()?;
    let folder = Path::new("dist/widget");
    keep_former(&folder.join("assets"), &Path::new(WEB).join("assets"))?;
    keep_pinned(folder, Path::new(WEB))?;
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
    sbom::write(Path::new("dist/tabiji.cdx.json"))?;
    sbom::checksums(Path::new("dist"))?;
    println!("dist/tabiji has everything in it; dist/widget is the same widget for a CDN");
    println!("dist/tabiji.cdx.json is the bill of materials; dist/SHA256SUMS has the checksums");
    Ok(())
}

/// Copies the loader to the name of this version, under which pages may pin it by its hash (`docs/embedding.md`).
fn pin() -> Result<()> {
    for ending in ["", ".br", ".gz"] {
        let pinned = format!("{WEB}/tabiji@{}.js{ending}", env!("CARGO_PKG_VERSION"));
        fs::copy(format!("{WEB}/tabiji.js{ending}"), pinned)?;
    }
    Ok(())
}

/// Keeps the pinned loaders of former releases as long as the parts that they fetch.
fn keep_pinned(former: &Path, present: &Path) -> Result<()> {
    if !former.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(former)? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let age = fs::metadata(&file)?.modified()?.elapsed().unwrap_or_default();
        if name.starts_with("tabiji@") && !present.join(&name).exists() && age < KEPT {
            copy(&file, &present.join(name))?;
        }
    }
    Ok(())
}

/// How long the files of former releases are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Copies the files of former releases beside the `present` ones, each for thirty days.
///
/// A page that was loaded before a deployment asks for parts of that release: what was in `dist/widget` before stays
/// beside what is new, in the binary and for a CDN. See `docs/decisions/0012-parts.md`.
fn keep_former(former: &Path, present: &Path) -> Result<()> {
    if !former.exists() {
        return Ok(());
    }
    for file in files(former)? {
        let new = present.join(file.file_name().unwrap_or_default());
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a file that is so many days old.
    fn write(file: &Path, content: &str, days: u64) -> Result<()> {
        fs::write(file, content)?;
        let written = fs::metadata(file)?.modified()?;
        let age = Duration::from_secs(days * 24 * 60 * 60);
        Ok(fs::File::options().write(true).open(file)?.set_modified(written - age)?)
    }

    #[test]
    fn files_of_former_releases_stay_for_thirty_days() -> Result<()> {
        let (former, present) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let (former, present) = (former.path(), present.path());
        write(&former.join("chat-old.wasm"), "old", 29)?;
        write(&former.join("chat-ancient.wasm"), "ancient", 31)?;
        write(&former.join("panel-same.wasm"), "former", 3)?;
        write(&present.join("panel-same.wasm"), "present", 0)?;

        keep_former(former, present)?;
        assert_eq!(fs::read_to_string(present.join("chat-old.wasm"))?, "old");
        assert!(!present.join("chat-ancient.wasm").exists());
        assert_eq!(fs::read_to_string(present.join("panel-same.wasm"))?, "present");

        // The copy keeps its age, so another release two days later ends it.
        write(&present.join("chat-old.wasm"), "old", 31)?;
        let next = tempfile::tempdir()?;
        keep_former(present, next.path())?;
        assert!(!next.path().join("chat-old.wasm").exists() && next.path().join("panel-same.wasm").exists());
        Ok(())
    }

    #[test]
    fn s20_a_pinned_loader_stays_as_long_as_its_parts() -> Result<()> {
        let (former, present) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let (former, present) = (former.path(), present.path());
        write(&former.join("tabiji@0.0.9.js"), "former", 29)?;
        write(&former.join("tabiji@0.0.8.js"), "ancient", 31)?;
        write(&former.join("tabiji@0.1.0.js"), "older", 3)?;
        write(&former.join("tabiji.js"), "moves", 3)?;
        write(&present.join("tabiji@0.1.0.js"), "present", 0)?;
        keep_pinned(former, present)?;
        assert_eq!(fs::read_to_string(present.join("tabiji@0.0.9.js"))?, "former");
        assert_eq!(fs::read_to_string(present.join("tabiji@0.1.0.js"))?, "present");
        assert!(!present.join("tabiji@0.0.8.js").exists() && !present.join("tabiji.js").exists());
        Ok(())
    }

    #[test]
    fn a_first_release_has_no_former_files() -> Result<()> {
        let present = tempfile::tempdir()?;
        keep_former(&present.path().join("none"), present.path())
    }
}
