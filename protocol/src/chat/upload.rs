//! Attachments: uploaded in pieces before the message that names them, downloaded by signed addresses.
//!
//! A cut connection costs one piece. Reasons: `docs/decisions/0011-files.md`.

use serde::{Deserialize, Serialize};

use super::Hello;
use crate::ids::{ConversationId, EventId};

/// A file that the collector has as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// Its id, made by the client that uploaded it.
    pub id: EventId,
    /// Its name. Clients may leave it out when they send a message; the collector fills it in.
    #[serde(default)]
    pub name: String,
    /// Its length in bytes.
    #[serde(default)]
    pub size: u64,
    /// Its media type, found from its content.
    #[serde(default)]
    pub kind: String,
}

/// The body of `POST /v1/chat/files`: begins an upload, or continues the one of the same id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadRequest {
    /// The identity; its `resume` is ignored.
    #[serde(default)]
    pub hello: Hello,
    /// The file's id.
    pub id: EventId,
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
}

/// Where an upload's pieces go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadTarget {
    /// The address; the client appends `&at=` and the offset of the piece's first byte.
    #[serde(rename = "to")]
    pub url: String,
    /// The most bytes of a piece.
    #[serde(rename = "piece")]
    pub chunk_bytes: u64,
    /// How far the upload is.
    #[serde(flatten)]
    pub progress: UploadProgress,
}

/// How far an upload is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadProgress {
    /// The offset of the next missing byte.
    #[serde(rename = "at")]
    pub offset: u64,
    /// The attachment, once all of it has arrived and was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
}

/// The body of `POST /v1/chat/files/link`: requests an address to download an attachment from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DownloadRequest {
    /// The identity; its `resume` is ignored.
    pub hello: Hello,
    /// The conversation that the attachment was sent in.
    #[serde(rename = "c")]
    pub conversation: ConversationId,
    /// The attachment.
    pub id: EventId,
}

/// A signed address that is valid for some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DownloadLink {
    /// The address.
    pub url: String,
}
