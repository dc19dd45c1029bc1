//! A data folder holds secrets and people's words: what stands in it is its owner's alone.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::Mode;

/// What others than the owner may do.
const OTHERS: u32 = 0o077;

/// From here on whatever this process makes is its owner's alone: files 0600 and folders 0700, whatever the umask was.
pub fn keep() {
    rustix::process::umask(Mode::from_raw_mode(OTHERS));
}

/// How many files and folders others may use, the folder itself included.
pub fn count_open(folder: &Path) -> io::Result<usize> {
    let mut count = usize::from(fs::metadata(folder)?.permissions().mode() & OTHERS != 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            count += count_open(&entry.path())?;
        } else if kind.is_file() {
            count += usize::from(entry.metadata()?.permissions().mode() & OTHERS != 0);
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_may_use_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("media");
        fs::create_dir(&inner).unwrap();
        let file = inner.join("a.mp4");
        fs::write(&file, "x").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        for (folder_mode, inner_mode, file_mode, expected) in [
            (0o700, 0o700, 0o600, 0),
            (0o755, 0o700, 0o600, 1),
            (0o750, 0o701, 0o640, 3),
            (0o700, 0o700, 0o644, 1),
        ] {
            set(folder.path(), folder_mode);
            set(&inner, inner_mode);
            set(&file, file_mode);
            assert_eq!(count_open(folder.path()).unwrap(), expected);
        }
    }
}
