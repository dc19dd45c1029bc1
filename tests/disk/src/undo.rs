//! What would be lost if the power failed now, as a log: before each write the bytes that it replaces, and a mark for
//! each sync. An entry is six numbers of eight bytes in the order of [`entry`], and then the bytes.

use std::sync::OnceLock;

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{self, Mode, OFlags};
use rustix::io;

use crate::fault::Fault;
use crate::watched::{self, Watched};

/// Kinds of entries.
const WRITE: u64 = 0;
const SYNC: u64 = 1;
const FAILED_SYNC: u64 = 2;

/// Notes what a write of `size` bytes at `place` will replace.
pub fn before(fd: BorrowedFd<'_>, file: &Watched, place: u64, size: u64) -> io::Result<()> {
    let replaced = size.min(file.size.saturating_sub(place));
    let mut bytes = vec![0; usize::try_from(replaced).unwrap_or_default()];
    // Closing any descriptor of a file drops all locks that the process has on it (fcntl(2)), and the collector's
    // databases are locked: only a file that is open for writing alone is opened once more.
    if fs::fcntl_getfl(fd)?.contains(OFlags::RDWR) {
        read_at(fd, &mut bytes, place)?;
    } else {
        let itself = format!("/proc/self/fd/{}", fd.as_raw_fd());
        read_at(
            fs::open(itself, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?.as_fd(),
            &mut bytes,
            place,
        )?;
    }
    entry([WRITE, file.number, place, size, file.size], &bytes)
}

/// Reads what stands at a place, as far as the file goes.
fn read_at(fd: BorrowedFd<'_>, bytes: &mut [u8], place: u64) -> io::Result<()> {
    let mut read = 0;
    while read < bytes.len() {
        match io::pread(fd, &mut bytes[read..], place + read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(())
}

/// Notes that a file is on disk from here on, as far as the disk does as it should.
pub fn synced(file: &Watched) -> io::Result<()> {
    let now = Fault::now();
    if now.is(Fault::Unsynced, &file.name) {
        entry([FAILED_SYNC, file.number, 0, 0, 0], &[])?;
        return Err(io::Errno::IO);
    }
    if now.is(Fault::Lying, &file.name) {
        return Ok(());
    }
    entry([SYNC, file.number, 0, 0, 0], &[])
}

/// Appends an entry: its kind, the file's number, where the write begins, how long it is, how long the file was before,
/// and how many bytes it replaced.
fn entry(head: [u64; 5], replaced: &[u8]) -> io::Result<()> {
    static LOG: OnceLock<Option<OwnedFd>> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::CLOEXEC;
        fs::open(watched::beside("undo")?, flags, Mode::RUSR | Mode::WUSR).ok()
    });
    let log = log.as_ref().ok_or(io::Errno::BADF)?;
    let mut bytes: Vec<u8> = head.iter().flat_map(|number| number.to_le_bytes()).collect();
    bytes.extend((replaced.len() as u64).to_le_bytes());
    bytes.extend(replaced);
    io::write(log, &bytes).map(drop)
}
