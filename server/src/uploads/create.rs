//! `POST /v1/chat/files`: where a customer's file goes, and how much of it has arrived.

use axum::Json;
use axum::extract::State;
use icu_normalizer::ComposingNormalizerBorrowed;
use protocol::chat::{UploadProgress, UploadRequest, UploadTarget, limits as chat_limits};
use store::{GuestUse, NewUpload, Site, UploadQuota, UploadStart, Uploader};

use super::{ORPHAN_AGE, UPLOAD_TIME, arrived};
use crate::app::{App, AppInner};
use crate::auth::WidgetCaller;
use crate::auth::signed_url::SignedUrl;
use crate::http::Refusal;

/// Files of one person that no message names yet.
const MAX_UNSENT: u64 = 10;
/// What one person may upload in a day, in bytes.
const DAILY_BYTES: u64 = 128 * 1024 * 1024;
/// A MiB in bytes.
const MIB: u64 = 1024 * 1024;

/// Begins an upload of a customer, or resumes it.
///
/// # Errors
/// `TooFast`, `GuestBudget`, and as [`create_upload`].
pub async fn post(
    State(app): State<App>,
    WidgetCaller { site, identity, body, .. }: WidgetCaller<UploadRequest>,
) -> Result<Json<UploadTarget>, Refusal> {
    let visitor = identity.visitor(site.id);
    app.chat.limits.spend_upload(&visitor)?;
    let used = GuestUse { files: 1, bytes: body.size, ..GuestUse::default() };
    if !identity.verified {
        app.guests.spend(site.id, used).await?;
    }
    let target = create_upload(&app, &site, Uploader::Visitor(visitor), body).await;
    // An upload that is resumed was counted when it began.
    let begins = target.as_ref().is_ok_and(|target| target.progress.offset == 0);
    if !identity.verified && !begins {
        app.guests.give_back(site.id, used);
    }
    target.map(Json)
}

/// Begins an upload, or resumes it: returns the signed address for its chunks and where the next one begins.
///
/// # Errors
/// `TooLarge`, `BadFile` for an empty one, `FilesFull`, and `NotFound` for the id of another file.
pub async fn create_upload(
    app: &AppInner,
    site: &Site,
    owner: Uploader,
    request: UploadRequest,
) -> Result<UploadTarget, Refusal> {
    let UploadRequest { id, name, size, .. } = request;
    if size > chat_limits::FILE {
        return Err(Refusal::TooLarge(usize::try_from(chat_limits::FILE).unwrap_or(usize::MAX)));
    }
    if size == 0 {
        return Err(Refusal::BadFile);
    }
    let now = app.clock.now();
    let of_site = app.config.limits.files_mib.saturating_mul(MIB);
    // Anybody can invent visitors without a token, so all of them together share a quarter.
    let quota = UploadQuota {
        site: of_site,
        guests: of_site / 4,
        owner: DAILY_BYTES,
        since: now - ORPHAN_AGE,
        unsent: MAX_UNSENT,
    };
    let file = NewUpload { id, name: sanitize_filename(&name), size, created: now };
    let at = match app.store.begin_upload(owner, file, quota).await? {
        UploadStart::Complete(file) => UploadProgress { offset: file.size, file: Some(file) },
        UploadStart::Open => UploadProgress { offset: arrived(&app.config, site.id, id).await, file: None },
        UploadStart::Conflict => return Err(Refusal::NotFound),
        UploadStart::OverQuota => return Err(Refusal::FilesFull),
    };
    let signed = SignedUrl::new(site, &["bring", &id.to_string()], now + UPLOAD_TIME);
    let to = format!("v1/chat/files/{}/{id}?{}", site.public_key.as_str(), signed.query());
    Ok(UploadTarget { url: to, chunk_bytes: chat_limits::PIECE, progress: at })
}

/// Sanitizes a file name: no path separators, no bidi controls, bounded length, and accents within their letters (NFC),
/// so that it is found as it is typed.
fn sanitize_filename(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_bidi = |sign: char| matches!(sign, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let last = ComposingNormalizerBorrowed::new_nfc().normalize(last);
    let plain: String = last.chars().filter(|sign| !sign.is_control() && !is_bidi(*sign)).collect();
    // The end is kept: it has the extension.
    let over = plain.chars().count().saturating_sub(chat_limits::FILE_NAME);
    let plain: String = plain.trim().chars().skip(over).collect();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names() {
        assert_eq!(sanitize_filename("../../etc/passwd"), "passwd");
        assert_eq!(sanitize_filename("C:\\dir\\見積.pdf"), "見積.pdf");
        assert_eq!(sanitize_filename("a\u{202e}gpj.exe\n"), "agpj.exe");
        assert_eq!(sanitize_filename("/"), "file");
        let from_a_mac = "カ\u{3099}イト\u{3099}フ\u{3099}ック.pdf";
        assert_eq!(sanitize_filename(from_a_mac), "ガイドブック.pdf");
        let long = sanitize_filename(&format!("{}.pdf", "あ".repeat(500)));
        assert!(long.ends_with(".pdf") && long.chars().count() == chat_limits::FILE_NAME);
    }
}
