//! `quarantine`: the records of a site that are kept and count for nothing, the newest first.

use anyhow::Result;
use clap::Args;
use server::exports::{EventLine, Format, Writer};

use crate::config::{self, Flags, ServeFlags};
use crate::installation;
use crate::print::{output, say};

/// Records read at a time.
const PAGE: usize = 500;

/// The site, and how much of it.
#[derive(Args, Debug)]
pub struct Quarantine {
    /// The site's name; not needed when there is only one
    #[arg(long)]
    site: Option<String>,
    /// Print the records too, one JSON object a line
    #[arg(long)]
    records: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(Quarantine { site, records, flags }: Quarantine) -> Result<()> {
    let store = installation::visit(&config::load(&flags, &ServeFlags::default())?)?;
    let site = installation::site(&*store, site.as_deref()).await?;
    if !records {
        for one in store.quarantine_reasons(site.id).await? {
            say!("{:<16} {:>8}", one.reason, one.n);
        }
        return Ok(());
    }
    installation::note_export(&*store, Some(site.id), "quarantine").await;
    let (mut before, mut out) = (None, Writer::begin(output(), Format::Ndjson, true)?);
    loop {
        let page = store.quarantined(site.id, before, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.position);
        let rows: Result<Vec<_>, _> =
            page.into_iter().map(|record| EventLine::new(&site.public_key, record)).collect();
        out.write(rows?)?;
    }
}
