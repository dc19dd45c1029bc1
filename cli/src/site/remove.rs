//! `site remove`: a site and everything that it has collected. It says what that is, and does it only with `--yes`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use protocol::console::SecurityKind;
use store::Store;

use crate::config::{self, Flags, ServeFlags};
use crate::installation;
use crate::print::say;

/// The site to remove.
#[derive(Args, Debug)]
pub struct Remove {
    /// The site's name
    site: String,
    /// Delete it all
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(remove: Remove) -> Result<()> {
    let config = config::load(&remove.flags, &ServeFlags::default())?;
    let store = installation::visit(&config)?;
    let site = installation::site(&*store, Some(&remove.site)).await?;
    let conversations = count(&*store, site.id).await?;
    let what = format!(
        "{} with its keys, {}, {}, {} with what was sent in them, all reports, and what its events and facts say",
        site.name,
        counted(store.flow_versions(site.id).await?.len(), "version of its flow"),
        counted(store.videos(site.id).await?.len(), "clip"),
        counted(conversations, "conversation"),
    );
    if !remove.yes {
        bail!(
            "this deletes {what}. It cannot be undone: `tabiji backup FILE` first, then repeat it with --yes"
        );
    }
    store.remove_site(site.id).await?;
    installation::note(&*store, SecurityKind::SiteRemoved, None, &site.name).await?;
    for folder in ["media", "files"] {
        delete(&config.data.join(folder).join(site.id.0.to_string()))?;
    }
    say!("deleted: {what}");
    Ok(())
}

async fn count(store: &dyn Store, site: store::SiteId) -> Result<usize> {
    let (mut n, mut after) = (0, 0);
    loop {
        let page = store.conversations(site, after, 500).await?;
        let Some(last) = page.last() else { return Ok(n) };
        n += page.len();
        after = last.revision;
    }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn delete(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot delete {}", folder.display()))?;
    }
    Ok(())
}
