//! An installation of the collector: the store in its data folder, and what is served of it.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
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
    ensure_exists(config)?;
    let store = how(&config.data).with_context(|| format!("cannot open {}", config.data.display()))?;
    Ok(Arc::new(store))
}

fn ensure_exists(config: &Config) -> Result<()> {
    let data = config.data.display();
    ensure!(
        config.data.join("tabiji.db").exists(),
        "there is no database in {data}: run `tabiji init --data {data}` first, or name another folder"
    );
    Ok(())
}

/// Keeps other collectors from serving this data folder for as long as the returned file is open.
///
/// It is the system's own lock, so a collector that is killed leaves none behind. The file names the process.
///
/// # Errors
/// When another process serves the folder, or this one may not write into it.
pub fn lock(config: &Config) -> Result<File> {
    ensure_exists(config)?;
    let (path, data) = (config.data.join("tabiji.lock"), config.data.display());
    let mut file =
        File::options().create(true).truncate(false).write(true).open(&path).with_context(|| {
            format!("cannot write into {data}: it has to belong to the user who runs `serve`")
        })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let process = std::fs::read_to_string(&path).unwrap_or_default();
            bail!("process {process} serves {data} already: stop it first, or name another folder");
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("cannot lock {data}")),
    }
    file.set_len(0)?;
    write!(file, "{}", std::process::id())?;
    Ok(file)
}

/// Puts a collector together.
pub fn app(config: Config, store: Arc<dyn Store>) -> App {
    App::new(store, Arc::new(SystemClock), config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation() -> (tempfile::TempDir, Config) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tabiji.db"), "").unwrap();
        let config = Config { data: folder.path().into(), ..Config::default() };
        (folder, config)
    }

    #[test]
    fn one_collector_serves_a_folder_until_it_ends() {
        let (_folder, config) = installation();
        let first = lock(&config).unwrap();
        let refused = lock(&config).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {} serves", std::process::id())), "{refused}");
        drop(first);
        lock(&config).unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_refused() {
        let (folder, config) = installation();
        // What stands in the way of the superuser, too.
        std::fs::create_dir(folder.path().join("tabiji.lock")).unwrap();
        let refused = lock(&config).unwrap_err().to_string();
        assert!(refused.contains("cannot write into"), "{refused}");
    }
}
