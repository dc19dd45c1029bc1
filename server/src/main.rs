//! The binary `tabiji`.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use tabiji_server::cli::Cli;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
