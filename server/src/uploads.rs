//! Files beside messages: a client asks where one goes, chunks follow to a signed address, and the last one makes it
//! whole. What it is, its content says and not its name; pictures are kept without where and with what they were
//! taken; a browser saves a file and never shows it as a page. Decided in `docs/decisions/0011-files.md`.

mod append;
mod create;
mod download;
mod media_type;
mod orphans;
mod strip_metadata;

use std::path::PathBuf;

use protocol::ids::EventId;
use protocol::{DAY, Millis};
use store::SiteId;
use tokio::fs;

pub use append::{UploadPath, cancel, post as append};
pub use create::{create_upload, post as create};
pub use download::{DownloadPath, get as download, link, signed_url};
pub use media_type::sniff;
pub use orphans::remove_orphans;
pub use strip_metadata::strip_metadata;

use crate::config::Config;

/// How long a client may take to upload a file, in milliseconds: two hours.
const UPLOAD_TIME: Millis = 2 * 60 * 60 * 1000;
/// How long a file is kept that no message names, in milliseconds: a day.
const ORPHAN_AGE: Millis = DAY;

/// The folder of a site's files.
fn folder(config: &Config, site: SiteId) -> PathBuf {
    config.data.join("files").join(site.0.to_string())
}

/// The chunks of a file that is not whole. Its length is the only mark of how far the upload is.
fn part(config: &Config, site: SiteId, id: EventId) -> PathBuf {
    folder(config, site).join(format!("{id}.part"))
}

/// How many bytes of a file have arrived.
async fn arrived(config: &Config, site: SiteId, id: EventId) -> u64 {
    fs::metadata(part(config, site, id)).await.map_or(0, |known| known.len())
}
