//! The files of loader, widget and console that are in the binary, compressed beforehand.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// The files that `cargo xtask dist` has built; a debug build reads the folder at run time.
#[derive(RustEmbed)]
#[folder = "$WEB_FILES"]
#[allow_missing = true]
pub(super) struct Files;

/// The name of the loader of this version: the same bytes for as long as it is there, so pages may pin it by its hash.
pub const PINNED: &str = concat!("tabiji@", env!("CARGO_PKG_VERSION"), ".js");

/// Returns what pages will still ask for after an upgrade: the names of this release's files, and each with gzip.
pub fn compressed() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
    let hashed = Files::iter().filter_map(|path| {
        let name = path.strip_prefix("assets/")?.strip_suffix(".gz")?.to_owned();
        Some((name, Files::get(&path)?.data))
    });
    let loader = Files::get("tabiji.js.gz").map(|file| (PINNED.to_owned(), file.data));
    hashed.chain(loader)
}
