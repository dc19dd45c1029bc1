//! `init`, `export` and `rebuild`: the data folder.

use std::io::{IsTerminal, Write};

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use serde_json::value::RawValue;
use server::config::Config;
use store::{Mark, Source};
use store_sqlite::SqliteStore;

use crate::config::{self, Flags, ServeFlags};
use crate::print::say;
use crate::{installation, private};

/// Records read at a time.
const PAGE: usize = 1000;

/// What can be exported.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Every event and fact, oldest first
    Events {
        #[command(flatten)]
        flags: Flags,
        /// The format
        #[arg(long, value_enum, default_value_t = Format::Ndjson)]
        format: Format,
        /// Start after this record
        #[arg(long, default_value = "0", value_name = "SEQ")]
        after: Mark,
    },
}

/// The formats of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// One JSON object per line
    Ndjson,
}

pub fn init(flags: &Flags) -> Result<()> {
    private::keep();
    let data = flags.data.clone().unwrap_or_else(|| Config::default().data);
    std::fs::create_dir_all(&data).with_context(|| format!("cannot create the folder {}", data.display()))?;
    SqliteStore::visit(&data).with_context(|| format!("cannot create a database in {}", data.display()))?;
    let file = data.join("tabiji.toml");
    if !file.exists() {
        let config = Config { data: data.clone(), ..Config::default() };
        std::fs::write(&file, toml::to_string_pretty(&config)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let data = data.display();
    say!("{data} is ready. Next: tabiji site add NAME --origin https://app.example.com --data {data}");
    Ok(())
}

pub async fn export(Export::Events { flags, format: Format::Ndjson, after }: Export) -> Result<()> {
    let store = installation::visit(&config::load(&flags, &ServeFlags::default())?)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for site in store.sites().await? {
        let mut after = after.clone();
        loop {
            let page = store.records(site.id, &after, PAGE).await?;
            if page.is_empty() {
                break;
            }
            for store::Record { position, record } in &page {
                after.advance(*position);
                let body: &RawValue = match serde_json::from_str(&record.body) {
                    Ok(body) => body,
                    // A quarantined body may be cut: it is written as the text it is.
                    Err(_) => &serde_json::value::to_raw_value(&record.body)?,
                };
                let line = json!({
                    "seq": position.seq, "site": site.public_key, "id": record.id, "source": word(record.source),
                    "received": record.received, "at": record.at, "account": record.account,
                    "user": record.user, "quarantine": record.quarantine, "body": body,
                });
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(out.flush()?)
}

pub async fn rebuild(flags: &Flags) -> Result<()> {
    let store = installation::open(&config::load(flags, &ServeFlags::default())?, SqliteStore::open)?;
    let live = std::io::stderr().is_terminal();
    let mut done_before = 0;
    store
        .rebuild(Box::new(move |done, all| {
            if live && (done - done_before > all / 100 || done == all) {
                done_before = done;
                eprint!("\r{done} of {all} records");
            }
        }))
        .await?;
    say!("{}rebuilt; checksum {}", if live { "\n" } else { "" }, store.checksum().await?);
    Ok(())
}

fn word(source: Source) -> &'static str {
    match source {
        Source::Event => "event",
        Source::Fact => "fact",
        Source::Account => "account",
        Source::Person => "person",
        Source::Flow => "flow",
    }
}
