//! `POST /v1/chat/files/{site}/{id}`: the next chunk of a file. The last one makes it whole.

use std::io::{self, ErrorKind, Read, SeekFrom};
use std::path::Path as FilePath;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use protocol::chat::{Attachment, UploadProgress};
use protocol::ids::{EventId, SiteKey};
use schemars::JsonSchema;
use serde::Deserialize;
use store::SiteId;
use tokio::fs;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::strip_metadata::strip_metadata;
use super::{arrived, folder, media_type, part};
use crate::app::{App, AppInner};
use crate::auth::{SignedAddress, SignedPath};
use crate::http::{self, Bottleneck, Query, Refusal};

/// The path of a file that is uploaded.
#[derive(Deserialize, JsonSchema)]
pub struct UploadPath {
    site: SiteKey,
    id: EventId,
}

impl SignedPath for UploadPath {
    fn site(&self) -> &SiteKey {
        &self.site
    }

    fn parts(&self) -> Vec<String> {
        vec!["bring".to_owned(), self.id.to_string()]
    }
}

/// Where a chunk begins, in bytes.
#[derive(Deserialize, JsonSchema)]
pub struct ChunkQuery {
    at: u64,
}

/// Appends a chunk. One that does not begin where the file ends changes nothing; the answer says where it ends.
///
/// # Errors
/// `NotFound` when no such upload is open, `Busy` while another chunk of the file is written, `TooLarge`, and
/// `BadFile` when the file is whole and cannot be kept.
pub async fn post(
    State(app): State<App>,
    SignedAddress { site, path: UploadPath { id, .. }, client }: SignedAddress<UploadPath>,
    Query(ChunkQuery { at }): Query<ChunkQuery>,
    request: Request,
) -> Result<Json<UploadProgress>, Refusal> {
    let reading = app.uploads.reading.take(client).ok_or(Refusal::Busy(Bottleneck::Uploads))?;
    let (parts, body) = request.into_parts();
    let chunk = http::read_chunk(&parts.headers, body).await?;
    drop(reading);
    // Runs in its own task, so a dropped request cannot cancel a half-written chunk. The lock is held until it ends.
    let appended = tokio::spawn(async move {
        let guard = app.uploads.locks.try_lock(site.id, id).ok_or(Refusal::Busy(Bottleneck::Uploads))?;
        let appended = append_chunk(&app, site.id, id, at, &chunk).await;
        drop(guard);
        appended
    });
    appended.await.map_err(|_| Refusal::Failed)?.map(Json)
}

/// Cancels an upload.
///
/// # Errors
/// `NotFound`, and `Busy` while a chunk of it is written.
pub async fn cancel(
    State(app): State<App>,
    SignedAddress { site, path: UploadPath { id, .. }, .. }: SignedAddress<UploadPath>,
) -> Result<StatusCode, Refusal> {
    let _guard = app.uploads.locks.try_lock(site.id, id).ok_or(Refusal::Busy(Bottleneck::Uploads))?;
    app.store.cancel_upload(site.id, id).await?;
    // The next sweep removes it when this does not.
    let _ = fs::remove_file(part(&app.config, site.id, id)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Appends a chunk to a file; the caller holds its lock.
async fn append_chunk(
    app: &AppInner,
    site: SiteId,
    id: EventId,
    at: u64,
    chunk: &[u8],
) -> Result<UploadProgress, Refusal> {
    let file = app.store.open_upload(site, id).await?.ok_or(Refusal::NotFound)?;
    let known = arrived(&app.config, site, id).await;
    if at != known {
        return Ok(UploadProgress { offset: known, file: None });
    }
    let end = known + chunk.len() as u64;
    if end > file.size {
        return Err(Refusal::TooLarge(usize::try_from(file.size).unwrap_or(usize::MAX)));
    }
    write_chunk(&part(&app.config, site, id), at, chunk).await.map_err(failed)?;
    if end < file.size {
        return Ok(UploadProgress { offset: end, file: None });
    }
    let file = finish(app, site, id, &file.name).await?;
    Ok(UploadProgress { offset: end, file: Some(file) })
}

async fn write_chunk(part: &FilePath, at: u64, chunk: &[u8]) -> io::Result<()> {
    if let Some(folder) = part.parent() {
        fs::create_dir_all(folder).await?;
    }
    let mut open = fs::OpenOptions::new().write(true).create(true).truncate(false).open(part).await?;
    open.seek(SeekFrom::Start(at)).await?;
    open.write_all(chunk).await?;
    open.flush().await
}

/// Makes a file of its chunks; an upload that cannot be kept is cancelled.
async fn finish(app: &AppInner, site: SiteId, id: EventId, name: &str) -> Result<Attachment, Refusal> {
    let _room = app.uploads.finishing.acquire().await.map_err(|_| Refusal::Busy(Bottleneck::Uploads))?;
    let (from, to) = (part(&app.config, site, id), folder(&app.config, site).join(id.to_string()));
    let written = tokio::task::spawn_blocking(move || write_whole(&from, &to)).await;
    let written = written.map_err(|_| Refusal::Failed)?.map_err(|error| match error {
        WriteError::Unsynced(error) => {
            app.lose_disk(error.to_string());
            Refusal::StoreAway
        }
        WriteError::Refused(error) => failed(error),
    })?;
    let Some((kind, size)) = written else {
        app.store.cancel_upload(site, id).await?;
        return Err(Refusal::BadFile);
    };
    let file = Attachment { id, name: media_type::with_extension(name, kind), size, kind: kind.to_owned() };
    app.store.finish_upload(site, file.clone()).await?;
    Ok(file)
}

/// Why a whole file is not there.
enum WriteError {
    /// The disk did not take it, and its chunks are still there.
    Refused(io::Error),
    /// Nobody knows what is on disk.
    Unsynced(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Refused(error)
    }
}

/// Writes the whole file, which is on disk when this returns, with its media type and size; none, and no file,
/// when it cannot be kept.
fn write_whole(part: &FilePath, to: &FilePath) -> Result<Option<(&'static str, u64)>, WriteError> {
    let mut start = Vec::new();
    std::fs::File::open(part)?.take(media_type::SNIFFED as u64).read_to_end(&mut start)?;
    let kept = match media_type::sniff(&start) {
        None => None,
        Some(kind) if kind.starts_with("image/") => {
            strip_metadata(kind, &std::fs::read(part)?).map(|content| (kind, Some(content)))
        }
        Some(kind) => Some((kind, None)),
    };
    let Some((kind, content)) = kept else {
        std::fs::remove_file(part)?;
        return Ok(None);
    };
    // A crash in the middle of it must not leave half a picture that looks like chunks.
    let fresh = to.with_extension("new");
    match content {
        Some(content) => std::fs::write(&fresh, content)?,
        None => std::fs::rename(part, &fresh)?,
    }
    sync(&fresh)?;
    let size = std::fs::metadata(&fresh)?.len();
    std::fs::rename(&fresh, to)?;
    // The chunks of a picture are left; the next sweep removes them when this does not.
    let _ = std::fs::remove_file(part);
    if let Some(folder) = to.parent() {
        sync(folder)?;
    }
    Ok(Some((kind, size)))
}

fn sync(path: &FilePath) -> Result<(), WriteError> {
    std::fs::File::open(path)?.sync_all().map_err(WriteError::Unsynced)
}

/// The refusal of a file that a disk did not take: a full one has room again later.
fn failed(error: io::Error) -> Refusal {
    tracing::error!(%error, "an uploaded file was not written");
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem => {
            Refusal::StoreAway
        }
        _ => Refusal::Failed,
    }
}
