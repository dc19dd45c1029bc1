//! `fuzz`: every parser of what strangers and authors send, on its kept corpus and on what can be made of it.

use anyhow::Result;
use clap::Args;

use crate::process::{program, shown};
use crate::toolchain;

/// How long.
#[derive(Args)]
pub struct Fuzz {
    /// Seconds for each parser
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Parsers by a part of their tests' names; all when left out
    which: Option<String>,
}

impl Fuzz {
    /// Runs the targets side by side.
    pub fn run(self) -> Result<()> {
        toolchain::nextest()?;
        let which = self.which.unwrap_or_default();
        let filter = format!("test(/s37_an?_.*{which}/)");
        let arguments = [
            "nextest",
            "run",
            "--locked",
            "--no-fail-fast",
            "--success-output",
            "final",
            "--filterset",
            &filter,
        ];
        let mut command = program("cargo", arguments);
        command.env("TABIJI_FUZZ_SECONDS", self.seconds.to_string());
        shown("fuzzing", command)
    }
}
