//! `init`, `export` and `rebuild`: the data folder.

use std::io::{BufWriter, IsTerminal, Write, stdout};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand, ValueEnum};
use protocol::ids::AccountId;
use server::config::Config;
use server::exports::{self, AccountLine, EventLine, Line, StepLine, Writer};
use store::{Mark, StepPlace, Store};
use store_sqlite::SqliteStore;

use crate::config::{self, Flags, ServeFlags};
use crate::print::{Output, output, say};
use crate::{installation, running};

/// Records read at a time.
const PAGE: usize = 1000;

/// How often the projections are asked whether they have caught up.
const CATCH_UP: Duration = Duration::from_millis(50);

/// What can be exported.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Every event and fact, oldest first
    Events {
        #[command(flatten)]
        how: How,
        /// Start after this record
        #[arg(long, default_value = "0", value_name = "SEQ")]
        after: Mark,
    },
    /// Every account with what the host said of it
    Accounts {
        #[command(flatten)]
        how: How,
    },
    /// Every step that an account completed, and every stage that it entered
    Steps {
        #[command(flatten)]
        how: How,
    },
}

/// From where, and in which form.
#[derive(Args, Debug)]
pub struct How {
    #[command(flatten)]
    flags: Flags,
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
}

/// The formats of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// One JSON object per line
    Ndjson,
    /// Comma-separated values with a head line
    Csv,
    /// A file of columns
    Parquet,
}

impl From<Format> for exports::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Ndjson => Self::Ndjson,
            Format::Csv => Self::Csv,
            Format::Parquet => Self::Parquet,
        }
    }
}

pub fn init(flags: &Flags) -> Result<()> {
    let data = flags.data.clone().unwrap_or_else(|| Config::default().data);
    std::fs::create_dir_all(&data).with_context(|| format!("cannot create the folder {}", data.display()))?;
    let config = Config { data: data.clone(), ..Config::default() };
    installation::ensure_release(&config)?;
    SqliteStore::visit(&data).with_context(|| format!("cannot create a database in {}", data.display()))?;
    let file = data.join("tabiji.toml");
    if !file.exists() {
        std::fs::write(&file, toml::to_string_pretty(&config)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let data = data.display();
    say!("{data} is ready. Next: tabiji site add NAME --origin https://app.example.com --data {data}");
    Ok(())
}

pub async fn export(export: Export) -> Result<()> {
    let (Export::Events { how, .. } | Export::Accounts { how } | Export::Steps { how }) = &export;
    let is_text = !matches!(how.format, Format::Parquet);
    ensure!(
        is_text || !stdout().is_terminal(),
        "Parquet is no text: send it to a file, such as > export.parquet"
    );
    let store = installation::visit(&config::load(&how.flags, &ServeFlags::default())?)?;
    installation::note_export(&*store, None, "").await;
    match &export {
        Export::Events { after, .. } => events(&*store, after, how.format).await,
        Export::Accounts { .. } => accounts(&*store, how.format).await,
        Export::Steps { .. } => steps(&*store, how.format).await,
    }
}

type Out<L> = Writer<BufWriter<Output>, L>;

fn begin<L: Line>(format: Format) -> Result<Out<L>> {
    Ok(Writer::begin(BufWriter::new(output()), format.into(), true)?)
}

fn end<L: Line>(out: Out<L>) -> Result<()> {
    Ok(out.end()?.flush()?)
}

async fn events(store: &dyn Store, after: &Mark, format: Format) -> Result<()> {
    let head = store.head().await?;
    ensure!(
        *after <= head,
        "the journal ends at {head}: after a backup was restored its places are counted from there, so export all again \
         (without --after)"
    );
    let mut out = begin(format)?;
    for site in store.sites().await? {
        let mut after = after.clone();
        loop {
            let page = store.records(site.id, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after.advance(last.position);
            let rows: Result<Vec<_>, _> =
                page.into_iter().map(|record| EventLine::new(&site.public_key, record)).collect();
            out.write(rows?)?;
        }
    }
    end(out)
}

async fn accounts(store: &dyn Store, format: Format) -> Result<()> {
    let mut out = begin(format)?;
    for site in store.sites().await? {
        let mut after = AccountId::default();
        loop {
            let page = store.accounts_after(site.id, &after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = last.clone();
            out.write(page.into_iter().map(AccountLine::from))?;
        }
    }
    end(out)
}

async fn steps(store: &dyn Store, format: Format) -> Result<()> {
    let mut out = begin(format)?;
    for site in store.sites().await? {
        let mut after = StepPlace::default();
        loop {
            let page = store.steps_after(site.id, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.place.clone();
            out.write(page.into_iter().map(StepLine::from))?;
        }
    }
    end(out)
}

/// Computes every projection again, beside a running collector as well, which goes on taking what comes in.
pub async fn rebuild(flags: &Flags) -> Result<()> {
    let config = config::load(flags, &ServeFlags::default())?;
    installation::ensure_release(&config)?;
    let is_beside = running::serves_now(&config.data).is_some();
    let store = if is_beside {
        installation::open(&config, SqliteStore::open_beside)?
    } else {
        installation::open(&config, SqliteStore::open)?
    };
    let live = std::io::stderr().is_terminal();
    // What came in last may not be projected yet; what still comes in is not waited for.
    let head = store.head().await?;
    while store.cursor().await? < head {
        tokio::time::sleep(CATCH_UP).await;
    }
    let before = store.checksum().await?;
    let mut done_before = 0;
    store
        .rebuild(Box::new(move |done, all| {
            if live && (done - done_before > all / 100 || done == all) {
                done_before = done;
                eprint!("\rrecord {done} of {all}");
            }
        }))
        .await?;
    let checksum = store.checksum().await?;
    let was = match checksum == before {
        true => "as before".to_owned(),
        false if store.head().await? != head => "of more than before: records came in meanwhile".to_owned(),
        false => format!("before it was {before}"),
    };
    say!("{}rebuilt; checksum {checksum}, {was}", if live { "\n" } else { "" });
    Ok(())
}
