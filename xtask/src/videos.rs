//! `videos`: the demo's how-to clips, recorded from its real pages.

use anyhow::Result;
use clap::Args;

use crate::process::{program, quiet, shown};
use crate::wasm_opt::Size;
use crate::{assets, toolchain};

/// What to record.
#[derive(Args)]
pub struct Videos {
    /// The clips' ids in the demo's flow [default: all of them]
    clips: Vec<String>,
}

impl Videos {
    /// Records clips into `demo-site/clips`, where their captions are.
    pub fn record(&self) -> Result<()> {
        toolchain::ffmpeg()?;
        toolchain::japanese_chromium()?;
        assets::build(Size::Any)?;
        let build = ["build", "--locked", "--package", "tabiji", "--package", "demo-site"];
        quiet("building the programs", program("cargo", build))?;
        // A test of its own kind: it needs what tests need, and no optimised build.
        let film = ["test", "--quiet", "--locked", "--package", "tabiji-tests", "--bench", "videos", "--"];
        let mut film = program("cargo", film.into_iter().chain(self.clips.iter().map(String::as_str)));
        // What the browser itself writes on a page is Japanese, too.
        film.env("LANGUAGE", "ja");
        shown("recording", film)
    }
}
