//! The commands of `tabiji`. Each opens what it needs, does one thing and prints what it did.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use server::app::App;
use server::clock::SystemClock;
use server::config::Config;
use server::console::auth::links::new_link;
use store::{Store, StoreError};
use store_sqlite::SqliteStore;

use crate::config::{self, Flags, ServeFlags};
use crate::{data, desk, doctor, flow, media, operator, serve, site};

/// Guided set-up inside your product: one script tag, one binary.
#[derive(Debug, Parser)]
#[command(name = "tabiji", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a data folder with an empty database and a configuration file
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
        /// Show the configuration and where it would listen, and do nothing
        #[arg(long)]
        print_config: bool,
    },
    /// Add, list and change the products that embed the widget
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Add and list how-to clips
    #[command(subcommand)]
    Media(media::MediaCommand),
    /// Make a one-time link that opens the console and sets a password
    Link {
        /// For an agent who sees this site only; may be repeated
        #[arg(long, value_name = "NAME")]
        site: Vec<String>,
        /// For this address, which may have a password already
        #[arg(long)]
        email: Option<String>,
        #[command(flatten)]
        flags: Flags,
        #[command(flatten)]
        serve: ServeFlags,
    },
    /// List, change and remove those who may open the console
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// Check a flow file, and the clips beside it
    Check {
        /// The flow file
        file: PathBuf,
        /// The folder with films and captions [default: `clips` beside the file, if there is one]
        #[arg(long, value_name = "FOLDER")]
        clips: Option<PathBuf>,
    },
    /// Print the JSON Schema of flow files, for editors
    Schema,
    /// Publish a flow file to a collector as its next version
    Publish(flow::Publish),
    /// Check and publish how customer success works: hours, answers, articles
    #[command(subcommand)]
    Desk(desk::DeskCommand),
    /// Write out what was collected
    #[command(subcommand)]
    Export(data::Export),
    /// Delete every projection and compute it again from the journal
    Rebuild {
        #[command(flatten)]
        flags: Flags,
    },
    /// Look for what is wrong with an installation and say what to do
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
    /// With a message for the person at the terminal.
    pub fn run(self) -> Result<ExitCode> {
        let runtime = tokio::runtime::Runtime::new().context("cannot start the async runtime")?;
        runtime.block_on(async {
            match self.command {
                Command::Init { flags } => data::init(&flags),
                Command::Serve { flags, serve, print_config } => {
                    serve::run(&flags, &serve, print_config).await
                }
                Command::Site(command) => site::run(command).await,
                Command::Media(command) => media::run(command).await,
                Command::Link { site, email, flags, serve } => link(&site, email, &flags, &serve).await,
                Command::Operator(command) => operator::run(command).await,
                Command::Check { file, clips } => return flow::check(&file, clips.as_deref()),
                Command::Schema => flow::schema(),
                Command::Publish(publish) => flow::publish(publish).await,
                Command::Desk(command) => return desk::run(command).await,
                Command::Export(export) => data::export(export).await,
                Command::Rebuild { flags } => data::rebuild(&flags).await,
                Command::Doctor { flags, serve } => return doctor::run(&flags, &serve).await,
            }?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// Opens the store of an existing data folder for a short visit: a collector may be running on it.
pub fn visit(config: &Config) -> Result<Arc<dyn Store>> {
    open(config, SqliteStore::visit)
}

/// Opens the store of an existing data folder.
pub fn open(
    config: &Config,
    how: impl FnOnce(&std::path::Path) -> Result<SqliteStore, StoreError>,
) -> Result<Arc<dyn Store>> {
    if !config.data.join("tabiji.db").exists() {
        let data = config.data.display();
        bail!(
            "there is no database in {data}: run `tabiji init --data {data}` first, or name another folder"
        );
    }
    let store = how(&config.data).with_context(|| format!("cannot open {}", config.data.display()))?;
    Ok(Arc::new(store))
}

/// Puts a collector together.
pub fn app(config: Config, store: Arc<dyn Store>) -> App {
    App::new(store, Arc::new(SystemClock), config)
}

async fn link(sites: &[String], email: Option<String>, flags: &Flags, serve: &ServeFlags) -> Result<()> {
    let config = config::load(flags, serve)?;
    let store = visit(&config)?;
    let email = email.map(|email| email.trim().to_lowercase());
    let known = match &email {
        Some(email) => store.operator(email).await?,
        None => None,
    };
    // Who only forgot the password sees what they saw.
    let grant = match known {
        Some(known) if sites.is_empty() => known.grant,
        _ => operator::grant(&*store, sites).await?,
    };
    let app = app(config, store);
    let link = new_link(&app, grant, email).await?;
    println!("{}/console/welcome#{link}", app.config.public_url);
    Ok(())
}
