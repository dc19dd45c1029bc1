//! Files beside messages. `POST /v1/chat/files` asks where one goes, pieces follow to the address that it
//! answers, and the last one makes it whole: what it is shows its content, not its name, and pictures are kept
//! without the place where they were taken. Whoever may read the conversation is given an address to fetch it
//! from that is good for minutes; a browser saves it and never shows it as a page.

mod fetch;
mod kind;
mod picture;

use std::collections::HashMap;
use std::io::{self, Read, SeekFrom};
use std::path::{Path as FilePath, PathBuf};

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use protocol::Millis;
use protocol::chat::{Attachment, UploadProgress, UploadRequest, UploadTarget, limits as chat_limits};
use protocol::ids::{EventId, SiteKey};
use serde::Deserialize;
use store::{NewUpload, Site, SiteId, UploadQuota, UploadStart, Uploader};
use tokio::fs;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

pub use fetch::{address, fetch, link};

use super::Speaker;
use super::socket::admit;
use crate::app::{App, Parts};
use crate::config::Config;
use crate::http::{self, Refusal};
use crate::signed::Signed;

/// How long somebody may take to bring a file, and to send it, in milliseconds: two hours, and a day.
const BRINGING: Millis = 2 * 60 * 60 * 1000;
const PATIENCE: Millis = 24 * 60 * 60 * 1000;
/// Files of one person that are not sent yet.
const UNSENT: u64 = 10;
/// What one person may bring in a day, in bytes.
const A_DAY: u64 = 128 * 1024 * 1024;
const MIB: u64 = 1024 * 1024;

fn folder(config: &Config, site: SiteId) -> PathBuf {
    config.data.join("files").join(site.0.to_string())
}

