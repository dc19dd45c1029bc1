//! Live chat, `tabiji-chat/1`: customers over a socket, or over SSE and POST where no socket comes through; agents
//! over the console's own routes. Design and limits: `docs/decisions/0009-chat.md`.
//!
//! The log on disk is the truth. The [hub](crate::app::hub) only says that a conversation has an entry at a place;
//! each [`subscription`] reads on in the log from where it stands, so hints may be lost, doubled or late and no entry
//! is. What waits for a slow reader is the log itself, never a queue in memory.

pub mod assignment;
mod entries;
pub mod retention;
mod session;
mod socket;
mod sse;
mod subscription;
mod validate;

pub use entries::{append_agent_action, append_of_agent, mark_read, send_typing};
pub use session::ChatSession;
pub use socket::open;
pub use sse::{forward_frames, listen, send};
pub use subscription::Subscription;
