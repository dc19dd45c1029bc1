//! Pictures of agents: small files that an operator uploads, checked by their content, and shown beside their answers.
//!
//! A customer is sent the address of a picture with the answer that it stands beside. The collector has signed the
//! address for one site, and the picture is served while its operator sees that site (`docs/decisions/0011-files.md`).

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use protocol::chat::{LogEntry, Side};
use protocol::ids::SiteKey;
use protocol::{DAY, Millis};
use serde::Deserialize;
use store::{OperatorPicture, Party, Site, SiteId};

use crate::app::{App, AppInner};
use crate::auth::signed_url::SignedUrl;
use crate::auth::{SignedAddress, SignedPath};
use crate::crypto;
use crate::http::{Refusal, shown};
use crate::random;
use crate::uploads::{sniff, strip_metadata};

/// The largest file, in bytes. The console makes smaller ones.
pub const MAX_SIZE: usize = 64 * 1024;
/// The largest width and height, in pixels: what is drawn takes memory, however small the file is.
const MAX_SIDE: usize = 512;
/// Media types that are accepted: pictures of dots, since drawings such as SVG can run scripts.
const KINDS: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// Returns a picture without metadata, under a fresh id.
///
/// # Errors
/// `TooLarge`; `BadFile` for what is no such picture, whatever its name and its declared type.
pub fn checked(content: &[u8], now: Millis) -> Result<OperatorPicture, Refusal> {
    if content.len() > MAX_SIZE {
        return Err(Refusal::TooLarge(MAX_SIZE));
    }
    let kind = sniff(content).filter(|kind| KINDS.contains(kind)).ok_or(Refusal::BadFile)?;
    let content = strip_metadata(kind, content).ok_or(Refusal::BadFile)?;
    let size = imagesize::blob_size(&content).map_err(|_| Refusal::BadFile)?;
    if size.width.min(size.height) == 0 || size.width.max(size.height) > MAX_SIDE {
        return Err(Refusal::BadFile);
    }
    Ok(OperatorPicture { id: random::id(now).0.simple().to_string(), kind: kind.to_owned(), content })
}

/// Returns the addresses of the pictures of a site's agents, by the agent's id.
///
/// # Errors
/// When the store fails.
pub async fn addresses(app: &AppInner, site: SiteId) -> Result<BTreeMap<String, String>, Refusal> {
    let pictures = app.store.pictures_of_site(site).await?;
    let sites = if pictures.is_empty() { Vec::new() } else { app.sites.all().await? };
    let Some(site) = sites.iter().find(|one| one.id == site) else { return Ok(BTreeMap::new()) };
    let now = app.clock.now();
    Ok(pictures.into_iter().map(|(email, id)| (email, address(site, &id, now))).collect())
}

/// Returns the signed address of a picture at a site, below the collector's own.
pub fn address(site: &Site, id: &str, now: Millis) -> String {
    // The same for a day, so browsers keep what they have.
    let signed = SignedUrl::cacheable(site, &["picture", id], now, DAY);
    format!("v1/pictures/{}/{id}?{}", site.public_key.as_str(), signed.query())
}

/// Adds to the entries of agents that a customer reads the address of their author's picture.
///
/// # Errors
/// When the store fails.
pub async fn attach(app: &AppInner, party: &Party, entries: &mut [LogEntry]) -> Result<(), Refusal> {
    let Party::Visitor(visitor) = party else { return Ok(()) };
    if entries.iter().all(|entry| entry.author.side != Side::Agent) {
        return Ok(());
    }
    let addresses = addresses(app, visitor.site).await?;
    for entry in entries.iter_mut().filter(|entry| entry.author.side == Side::Agent) {
        entry.picture = addresses.get(&entry.author.id).cloned();
    }
    Ok(())
}

/// A picture is kept by browsers for a day; another one has another address.
const KEPT: &str = "private, max-age=86400, immutable";

/// The path of a picture.
#[derive(Deserialize)]
pub struct PicturePath {
    site: SiteKey,
    id: String,
}

impl SignedPath for PicturePath {
    const IS_SHOWN: bool = true;

    fn site(&self) -> &SiteKey {
        &self.site
    }

    fn parts(&self) -> Vec<String> {
        vec!["picture".to_owned(), self.id.clone()]
    }
}

/// `GET /v1/pictures/{site}/{id}`: sends a picture.
///
/// # Errors
/// `NotFound` when it was removed or replaced, or its operator no longer sees the site; `Failed` for a media type that is
/// no header.
pub async fn get(
    State(app): State<App>,
    SignedAddress { site, path, .. }: SignedAddress<PicturePath>,
) -> Result<Response, Refusal> {
    let picture = app.store.picture_of_site(site.id, &path.id).await?.ok_or(Refusal::NotFound)?;
    let etag = crypto::hex(&crypto::digest(&picture.id)[..8]);
    let kind = HeaderValue::from_str(&picture.kind).map_err(|_| Refusal::Failed)?;
    let mut response = shown(Body::from(picture.content).into_response(), &format!("\"{etag}\""), KEPT);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    put(header::CONTENT_DISPOSITION, "inline");
    Ok(response)
}

#[cfg(test)]
mod tests;
