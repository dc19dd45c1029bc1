//! `init`, `export` and `rebuild`: the data folder.

use std::io::{BufWriter, IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand, ValueEnum};
use protocol::ids::AccountId;
use server::config::Config;
use server::exports::{self, AccountLine, EventLine, Line, StepLine};
use store::{Mark, Site, StepPlace, Store};
use store_sqlite::SqliteStore;

use crate::config::{self, Flags, ServeFlags};
use crate::print::say;
use crate::{installation, private};

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

pub async fn export(export: Export) -> Result<()> {
    let (Export::Events { how, .. } | Export::Accounts { how } | Export::Steps { how }) = &export;
    let store = installation::visit(&config::load(&how.flags, &ServeFlags::default())?)?;
    installation::note_export(&*store, None, "").await;
    let mut out = Out { to: BufWriter::new(std::io::stdout().lock()), format: how.format, is_first: true };
    for site in store.sites().await? {
        match &export {
            Export::Events { after, .. } => events(&*store, &site, after.clone(), &mut out).await?,
            Export::Accounts { .. } => accounts(&*store, &site, &mut out).await?,
            Export::Steps { .. } => steps(&*store, &site, &mut out).await?,
        }
    }
    Ok(out.to.flush()?)
}

/// Where rows go.
struct Out<W: Write> {
    to: W,
    format: Format,
    /// Whether the head line is still to come.
    is_first: bool,
}

impl<W: Write> Out<W> {
    fn write<L: Line>(&mut self, rows: impl IntoIterator<Item = L>) -> Result<()> {
        let format = match self.format {
            Format::Ndjson => exports::Format::Ndjson,
            Format::Csv => exports::Format::Csv,
        };
        exports::write(&mut self.to, format, self.is_first, rows)?;
        self.is_first = false;
        Ok(())
    }
}

async fn events(store: &dyn Store, site: &Site, mut after: Mark, out: &mut Out<impl Write>) -> Result<()> {
    let head = store.head().await?;
    ensure!(
        after <= head,
        "the journal ends at {head}: after a backup was restored its places are counted from there, so export all again \
         (without --after)"
    );
    loop {
        let page = store.records(site.id, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.advance(last.position);
        let rows: Result<Vec<_>, _> =
            page.into_iter().map(|record| EventLine::new(&site.public_key, record)).collect();
        out.write(rows?)?;
    }
}

async fn accounts(store: &dyn Store, site: &Site, out: &mut Out<impl Write>) -> Result<()> {
    let mut after = AccountId::default();
    loop {
        let page = store.accounts_after(site.id, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = last.clone();
        out.write(page.into_iter().map(AccountLine::from))?;
    }
}

async fn steps(store: &dyn Store, site: &Site, out: &mut Out<impl Write>) -> Result<()> {
    let mut after = StepPlace::default();
    loop {
        let page = store.steps_after(site.id, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.place.clone();
        out.write(page.into_iter().map(StepLine::from))?;
    }
}

pub async fn rebuild(flags: &Flags) -> Result<()> {
    let store = installation::open(&config::load(flags, &ServeFlags::default())?, SqliteStore::open)?;
    let live = std::io::stderr().is_terminal();
    // What came in last may not be projected yet.
    while store.cursor().await? < store.head().await? {
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
    let was = if checksum == before { "as before".to_owned() } else { format!("before it was {before}") };
    say!("{}rebuilt; checksum {checksum}, {was}", if live { "\n" } else { "" });
    Ok(())
}
