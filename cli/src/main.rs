//! The binary `tabiji`: the collector (`serve`) and the commands of an operator. This crate alone knows the store
//! that it opens (SQLite) and the command line; everything that is served is in the crate `server`
//! (`docs/decisions/0013-collector.md`).

mod backup;
mod collector;
mod command;
mod config;
mod data;
mod desk;
mod doctor;
mod erase;
mod flow;
mod folder;
mod installation;
mod link;
mod log;
mod media;
mod moment;
mod operator;
mod print;
mod private;
mod quarantine;
mod running;
mod serve;
mod site;
mod text_file;
mod token;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use crate::command::Cli;
use crate::print::aside;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            aside!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
