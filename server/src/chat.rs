//! Live chat, `tabiji-chat/1`: customers over a socket, or over SSE and POST where no socket comes through; agents
//! over the console's own routes. Design and limits: `docs/decisions/0009-chat.md`.
//!
//! The log on disk is the truth. [`hub`] only says that a conversation has an entry at a place; each
//! [`subscription`] reads on in the log from where it stands, so hints may be lost, doubled or late and no entry
//! is. What waits for a slow reader is the log itself, never a queue in memory.

pub mod assignment;
mod entries;
mod handshake_limit;
mod hub;
mod limits;
pub mod retention;
mod session;
mod socket;
mod sse;
mod subscription;
mod validate;

use std::sync::Arc;
use std::time::Duration;

pub use entries::{append_agent_action, mark_read, send_typing};
use handshake_limit::HandshakeLimit;
pub use hub::{Hub, Subscriber};
pub use limits::PersonLimits;
pub use session::ChatSession;
pub use socket::open;
pub use sse::{forward_frames, listen, send};
pub use subscription::Subscription;

/// What the routes of the chat share.
#[derive(Default)]
pub struct Chat {
    /// Who is subscribed to what.
    pub hub: Hub,
    /// What one person may send.
    pub(crate) limits: PersonLimits,
    handshakes: HandshakeLimit,
    /// One more reference for each open socket.
    open: Arc<()>,
}

impl Chat {
    /// Waits until every open socket has been closed in an orderly way.
    pub async fn wait_for_disconnects(&self) {
        while Arc::strong_count(&self.open) > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
