//! `schemathesis`: the HTTP interface, tried by its own document for longer than CI has time for
//! (`docs/decisions/0023-openapi.md`).

use anyhow::Result;
use clap::Args;

use crate::process::{program, quiet, shown};
use crate::toolchain;

/// How long.
#[derive(Args)]
pub struct Schemathesis {
    /// How many requests are made at least
    #[arg(long, default_value_t = 20_000)]
    cases: u32,
}

impl Schemathesis {
    /// Makes the requests, of a collector of its own.
    pub fn run(self) -> Result<()> {
        toolchain::nextest()?;
        toolchain::schemathesis()?;
        quiet("building the collector", program("cargo", ["build", "--locked", "--package", "tabiji"]))?;
        let arguments = [
            "nextest",
            "run",
            "--locked",
            "--package",
            "tabiji-tests",
            "--success-output",
            "final",
            "--filterset",
            "test(/s36_requests/)",
        ];
        let mut command = program("cargo", arguments);
        command.env("TABIJI_CASES", self.cases.to_string());
        shown("requests of the document", command)
    }
}
