//! Public wire `tabiji-chat/1`: messages between a customer and customer success.
//!
//! A conversation has two append-only logs, a public and an internal one. Each is numbered from 1 without a
//! gap, so private notes leave no hole in the numbers that a customer sees. Authors give each entry its id,
//! which makes a retry harmless; an acknowledgement means that the entry is on disk. The protocol is described
//! in `docs/chat.md`, its reasons in `docs/decisions/0009-chat.md`.

mod client_frame;
mod entry;
mod hours;
mod server_frame;
mod upload;

pub use client_frame::{ChatPost, ClientFrame, Envelope, Hello, RequestCallback, ResumePoint, SendMessage};
pub use entry::{
    Author, CallbackRequest, ClipMoment, Log, LogEntry, LogEntryBody, Message, Side, VisitorContext,
    WaitingOn,
};
pub use hours::{SupportHours, TeamHours};
pub use server_frame::{ConversationStatus, ConversationSummary, NackReason, ServerFrame, Welcome};
pub use upload::{Attachment, DownloadLink, DownloadRequest, UploadProgress, UploadRequest, UploadTarget};

/// Limits of the protocol; the collector refuses what exceeds them, clients keep within them.
pub mod limits {
    /// Characters of a message.
    pub const TEXT: usize = 4000;
    /// Labels of a conversation.
    pub const LABELS: usize = 8;
    /// Characters of a label.
    pub const LABEL: usize = 40;
    /// Characters of a telephone number.
    pub const PHONE: usize = 32;
    /// Time slots of a callback request.
    pub const WINDOWS: usize = 8;
    /// Bytes of a file.
    pub const FILE: u64 = 32 * 1024 * 1024;
    /// Characters of a file's name.
    pub const FILE_NAME: usize = 120;
    /// Bytes of a file in one upload request.
    pub const PIECE: u64 = 128 * 1024;
    /// Quick replies that a message offers.
    pub const QUICK: usize = 4;
    /// Characters of a quick reply.
    pub const QUICK_TEXT: usize = 60;
    /// Bytes of a frame.
    pub const FRAME: usize = 16 * 1024;
    /// Entries that the collector sends at once to a client that was away; it asks for the rest by pages.
    pub const PAGE: u64 = 200;
    /// Seconds between two heartbeats.
    pub const HEARTBEAT: u64 = 25;
    /// Seconds of silence after which the other side counts as gone.
    pub const SILENCE: u64 = 70;
}
