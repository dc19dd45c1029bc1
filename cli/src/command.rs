//! The commands of `tabiji`. Each opens what it needs, does one thing and prints what it did.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::config::{self, Flags, ServeFlags};
use crate::log::LogFormat;
use crate::{
    backup, data, desk, doctor, erase, flow, link, media, operator, private, quarantine, serve, site, token,
};

/// Guided setup inside your product: one script tag, one binary.
#[derive(Debug, Parser)]
#[command(name = "tabiji", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a data folder with an empty database and a configuration file
    Init {
        #[command(flatten)]
        flags: Flags,
    },
    /// Run the collector until a signal stops it
    Serve {
        #[command(flatten)]
        flags: Flags,
        #[command(flatten)]
        serve: ServeFlags,
        /// Print the configuration with where each value comes from, and exit
        #[arg(long)]
        print_config: bool,
        /// How lines of the log are written
        #[arg(long, alias = "log", env = "TABIJI_LOG_FORMAT", value_enum, default_value_t)]
        log_format: LogFormat,
    },
    /// Add, change and remove the products that embed the widget
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Add and list how-to clips
    #[command(subcommand)]
    Media(media::MediaCommand),
    /// Create a one-time link that opens the console and sets a password
    Link(link::Link),
    /// Print an identity token as your backend signs it, to try one
    Token(token::Token),
    /// Write a flow file to start from
    #[command(subcommand)]
    Flow(flow::FlowCommand),
    /// List, change and remove operators of the console
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// Check a flow file, and the clips beside it
    Check {
        /// The flow file
        file: PathBuf,
        /// The folder with videos and captions [default: `clips` beside the file, if there is one]
        #[arg(long, value_name = "FOLDER")]
        clips: Option<PathBuf>,
    },
    /// Print the JSON Schema of flow files, for editors
    Schema,
    /// Publish a flow file to a collector as its next version
    Publish(flow::Publish),
    /// Check and publish the support file: hours, canned replies, articles
    #[command(subcommand)]
    Desk(desk::DeskCommand),
    /// Export what was collected
    #[command(subcommand)]
    Export(data::Export),
    /// List what was received and counts for nothing, with the reasons
    Quarantine(quarantine::Quarantine),
    /// Erase a person or an account from everything, and print the receipt
    #[command(subcommand)]
    Erase(erase::Erase),
    /// Delete every projection and compute it again from the journal
    Rebuild {
        #[command(flatten)]
        flags: Flags,
    },
    /// Write the whole installation into one archive, beside a running collector
    Backup(backup::Backup),
    /// Restore an archive into a new folder
    Restore(backup::Restore),
    /// Check an installation and say what to do
    Doctor {
        #[command(flatten)]
        flags: Flags,
        #[command(flatten)]
        serve: ServeFlags,
    },
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// Returns a message for the terminal.
    pub fn run(self) -> Result<ExitCode> {
        // What a flow is written to is no secret, and others work on it, too.
        if !matches!(self.command, Command::Flow(_)) {
            private::keep();
        }
        let runtime = tokio::runtime::Runtime::new().context("cannot start the async runtime")?;
        runtime.block_on(async {
            match self.command {
                Command::Init { flags } => data::init(&flags),
                Command::Serve { flags, serve, print_config: true, .. } => config::print(&flags, &serve),
                Command::Serve { flags, serve, log_format, .. } => {
                    serve::run(&flags, &serve, log_format).await
                }
                Command::Site(command) => site::run(command).await,
                Command::Media(command) => media::run(command).await,
                Command::Link(link) => link::run(link).await,
                Command::Token(token) => token::run(token).await,
                Command::Flow(command) => flow::run(command),
                Command::Operator(command) => operator::run(command).await,
                Command::Check { file, clips } => return flow::check(&file, clips.as_deref()),
                Command::Schema => flow::schema(),
                Command::Publish(publish) => flow::publish(publish).await,
                Command::Desk(command) => return desk::run(command).await,
                Command::Export(export) => data::export(export).await,
                Command::Quarantine(quarantine) => quarantine::run(quarantine).await,
                Command::Erase(erase) => erase::run(erase).await,
                Command::Rebuild { flags } => data::rebuild(&flags).await,
                Command::Backup(backup) => backup::backup(backup).await,
                Command::Restore(restore) => backup::restore(restore).await,
                Command::Doctor { flags, serve } => return doctor::run(&flags, &serve).await,
            }?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
