//! Live chat, `tabiji-chat/1`: customers over a socket, or over SSE and POST where no socket comes through;
//! agents over the console's own routes.
//!
//! The log on disk is the truth. [`hub`] only says that a conversation moved; whoever listens reads on in the
//! log from where they stand ([`feed`]), so hints may be lost, doubled or late and nothing else is. What
//! waits for a slow reader is the log itself, never a queue in memory.

mod feed;
mod hub;
mod socket;
mod stream;
mod talk;

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota};
use store::Visitor;
use tokio::sync::Semaphore;

pub use feed::Feed;
pub use hub::{Ear, Hub};
pub use socket::open;
pub use stream::{listen, send};
pub use talk::{Speaker, agent_says, has_read, types};

/// Sockets that have not said who they are: they have five seconds.
const STRANGERS: usize = 1024;
/// Messages of one person: so many a second for long, and so many at once.
const PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

/// What the routes of the chat share.
pub struct Chat {
    /// Who listens.
    pub hub: Hub,
    strangers: Arc<Semaphore>,
    rates: DefaultKeyedRateLimiter<Visitor>,
}

impl Default for Chat {
    fn default() -> Self {
        let quota = Quota::per_second(PER_SECOND).allow_burst(AT_ONCE);
        Self {
            hub: Hub::default(),
            strangers: Arc::new(Semaphore::new(STRANGERS)),
            rates: DefaultKeyedRateLimiter::keyed(quota),
        }
    }
}
