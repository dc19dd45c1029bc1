//! A disk under a collector that fails on request, and whose power can fail. What stands between the collector and the
//! real one is the library of `tests/disk`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::stack::binary;

/// The disk under a data folder.
pub struct FaultyDisk {
    folder: PathBuf,
    beside: PathBuf,
}

/// Kinds of entries of the log, as `tests/disk` writes them.
const WRITE: u64 = 0;
const SYNC: u64 = 1;

/// A write that replaced bytes, as the library of `tests/disk` notes it.
struct Write {
    range: Range<u64>,
    size_before: u64,
    replaced: Vec<u8>,
}

/// What a file would lose.
#[derive(Default)]
struct Loss {
    /// Writes since the last sync, oldest first.
    unsynced: Vec<Write>,
    /// Writes whose sync failed: they come to the disk only by being written again.
    failed: Vec<Write>,
}

impl FaultyDisk {
    /// The disk under this folder.
    pub fn under(folder: &Path) -> Result<Self> {
        let beside = PathBuf::from(format!("{}.disk", folder.display()));
        fs::create_dir(&beside)?;
        Ok(Self { folder: folder.to_owned(), beside })
    }

    /// From here on the disk is `full`, `read-only`, `unsynced` (each sync fails), `lying` (each sync is called good and
    /// is none) or `dying` (the process is killed as it writes). A second word names the ending of the files for which it is, or
    /// `*`; a third one how many writes still succeed before that kill.
    pub fn fail(&self, how: &str) -> Result<()> {
        Ok(fs::write(self.beside.join("fault"), how)?)
    }

    /// From here on the disk does as it should.
    pub fn mend(&self) -> Result<()> {
        self.fail("")
    }

    /// Puts the disk under a program.
    pub(crate) fn carry(&self, command: &mut Command) -> Result<()> {
        command.env("LD_PRELOAD", binary("libtabiji_faulty_disk.so")?).env("FAULTY_DISK", &self.folder);
        Ok(())
    }

    /// How often a program synced a file of it.
    pub fn syncs(&self) -> Result<usize> {
        let log = fs::read(self.beside.join("undo")).context("nothing was written through this disk")?;
        let mut rest = log.as_slice();
        Ok(std::iter::from_fn(|| entry(&mut rest)).filter(|(kind, ..)| *kind == SYNC).count())
    }

    /// Takes away what was not synced, as a power failure may. The collector has to be gone.
    pub fn lose_power(&self) -> Result<()> {
        let undo = self.beside.join("undo");
        let log = fs::read(&undo).context("nothing was written through this disk")?;
        let mut files = BTreeMap::new();
        find_files(&self.folder, &mut files)?;
        for (number, loss) in losses(&log) {
            if let Some(path) = files.get(&number) {
                loss.happen(path)?;
            }
        }
        // Shared memory is lost with the power.
        let _ = fs::remove_file(self.folder.join("tabiji.db-shm"));
        Ok(fs::remove_file(undo)?)
    }
}

impl Drop for FaultyDisk {
    fn drop(&mut self) {
        // It is a folder for temporary things.
        let _ = fs::remove_dir_all(&self.beside);
    }
}

impl Loss {
    fn happen(self, path: &Path) -> Result<()> {
        let file = File::options().read(true).write(true).open(path)?;
        for write in self.unsynced.iter().rev().chain(self.failed.iter().rev()) {
            file.write_all_at(&write.replaced, write.range.start)?;
            file.set_len(write.size_before)?;
        }
        Ok(())
    }

    /// What was written since is on disk, and what it covers is no longer lost.
    fn sync(&mut self) {
        for synced in std::mem::take(&mut self.unsynced) {
            let covers =
                |lost: &Write| synced.range.start <= lost.range.start && lost.range.end <= synced.range.end;
            self.failed.retain(|lost| !covers(lost));
        }
    }
}

/// Reads the log to its end, which a kill may have cut.
fn losses(mut log: &[u8]) -> BTreeMap<u64, Loss> {
    let mut losses: BTreeMap<u64, Loss> = BTreeMap::new();
    while let Some((kind, number, write)) = entry(&mut log) {
        let loss = losses.entry(number).or_default();
        match kind {
            WRITE => loss.unsynced.push(write),
            SYNC => loss.sync(),
            _ => {
                let unsynced = std::mem::take(&mut loss.unsynced);
                loss.failed.extend(unsynced);
            }
        }
    }
    losses
}

fn entry(log: &mut &[u8]) -> Option<(u64, u64, Write)> {
    let [kind, number, place, size, size_before, replaced] = {
        let mut head = [0; 6];
        for value in &mut head {
            let mut bytes = [0; 8];
            log.read_exact(&mut bytes).ok()?;
            *value = u64::from_le_bytes(bytes);
        }
        head
    };
    let mut bytes = vec![0; usize::try_from(replaced).ok()?];
    log.read_exact(&mut bytes).ok()?;
    Some((kind, number, Write { range: place..place + size, size_before, replaced: bytes }))
}

/// The files of a folder by their numbers in the file system.
fn find_files(folder: &Path, files: &mut BTreeMap<u64, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => find_files(&path, files)?,
            Ok(about) => drop(files.insert(about.ino(), path)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
