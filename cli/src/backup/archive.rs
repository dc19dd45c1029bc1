//! The archive: a tar file (POSIX) in one Zstandard frame. Its last entry lists the others with their SHA-256, so that
//! one that was cut or changed is noticed.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use server::crypto::hex;
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, Header};
use zstd::stream::{read::Decoder, write::Encoder};

use super::{CONFIG, DATABASE};

/// The folders of a data folder that are kept.
pub const FOLDERS: [&str; 2] = ["media", "files"];
/// The list of the entries: names with digests.
const MANIFEST: &str = "manifest.json";
/// Zstandard's usual level.
const LEVEL: i32 = 3;

/// The digest of each entry.
type Manifest = BTreeMap<String, String>;

/// Writes an archive that its owner alone may read, and syncs it; returns how many files are in it.
pub fn write(to: &Path, sources: &[(String, PathBuf)]) -> Result<usize> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let mut tar = Builder::new(Encoder::new(file, LEVEL)?);
    let mut manifest = Manifest::new();
    for (name, path) in sources {
        let mut file = match File::open(path) {
            Ok(file) => file,
            // An attachment was deleted meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let size = file.metadata()?.len();
        // A file that grows meanwhile counts as it was.
        let mut read = Hashing::new(Read::by_ref(&mut file).take(size));
        tar.append_data(&mut header(size), name, &mut read)?;
        manifest.insert(name.clone(), read.digest());
    }
    let list = serde_json::to_vec(&manifest)?;
    tar.append_data(&mut header(list.len() as u64), MANIFEST, list.as_slice())?;
    tar.into_inner()?.finish()?.sync_all()?;
    Ok(manifest.len())
}

/// Reads a whole archive.
///
/// # Errors
/// When an entry is not as it was written, or missing.
pub fn check(file: &Path) -> Result<()> {
    each(file, |_, read| Ok(io::copy(read, &mut io::sink()).map(drop)?))
}

/// Extracts an archive into an empty folder.
///
/// # Errors
/// As [`check`]; the folder is of no use then.
pub fn extract(file: &Path, into: &Path) -> Result<()> {
    each(file, |name, read| {
        let path = into.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        io::copy(read, &mut out)?;
        out.flush()?;
        Ok(out.sync_all()?)
    })
}

/// Calls `take` with each file, and compares all of them with the list at the end.
fn each(file: &Path, mut take: impl FnMut(&str, &mut dyn Read) -> Result<()>) -> Result<()> {
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut archive = Archive::new(Decoder::new(BufReader::new(opened))?);
    let (mut found, mut listed) = (Manifest::new(), None);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        ensure!(entry.header().entry_type().is_file(), "{name} is no file");
        if name == MANIFEST {
            listed = Some(serde_json::from_reader::<_, Manifest>(entry)?);
            break;
        }
        ensure!(is_ours(&name), "{name} belongs to no archive of `tabiji backup`");
        let mut read = Hashing::new(&mut entry);
        take(&name, &mut read)?;
        found.insert(name, read.digest());
    }
    let Some(listed) = listed else { bail!("its end is missing: it was cut") };
    ensure!(listed.contains_key(DATABASE), "it has no database");
    match listed.iter().find(|(name, digest)| found.get(*name) != Some(digest)) {
        Some((name, _)) => bail!("{name} is not as it was written"),
        None => Ok(()),
    }
}

/// Whether a name may stand in an archive: nothing in it leads out of the folder.
fn is_ours(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let is_in_folder = match parts.next() {
        Some(Component::Normal(first)) => FOLDERS.iter().any(|folder| first == *folder),
        _ => false,
    };
    let is_plain = parts.clone().count() > 0 && parts.all(|part| matches!(part, Component::Normal(_)));
    name == DATABASE || name == CONFIG || is_in_folder && is_plain
}

fn header(size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header
}

/// Computes the digest of what is read.
struct Hashing<R> {
    inner: R,
    state: Sha256,
}

impl<R: Read> Hashing<R> {
    fn new(inner: R) -> Self {
        Self { inner, state: Sha256::new() }
    }

    fn digest(self) -> String {
        hex(&self.state.finalize())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.state.update(&buffer[..n]);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_was_cut_or_changed_is_refused_and_none_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), vec![7; 300_000]).unwrap();
        let sources = [(DATABASE.to_owned(), at("a")), ("files/1/b".to_owned(), at("a"))];
        assert_eq!(write(&at("whole"), &sources).unwrap(), 2);
        check(&at("whole")).unwrap();
        extract(&at("whole"), &at("out")).unwrap();
        assert_eq!(fs::read(at("out").join("files/1/b")).unwrap(), vec![7; 300_000]);
        let bytes = fs::read(at("whole")).unwrap();
        fs::write(at("cut"), &bytes[..bytes.len() - 40]).unwrap();
        assert!(check(&at("cut")).is_err());
        for (name, expected) in [
            ("tabiji.db", true),
            ("files/1/x", true),
            ("media/1/a.mp4", true),
            ("files", false),
            ("../x", false),
            ("files/../../x", false),
            ("/etc/passwd", false),
            ("tabiji.lock", false),
        ] {
            assert_eq!(is_ours(name), expected, "{name}");
        }
        let strange = [("tabiji.lock".to_owned(), at("a"))];
        write(&at("strange"), &strange).unwrap();
        assert!(check(&at("strange")).unwrap_err().to_string().contains("belongs to no archive"));
    }
}
