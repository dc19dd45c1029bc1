//! An installation of the collector: the store in its data folder, and what is served of it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use server::app::App;
use server::clock::SystemClock;
use server::config::Config;
use store::{Store, StoreError};
use store_sqlite::SqliteStore;

/// Opens the store of an existing data folder for a short visit: a collector may be running on it.
pub fn visit(config: &Config) -> Result<Arc<dyn Store>> {
    open(config, SqliteStore::visit)
}

/// Opens the store of an existing data folder.
pub fn open(
    config: &Config,
    how: impl FnOnce(&Path) -> Result<SqliteStore, StoreError>,
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
