//! The files of releases before. A page that was loaded before an upgrade, or with a loader from the browser's cache,
//! asks for parts that the new binary does not have. The collector therefore keeps what it serves in the data folder, and
//! serves it for thirty days after it was replaced. Reasons: `docs/decisions/0012-parts.md`.

use std::convert::Infallible;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flate2::read::GzDecoder;
use protocol::{DAY, Millis};

use super::embedded;
use crate::app::App;

/// Where they are in the data folder, each compressed, and as old as the day on which it was last served.
const FOLDER: &str = "assets";
/// How long a page may be open, or a loader in a cache.
const KEPT: Millis = 30 * DAY;
/// A collector that ends before it kept anything has hardly been asked.
const FIRST: Duration = Duration::from_secs(60);
const INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// Keeps what is served, day by day, as long as the collector runs.
pub async fn run(app: &App) -> Infallible {
    tokio::time::sleep(FIRST).await;
    loop {
        if let Err(error) = keep(app).await {
            tracing::warn!(%error, "the widget's files are not kept for after an upgrade; next try in a day");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Copies what is served to the data folder, and deletes what was replaced more than thirty days ago.
///
/// # Errors
/// When the folder cannot be written.
pub async fn keep(app: &App) -> io::Result<()> {
    let (folder, now) = (app.config.data.join(FOLDER), app.clock.now());
    tokio::task::spawn_blocking(move || renew(&folder, now)).await.map_err(io::Error::other)?
}

fn renew(folder: &Path, now: Millis) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, content) in embedded::compressed() {
        let file = place(folder, &name);
        if fs::read(&file).is_ok_and(|known| content == known) {
            set_age(&file, now)?;
            continue;
        }
        let part = file.with_extension("part");
        fs::write(&part, &content)?;
        set_age(&part, now)?;
        fs::rename(&part, &file)?;
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.metadata()?.modified()? < moment(now - KEPT) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Sets since when a file may be no longer served, on disk with what it has.
fn set_age(file: &Path, now: Millis) -> io::Result<()> {
    let file = fs::File::options().write(true).open(file)?;
    file.set_modified(moment(now))?;
    file.sync_all()
}

fn moment(at: Millis) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(at.unsigned_abs())
}

fn place(folder: &Path, name: &str) -> PathBuf {
    folder.join([name, ".gz"].concat())
}

/// Returns a file of a release before, as it is kept where the browser takes that, with its encoding; none when it is not
/// kept.
pub async fn read(app: &App, name: &str, takes_gzip: bool) -> Option<(Vec<u8>, Option<&'static str>)> {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.' | '@');
    if !name.chars().all(is_plain) || name.starts_with('.') {
        return None;
    }
    let packed = tokio::fs::read(place(&app.config.data.join(FOLDER), name)).await.ok()?;
    if takes_gzip {
        return Some((packed, Some("gzip")));
    }
    let mut content = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut content).ok()?;
    Some((content, None))
}
