//! Names the folder of the web files, which a release embeds and a debug build reads at run time.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // The folder may be made after the binary, so it is named without a way up: `rust-embed` takes only what is below
    // the very path that it was given.
    let web = fs::canonicalize("..")?.join("dist/web");
    println!("cargo::rustc-env=WEB_FILES={}", web.display());
    // A release that was built without them gets them with the next build.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if is_release { &web } else { Path::new("build.rs") }.display());
    Ok(())
}
