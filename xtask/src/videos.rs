//! `videos`: the demo's how-to clips, recorded from its real pages.

use anyhow::Result;

use crate::process::{program, quiet, shown};
use crate::wasm_opt::Size;
use crate::{assets, toolchain};

/// Records every clip into `demo-site/clips`, where their captions are.
pub fn record() -> Result<()> {
    toolchain::ffmpeg()?;
    toolchain::chromium()?;
    assets::build(Size::Any)?;
    let build = ["build", "--locked", "--package", "tabiji", "--package", "demo-site"];
    quiet("building the programs", program("cargo", build))?;
    // A test of its own kind: it needs what tests need, and no optimised build.
    let film = ["test", "--quiet", "--locked", "--package", "tabiji-tests", "--bench", "videos"];
    shown("recording", program("cargo", film))
}
