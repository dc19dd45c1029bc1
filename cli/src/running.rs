//! Which collector serves a data folder, and where: written into its lock file, read by the commands beside it.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use server::config::Config;

use crate::folder::ensure_exists;

/// A collector that serves a folder now, or that did last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Its process.
    pub process: String,
    /// How browsers reach it.
    pub public_url: String,
}

/// Keeps other collectors from serving this data folder for as long as the returned file is open.
///
/// It is the system's own lock, so a collector that is killed leaves none behind. The file names the process and its
/// address.
///
/// # Errors
/// When another process serves the folder, or this one may not write into it.
pub fn lock(config: &Config) -> Result<File> {
    ensure_exists(config)?;
    let (path, data) = (path(&config.data), config.data.display());
    let mut file =
        File::options().create(true).truncate(false).write(true).open(&path).with_context(|| {
            format!("cannot write into {data}: it has to belong to the user who runs `serve`")
        })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let process = last_served(&config.data).map(|served| served.process).unwrap_or_default();
            bail!("process {process} serves {data} already: stop it first, or name another folder");
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("cannot lock {data}")),
    }
    file.set_len(0)?;
    write!(file, "{}\n{}\n", std::process::id(), config.public_url)?;
    Ok(file)
}

/// Returns the collector that serves a folder now, or did last.
pub fn last_served(data: &Path) -> Option<Served> {
    let text = std::fs::read_to_string(path(data)).ok()?;
    let mut lines = text.lines().map(str::to_owned);
    Some(Served { process: lines.next()?, public_url: lines.next()? })
}

/// Returns the collector that serves a folder now.
pub fn serves_now(data: &Path) -> Option<Served> {
    let file = File::options().write(true).open(path(data)).ok()?;
    // The lock ends with the file, at the end of this function.
    matches!(file.try_lock(), Err(TryLockError::WouldBlock)).then(|| last_served(data)).flatten()
}

fn path(data: &Path) -> PathBuf {
    data.join("tabiji.lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation() -> (tempfile::TempDir, Config) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tabiji.db"), "").unwrap();
        let public_url = "http://127.0.0.1:7950".to_owned();
        let config = Config { data: folder.path().into(), public_url, ..Config::default() };
        (folder, config)
    }

    #[test]
    fn one_collector_serves_a_folder_until_it_ends() {
        let (folder, config) = installation();
        assert_eq!(last_served(folder.path()), None);
        let first = lock(&config).unwrap();
        let refused = lock(&config).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {} serves", std::process::id())), "{refused}");
        assert_eq!(serves_now(folder.path()).unwrap().public_url, "http://127.0.0.1:7950");
        drop(first);
        assert_eq!(serves_now(folder.path()), None);
        assert_eq!(last_served(folder.path()).unwrap().public_url, "http://127.0.0.1:7950");
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
