//! An installation of the collector: the store in its data folder, and what is served of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use protocol::console::SecurityKind;
use server::app::App;
use server::clock::{Clock, SystemClock};
use server::config::Config;
use store::{SecurityEvent, Site, SiteId, Store, StoreError};
use store_sqlite::SqliteStore;

use crate::print::aside;
use crate::running::Served;
use crate::{folder, running};

/// Opens the store of an existing data folder for a short visit: a collector may be running on it.
pub fn visit(config: &Config) -> Result<Arc<dyn Store>> {
    ensure_release(config)?;
    open(config, SqliteStore::visit)
}

/// Checks that no collector of a release before serves the folder: what this release opens is upgraded.
///
/// # Errors
/// With what to do, when one does, or the folder cannot be read.
pub fn ensure_release(config: &Config) -> Result<()> {
    if let Some(Served { process, .. }) = running::serves_now(&config.data)
        && SqliteStore::is_of_release_before(&config.data)?
    {
        bail!(
            "process {process} serves {} with an earlier release: use that release's `tabiji`, or stop it and start this \
             release's `tabiji serve`",
            config.data.display()
        );
    }
    Ok(())
}

/// Opens the store of an existing data folder.
pub fn open(
    config: &Config,
    how: impl FnOnce(&Path) -> Result<SqliteStore, StoreError>,
) -> Result<Arc<dyn Store>> {
    folder::ensure_exists(config)?;
    let store = how(&config.data).with_context(|| format!("cannot open {}", config.data.display()))?;
    Ok(Arc::new(store))
}

/// Notes in the security log what was done on the command line.
///
/// # Errors
/// When the store does not answer.
pub async fn note(store: &dyn Store, kind: SecurityKind, site: Option<SiteId>, about: &str) -> Result<()> {
    Ok(store.add_security_event(event(kind, site, about)).await?)
}

/// Notes an export, which goes on although it cannot be noted.
pub async fn note_export(store: &dyn Store, site: Option<SiteId>, about: &str) {
    warn_unwritten(store.add_security_event(event(SecurityKind::Exported, site, about)).await);
}

/// Notes a backup, as [`note_export`] does. It may be the one that is made before an upgrade, so nothing is upgraded.
pub fn note_backup(config: &Config) {
    warn_unwritten(SqliteStore::note(&config.data, event(SecurityKind::Exported, None, "backup")));
}

fn event(kind: SecurityKind, site: Option<SiteId>, about: &str) -> SecurityEvent {
    SecurityEvent {
        at: SystemClock.now(),
        kind,
        by: "cli".to_owned(),
        site,
        about: about.to_owned(),
        count: 1,
    }
}

fn warn_unwritten(written: Result<(), StoreError>) {
    if let Err(error) = written {
        aside!("warning: the security log was not written: {error}");
    }
}

/// Puts a collector together.
pub fn app(config: Config, store: Arc<dyn Store>) -> App {
    App::new(store, Arc::new(SystemClock), config)
}

/// Returns the site of a name; without one, the only site that there is.
///
/// # Errors
/// When there is none, or several and no name.
pub async fn site(store: &dyn Store, name: Option<&str>) -> Result<Site> {
    let mut sites = store.sites().await?;
    match name {
        Some(name) => sites
            .into_iter()
            .find(|site| site.name == name)
            .with_context(|| format!("there is no site named {name}: `tabiji site list` shows all")),
        None if sites.len() == 1 => Ok(sites.remove(0)),
        None if sites.is_empty() => {
            bail!("there is no site yet: tabiji site add NAME --origin https://app.example.com")
        }
        None => bail!("there are several sites: name one with --site; `tabiji site list` shows all"),
    }
}
