//! `backup` and `restore`: an installation as one archive. What is written is read again, and nothing is overwritten
//! (`docs/decisions/0016-first-minutes.md`).

mod archive;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use server::config::Config;
use server::erasures;
use store::Store;
use store_sqlite::SqliteStore;

use crate::config::{self, Flags, ServeFlags};
use crate::print::{count, say};
use crate::{folder, installation};

/// The database and the configuration in a data folder and in an archive.
const DATABASE: &str = "tabiji.db";
const CONFIG: &str = "tabiji.toml";

/// Where a backup goes.
#[derive(Args, Debug)]
pub struct Backup {
    /// The archive to write, such as tabiji-2026-11-27.tar.zst
    file: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

/// What to restore.
#[derive(Args, Debug)]
pub struct Restore {
    /// The archive that `tabiji backup` wrote
    file: PathBuf,
    /// The folder to restore into; it must not exist, or be empty
    #[arg(long, env = "TABIJI_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The list of erasures of the folder that is replaced (DATA/erasures.ndjson): who is on it is erased again
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

/// Writes an archive beside a running collector.
pub async fn backup(Backup { file, flags }: Backup) -> Result<()> {
    let config = config::load(&flags, &ServeFlags::default())?;
    folder::ensure_exists(&config)?;
    ensure!(!file.exists(), "{} is there already and stays as it is: name another file", file.display());
    let work = Work::begin(&file)?;
    SqliteStore::snapshot(&config.data, &work.0).context("cannot copy the database")?;
    verify(&work.0)?;
    let part = work.0.join("archive");
    let entries = archive::write(&part, &sources(&config, &work.0, config::file(&flags))?)?;
    archive::check(&part)?;
    fs::rename(&part, &file).with_context(|| format!("cannot write {}", file.display()))?;
    installation::note_backup(&config);
    let size = fs::metadata(&file)?.len();
    let files = count(entries, "file");
    say!("{}: {files}, {} KiB, read again and whole", file.display(), size / 1024);
    Ok(())
}

/// Restores an archive into a folder that has nothing in it. What happened after the backup is missing there, so another
/// epoch begins.
pub async fn restore(Restore { file, data, erasures }: Restore) -> Result<()> {
    let is_empty = !data.exists() || fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_none());
    ensure!(is_empty, "{} has something in it and stays as it is: name another folder", data.display());
    let work = Work::begin(&data)?;
    archive::extract(&file, &work.0).with_context(|| format!("cannot restore {}", file.display()))?;
    verify(&work.0)?;
    SqliteStore::begin_epoch(&work.0).context("cannot begin another epoch")?;
    let erased = erase_again(&work.0, erasures.as_deref()).await?;
    if data.exists() {
        fs::remove_dir(&data)?;
    }
    fs::rename(&work.0, &data).with_context(|| format!("cannot write {}", data.display()))?;
    let shown = data.display();
    say!("{shown} is restored, and clients notice it: they send what they still have.");
    match erased {
        Some(erased) => say!("Done again: {}.", count(erased, "erasure")),
        None => say!(
            "Nobody was erased again: who was erased after this backup is back. Where there is a list of them, \
             restore into another folder with --erasures OLD/{} before anything is served.",
            erasures::FILE
        ),
    }
    say!("Next: tabiji serve --data {shown}");
    Ok(())
}

/// Erases again who was erased after the backup, and keeps the list; returns how many were on it, if there is one.
async fn erase_again(folder: &Path, list: Option<&Path>) -> Result<Option<usize>> {
    let Some(list) = list else { return Ok(None) };
    ensure!(list.exists(), "there is no {}", list.display());
    let erasures = erasures::read(list).with_context(|| format!("cannot read {}", list.display()))?;
    let store: Box<dyn Store> = Box::new(SqliteStore::visit(folder)?);
    let sites = store.sites().await?;
    for erasure in &erasures {
        // A site that the backup does not know has nobody in it.
        if let Some(site) = sites.iter().find(|site| site.public_key == erasure.site) {
            if let Some(user) = &erasure.user {
                store.erase_user(site.id, user).await?;
            }
            if let Some(account) = &erasure.account {
                store.erase_account(site.id, account).await?;
            }
        }
        erasures::note(folder, erasure)?;
    }
    Ok(Some(erasures.len()))
}

/// Checks a database, which may be of a release before, and leaves it as it is.
fn verify(folder: &Path) -> Result<()> {
    SqliteStore::verify_copy(folder)?.map_err(|what| anyhow::anyhow!("the database is damaged: {what}"))
}

/// The files of an installation: their names in the archive, and where they are.
fn sources(config: &Config, snapshot: &Path, file: Option<PathBuf>) -> Result<Vec<(String, PathBuf)>> {
    let mut sources = vec![(DATABASE.to_owned(), snapshot.join(DATABASE))];
    sources.extend(file.map(|file| (CONFIG.to_owned(), file)));
    for folder in archive::FOLDERS {
        walk(&config.data.join(folder), folder, &mut sources)?;
    }
    Ok(sources)
}

fn walk(folder: &Path, name: &str, sources: &mut Vec<(String, PathBuf)>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), &name, sources)?;
        } else if kind.is_file() {
            sources.push((name, entry.path()));
        }
    }
    Ok(())
}