/// Says where a customer's file goes, and how far it is.
///
/// # Errors
/// As for a session, and as [`begin`].
pub async fn ask(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<UploadTarget>, Refusal> {
    let ask: UploadRequest = http::read_json(&headers, body).await?;
    let site = admit(&app, &ask.hello.site, &headers).await?;
    let speaker = Speaker::greet(&app, &site, &ask.hello)?;
    app.chat.tidy();
    app.chat.rates.check_key(&speaker.visitor).map_err(|_| Refusal::TooFast(5))?;
    begin(&app, &site, Uploader::Visitor(speaker.visitor), ask).await
}

/// Says where somebody's file goes, and how far it is.
///
/// # Errors
/// `TooLarge`, `FilesFull`, and `NotFound` for the id of another file.
pub async fn begin(
    app: &Parts,
    site: &Site,
    owner: Uploader,
    ask: UploadRequest,
) -> Result<Json<UploadTarget>, Refusal> {
    let UploadRequest { id, name, size, .. } = ask;
    if size > chat_limits::FILE {
        return Err(Refusal::TooLarge(usize::try_from(chat_limits::FILE).unwrap_or(usize::MAX)));
    }
    if size == 0 {
        return Err(Refusal::BadFile);
    }
    let now = app.clock.now();
    let all = app.config.limits.files_mib.saturating_mul(MIB);
    // Anybody can invent guests, so they share a quarter.
    let quota =
        UploadQuota { site: all, guests: all / 4, owner: A_DAY, since: now - PATIENCE, unsent: UNSENT };
    let file = NewUpload { id, name: called(&name), size, created: now };
    let at = match app.store.begin_upload(owner, file, quota).await? {
        UploadStart::Complete(file) => UploadProgress { at: file.size, file: Some(file) },
        UploadStart::Open => UploadProgress { at: length(&part(&app.config, site.id, id)).await, file: None },
        UploadStart::Conflict => return Err(Refusal::NotFound),
        UploadStart::OverQuota => return Err(Refusal::FilesFull),
    };
    let signed = Signed::new(site, &["bring", &id.to_string()], now + BRINGING);
    let to = format!("v1/chat/files/{}/{id}?{}", site.public_key.as_str(), signed.query());
    Ok(Json(UploadTarget { to, piece: chat_limits::PIECE, at }))
}

/// A name that is one: no path, nothing that turns the direction of what follows, and not too long.
fn called(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |sign: char| matches!(sign, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = last.chars().filter(|sign| !sign.is_control() && !turns(*sign)).collect();
    // The end says what it is.
    let over = plain.chars().count().saturating_sub(chat_limits::FILE_NAME);
    let plain: String = plain.trim().chars().skip(over).collect();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

fn part(config: &Config, site: SiteId, id: EventId) -> PathBuf {
    folder(config, site).join(format!("{id}.part"))
}

async fn length(file: &FilePath) -> u64 {
    fs::metadata(file).await.map_or(0, |known| known.len())
}

/// Where a piece begins.
#[derive(Deserialize)]
pub struct From {
    at: u64,
}

/// Takes a piece. One that does not begin where the file ends changes nothing; the answer says where it does.
///
/// # Errors
/// `NotFound` for an address that is not good, `Busy` while another piece of the file is written, `BadFile`
/// when it is whole and cannot be kept.
pub async fn bring(
    State(app): State<App>,
    Path((key, id)): Path<(SiteKey, EventId)>,
    Query(signed): Query<Signed>,
    Query(From { at }): Query<From>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<UploadProgress>, Refusal> {
    let site = admit_piece(&app, &key, id, &signed).await?;
    let reading = app.chat.pieces.try_acquire().map_err(|_| Refusal::Busy)?;
    let piece = http::read_piece(&headers, body).await?;
    drop(reading);
    // Whoever asked may go away in the middle of it: what is begun is finished, and nobody else begins.
    let kept = tokio::spawn(async move {
        let mine = app.chat.bringing.take(site, id).ok_or(Refusal::Busy)?;
        let kept = keep(&app, site, id, at, &piece).await;
        drop(mine);
        kept
    });
    kept.await.map_err(|_| Refusal::Failed)?.map(Json)
}

/// Takes a file back that is not whole.
///
/// # Errors
/// `NotFound`, and `Busy` while a piece of it is written.
pub async fn drop_one(
    State(app): State<App>,
    Path((key, id)): Path<(SiteKey, EventId)>,
    Query(signed): Query<Signed>,
) -> Result<StatusCode, Refusal> {
    let site = admit_piece(&app, &key, id, &signed).await?;
    let _mine = app.chat.bringing.take(site, id).ok_or(Refusal::Busy)?;
    app.store.cancel_upload(site, id).await?;
    // What is left of it goes with the next sweep.
    let _ = fs::remove_file(part(&app.config, site, id)).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn admit_piece(app: &Parts, key: &SiteKey, id: EventId, signed: &Signed) -> Result<SiteId, Refusal> {
    let sites = app.sites.all().await?;
    let site = sites.iter().find(|site| site.public_key == *key).ok_or(Refusal::NotFound)?;
    app.within_rate(site.id)?;
    let good = signed.is_good(site, &["bring", &id.to_string()], app.clock.now());
    good.then_some(site.id).ok_or(Refusal::NotFound)
}

/// Writes a piece down; nobody else does meanwhile.
async fn keep(
    app: &Parts,
    site: SiteId,
    id: EventId,
    at: u64,
    piece: &[u8],
) -> Result<UploadProgress, Refusal> {
    let file = app.store.open_upload(site, id).await?.ok_or(Refusal::NotFound)?;
    let (folder, part) = (folder(&app.config, site), part(&app.config, site, id));
    let known = length(&part).await;
    if at != known {
        return Ok(UploadProgress { at: known, file: None });
    }
    let end = known + piece.len() as u64;
    if end > file.size {
        return Err(Refusal::TooLarge(usize::try_from(file.size).unwrap_or(usize::MAX)));
    }
    let write = async {
        fs::create_dir_all(&folder).await?;
        let mut open = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&part).await?;
        open.seek(SeekFrom::Start(at)).await?;
        open.write_all(piece).await?;
        open.flush().await
    };
    write.await.map_err(failed)?;
    if end < file.size {
        return Ok(UploadProgress { at: end, file: None });
    }
    let _room = app.chat.finishing.acquire().await.map_err(|_| Refusal::Busy)?;
    let to = folder.join(id.to_string());
    let finished =
        tokio::task::spawn_blocking(move || finish(&part, &to)).await.map_err(|_| Refusal::Failed)?;
    let Some((kind, size)) = finished.map_err(failed)? else {
        app.store.cancel_upload(site, id).await?;
        return Err(Refusal::BadFile);
    };
    let file = Attachment { id, name: kind::named(&file.name, kind), size, kind: kind.to_owned() };
    app.store.finish_upload(site, file.clone()).await?;
    Ok(UploadProgress { at: end, file: Some(file) })
}

/// Makes a file of its pieces, on disk when this returns; none, and no file, when it cannot be kept.
fn finish(part: &FilePath, to: &FilePath) -> io::Result<Option<(&'static str, u64)>> {
    let mut start = Vec::new();
    std::fs::File::open(part)?.take(kind::LOOKED_AT as u64).read_to_end(&mut start)?;
    let kept = match kind::kind(&start) {
        None => None,
        Some(kind) if kind.starts_with("image/") => {
            picture::clean(kind, &std::fs::read(part)?).map(|content| (kind, Some(content)))
        }
        Some(kind) => Some((kind, None)),
    };
    let Some((kind, content)) = kept else {
        std::fs::remove_file(part)?;
        return Ok(None);
    };
    // A crash in the middle of it must not leave half a picture that looks like pieces.
    let fresh = to.with_extension("new");
    match content {
        Some(content) => std::fs::write(&fresh, content)?,
        None => std::fs::rename(part, &fresh)?,
    }
    std::fs::File::open(&fresh)?.sync_all()?;
    let size = std::fs::metadata(&fresh)?.len();
    std::fs::rename(&fresh, to)?;
    // Of a picture the pieces are left; the next sweep finds them when this one does not.
    let _ = std::fs::remove_file(part);
    if let Some(folder) = to.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(Some((kind, size)))
}

fn failed(error: io::Error) -> Refusal {
    tracing::error!(%error, "a file was not written");
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return Refusal::FilesFull;
    }
    Refusal::Failed
}

/// Deletes what was brought and never sent, and every file whose conversation is gone.
///
/// # Errors
/// When the store does not answer; what is left goes the next time.
pub async fn tidy(app: &Parts, site: SiteId) -> Result<(), Refusal> {
    let now = app.clock.now();
    app.store.delete_unsent(site, now - BRINGING, now - PATIENCE).await?;
    let mut there = Vec::new();
    if let Ok(mut folder) = fs::read_dir(folder(&app.config, site)).await {
        while let Ok(Some(entry)) = folder.next_entry().await {
            there.push(entry.path());
        }
    }
    // Whoever is known is known before there is a file; of what is whole no pieces are wanted any more.
    let known: HashMap<String, bool> =
        app.store.uploads(site).await?.into_iter().map(|(id, whole)| (id.to_string(), whole)).collect();
    for path in there {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let is_piece = path.extension().is_some();
        if known.get(name).is_none_or(|whole| is_piece && *whole)
            && let Err(error) = fs::remove_file(&path).await
        {
            tracing::warn!(%error, "a file that nobody has any more was not deleted");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names() {
        assert_eq!(called("../../etc/passwd"), "passwd");
        assert_eq!(called("C:\\dir\\見積.pdf"), "見積.pdf");
        assert_eq!(called("a\u{202e}gpj.exe\n"), "agpj.exe");
        assert_eq!(called("/"), "file");
        let long = called(&format!("{}.pdf", "あ".repeat(500)));
        assert!(long.ends_with(".pdf") && long.chars().count() == chat_limits::FILE_NAME);
    }
}
