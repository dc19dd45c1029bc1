//! What goes wrong now, in a file: a word, the ending of the names of files that it is for (`*`: all), and a number.

use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{self, Mode, OFlags};
use rustix::io;
use rustix::process::{Signal, getpid, kill_process};

use crate::watched;

/// A way to fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No file grows.
    Full,
    /// No file changes.
    ReadOnly,
    /// A sync fails, and what it was for will never be on disk.
    Unsynced,
    /// A sync is called good without being done.
    Lying,
    /// The process is killed when it has written so often.
    Dying,
}

/// The fault that was asked for, and for which files.
pub struct Now {
    fault: Option<Fault>,
    ending: Vec<u8>,
    number: u64,
}

impl Fault {
    /// Reads what was asked for.
    pub fn now() -> Now {
        let text = watched::beside("fault").and_then(|path| {
            let file = fs::open(path, OFlags::RDONLY, Mode::empty()).ok()?;
            let mut text = [0; 128];
            let size = io::read(file, &mut text).ok()?;
            Some(text[..size].to_vec())
        });
        let text = text.unwrap_or_default();
        let mut words = text.split(u8::is_ascii_whitespace);
        let fault = match words.next() {
            Some(b"full") => Some(Self::Full),
            Some(b"read-only") => Some(Self::ReadOnly),
            Some(b"unsynced") => Some(Self::Unsynced),
            Some(b"lying") => Some(Self::Lying),
            Some(b"dying") => Some(Self::Dying),
            _ => None,
        };
        let ending = words.next().filter(|ending| *ending != b"*").unwrap_or_default().to_vec();
        let number = words.next().and_then(|number| std::str::from_utf8(number).ok()?.parse().ok());
        Now { fault, ending, number: number.unwrap_or_default() }
    }
}

impl Now {
    /// Whether this fault befalls a file.
    pub fn is(&self, fault: Fault, name: &[u8]) -> bool {
        self.fault == Some(fault) && name.ends_with(&self.ending)
    }

    /// Ends the process when a file was written as often as it may be.
    pub fn may_die(&self, name: &[u8]) {
        static WRITES: AtomicU64 = AtomicU64::new(0);
        if self.is(Fault::Dying, name) && WRITES.fetch_add(1, Ordering::Relaxed) >= self.number {
            // A kill of itself cannot fail.
            let _ = kill_process(getpid(), Signal::KILL);
        }
    }
}