/// A folder beside the target, for what is not whole yet; it goes away with this.
struct Work(PathBuf);

impl Work {
    fn begin(target: &Path) -> Result<Self> {
        let mut name = target.file_name().context("name a file or a folder")?.to_owned();
        name.push(".part");
        let folder = target.with_file_name(name);
        fs::create_dir(&folder).with_context(|| {
            format!("cannot create {}: if an earlier run left it, delete it", folder.display())
        })?;
        Ok(Self(folder))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // After a restore it has become the data folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use store::{Journal, SiteId, Sites, suite};

    use super::*;

    /// How a Zstandard frame begins (RFC 8878, 3.1.1).
    const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

    #[tokio::test]
    async fn s29_a_backup_of_a_damaged_journal_fails_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("data")).unwrap();
        let store = SqliteStore::open(&at("data")).unwrap();
        store.add_site(suite::site("one")).await.unwrap();
        let facts = (0..50).map(|n| suite::fact(SiteId(1), "a", "users", 9.0, suite::NOON + n, 1));
        store.append(facts.collect()).await.unwrap();
        drop(store);
        let file = at("data").join(DATABASE);
        let mut bytes = fs::read(&file).unwrap();
        let frame = bytes.windows(4).position(|window| window == FRAME).unwrap();
        bytes[frame + 40] ^= 0x10;
        fs::write(&file, bytes).unwrap();
        let flags = Flags { data: Some(at("data")), config: None };
        let refused = backup(Backup { file: at("b.tar.zst"), flags }).await.unwrap_err();
        assert!(format!("{refused:#}").contains("the database is damaged"), "{refused:#}");
        assert!(!at("b.tar.zst").exists() && !at("b.tar.zst.part").exists());
    }

    #[tokio::test]
    async fn s29_an_installation_comes_back_whole_beside_a_running_collector_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("data/files/1")).unwrap();
        let running = SqliteStore::open(&at("data")).unwrap();
        running.add_site(suite::site("one")).await.unwrap();
        fs::write(at("data/files/1/picture"), "a picture").unwrap();
        fs::write(at("data/tabiji.toml"), "port = 7700\n").unwrap();
        let flags = Flags { data: Some(at("data")), config: None };
        let write = || backup(Backup { file: at("b.tar.zst"), flags: flags.clone() });
        write().await.unwrap();
        running.add_site(suite::site("later")).await.unwrap();
        assert!(write().await.unwrap_err().to_string().contains("stays as it is"));

        let back = |file: &str| restore(Restore { file: at(file), data: at("restored"), erasures: None });
        back("b.tar.zst").await.unwrap();
        let names =
            |store: Vec<store::Site>| store.into_iter().map(|site| site.settings.name).collect::<Vec<_>>();
        let restored = SqliteStore::visit(&at("restored")).unwrap();
        assert_eq!(names(restored.sites().await.unwrap()), ["one"]);
        assert_eq!(fs::read_to_string(at("restored/files/1/picture")).unwrap(), "a picture");
        assert_eq!(fs::read_to_string(at("restored/tabiji.toml")).unwrap(), "port = 7700\n");
        assert!(back("b.tar.zst").await.unwrap_err().to_string().contains("stays as it is"));

        // A cut archive leaves nothing behind.
        let bytes = fs::read(at("b.tar.zst")).unwrap();
        fs::write(at("cut"), &bytes[..bytes.len() / 2]).unwrap();
        restore(Restore { file: at("cut"), data: at("other"), erasures: None }).await.unwrap_err();
        assert!(!at("other").exists() && !at("other.part").exists());
    }
}
