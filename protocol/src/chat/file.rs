//! Files beside messages. They are brought in pieces before the message that names them, so a cut line costs
//! one piece, and are fetched by addresses that are good for minutes.

use serde::{Deserialize, Serialize};

use super::{ConversationId, Hello};
use crate::EventId;

/// A file that is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id, made by whoever brought it.
    pub id: EventId,
    /// What it is called; the collector tells what it was given.
    #[serde(default)]
    pub name: String,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
    /// Its media type, as its content shows it.
    #[serde(default)]
    pub kind: String,
}

/// The body of `POST /v1/chat/files`: asks where a file goes. The same id again goes on where it stopped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileAsk {
    /// Who; its `resume` says nothing here.
    #[serde(default)]
    pub hello: Hello,
    /// The file's id.
    pub id: EventId,
    /// What it is called.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// Where a file goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePlace {
    /// The address for its pieces, to which `&at=` and the byte that a piece begins with are added.
    pub to: String,
    /// Bytes of a piece at most.
    pub piece: u64,
    /// How far it is.
    #[serde(flatten)]
    pub at: FileAt,
}

/// How far a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAt {
    /// The next byte that is missing.
    pub at: u64,
    /// The file, when it is whole and good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
}

/// The body of `POST /v1/chat/files/link`: asks for an address to fetch a file from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileLinkAsk {
    /// Who; its `resume` says nothing here.
    pub hello: Hello,
    /// The conversation that it was sent in.
    pub c: ConversationId,
    /// The file.
    pub id: EventId,
}

/// An address that is good for some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLink {
    /// The address.
    pub url: String,
}
