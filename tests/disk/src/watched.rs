//! The files of the folder that `FAULTY_DISK` names.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::sync::OnceLock;

use rustix::fd::{AsRawFd, BorrowedFd};
use rustix::fs::{self, CWD, FileType};
use rustix::io;

use crate::fault::Fault;

/// A file or folder in it.
pub struct Watched {
    /// Its path.
    pub name: Vec<u8>,
    /// Its number in the file system.
    pub number: u64,
    /// Its size in bytes.
    pub size: u64,
}

impl Watched {
    /// Returns what is open here, when it is in the folder.
    pub fn of(fd: BorrowedFd<'_>) -> Option<Self> {
        let stat = fs::fstat(fd).ok()?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        if folder().is_empty() || !matches!(kind, FileType::RegularFile | FileType::Directory) {
            return None;
        }
        let link = format!("/proc/self/fd/{}", fd.as_raw_fd());
        let name = fs::readlinkat(CWD, link, Vec::new()).ok()?;
        names(&name).then(|| Self {
            name: name.into_bytes(),
            number: stat.st_ino,
            size: stat.st_size.cast_unsigned(),
        })
    }

    /// Whether the disk takes a write up to this size.
    pub fn may_grow_to(&self, size: u64) -> io::Result<()> {
        let now = Fault::now();
        now.may_die(&self.name);
        if now.is(Fault::ReadOnly, &self.name) {
            Err(io::Errno::ROFS)
        } else if now.is(Fault::Full, &self.name) && size > self.size {
            Err(io::Errno::NOSPC)
        } else {
            Ok(())
        }
    }
}

/// Whether a path leads into the folder.
pub fn names(path: &CStr) -> bool {
    let folder = folder();
    let rest = path.to_bytes().strip_prefix(folder);
    !folder.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// A file of the tests' own, beside the folder.
pub fn beside(name: &str) -> Option<CString> {
    let path = [folder(), b".disk/", name.as_bytes()].concat();
    if folder().is_empty() { None } else { CString::new(path).ok() }
}

fn folder() -> &'static [u8] {
    static FOLDER: OnceLock<Vec<u8>> = OnceLock::new();
    FOLDER.get_or_init(|| {
        std::env::var_os("FAULTY_DISK").map(|folder| folder.as_bytes().to_vec()).unwrap_or_default()
    })
}
