//! The list of erasures beside the database: one JSON object a line, in the data folder and in no backup. A backup that
//! is restored is older than some of them, and they are done again over it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use protocol::Millis;
use protocol::ids::{AccountId, SiteKey, UserId};
use serde::{Deserialize, Serialize};

/// The list in a data folder.
pub const FILE: &str = "erasures.ndjson";

/// A person or an account of which nothing is to stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The site's public key.
    pub site: SiteKey,
    /// The person, in all accounts of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The account, with everybody in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// When it was asked for.
    pub at: Millis,
}

/// Adds an erasure to the list of a data folder; it is on disk when this returns. To be called before anything is
/// erased: otherwise a restored backup could bring back what was answered to be gone.
///
/// # Errors
/// When it cannot be written.
pub fn note(data: &Path, erasure: &Erasure) -> io::Result<()> {
    let mut list = OpenOptions::new().create(true).append(true).mode(0o600).open(path(data))?;
    let line = serde_json::to_string(erasure)?;
    list.write_all(format!("{line}\n").as_bytes())?;
    list.sync_all()?;
    File::open(data)?.sync_all()
}

/// Reads a list; there is none where nobody was erased.
///
/// # Errors
/// When it cannot be read, or has a line that is no erasure.
pub fn read(list: &Path) -> io::Result<Vec<Erasure>> {
    match File::open(list) {
        Ok(file) => BufReader::new(file).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Where the list of a data folder is.
pub fn path(data: &Path) -> PathBuf {
    data.join(FILE)
}
