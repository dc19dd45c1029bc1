//! Requests that upload an attachment in pieces, so that a cut connection costs one piece.

use gloo_net::http::Request;
use protocol::chat::{UploadProgress, UploadRequest, UploadTarget};
use protocol::ids::ConversationId;

use super::Site;
use super::error::ApiError;
use super::inbox::path;
use super::request::{command, exchange, send};

/// Creates an upload, or resumes the one with the same id; returns the signed address for its pieces.
pub async fn create(
    site: &Site,
    conversation: ConversationId,
    request: &UploadRequest,
) -> Result<UploadTarget, ApiError> {
    let path = [&path(conversation), "/files"].concat();
    exchange(Request::post(&path).query([("site", &*site.key)]), request).await
}

/// Uploads the piece that begins with byte `at`.
pub async fn append(address: &str, at: u64, piece: &web_sys::Blob) -> Result<UploadProgress, ApiError> {
    send(Request::post(&[address, "&at=", &at.to_string()].concat()).body(piece)).await
}

/// Deletes an upload that is not complete.
pub async fn abort(address: &str) -> Result<(), ApiError> {
    command(Request::post(&address.replacen('?', "/drop?", 1))).await
}
