//! Live chat, `tabiji-chat/1`: customers over a socket, or over SSE and POST where no socket comes through;
//! agents over the console's own routes.
//!
//! The log on disk is the truth. [`hub`] only says that a conversation moved; whoever listens reads on in the
//! log from where they stand ([`feed`]), so hints may be lost, doubled or late and nothing else is. What
//! waits for a slow reader is the log itself, never a queue in memory.

mod feed;
pub mod files;
mod fit;
mod hub;
mod socket;
mod strangers;
mod stream;
mod talk;
mod watch;

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota};
use protocol::ids::EventId;
use store::{SiteId, Visitor};
use tokio::sync::Semaphore;

pub use feed::Feed;
pub use hub::{Ear, Hub};
pub use socket::open;
use strangers::Strangers;
pub use stream::{listen, pour, send};
pub use talk::{Speaker, agent_says, has_read, types};
pub use watch::{LEASE, keep_clean, keep_watch, look_after, sweep};

/// Messages of one person: so many a second for long, and so many at once.
const PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

/// See [`Chat::pieces`].
const PIECES: usize = 64;

/// Frames of one person, of whatever kind.
const FRAMES_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
const FRAMES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(199);

/// What the routes of the chat share.
pub struct Chat {
    /// Who listens.
    pub hub: Hub,
    /// One more for each open socket.
    open: Arc<()>,
    strangers: Strangers,
    rates: DefaultKeyedRateLimiter<Visitor>,
    frames: DefaultKeyedRateLimiter<Visitor>,
    heard: AtomicU64,
    bringing: Bringing,
    /// Pieces of files that are read at a time; slow lines take long.
    pieces: Semaphore,
    /// Files that are looked at and written at a time: a picture is held in memory.
    finishing: Semaphore,
}

impl Default for Chat {
    fn default() -> Self {
        let quota = Quota::per_second(PER_SECOND).allow_burst(AT_ONCE);
        let frames = Quota::per_second(FRAMES_PER_SECOND).allow_burst(FRAMES_AT_ONCE);
        Self {
            hub: Hub::default(),
            open: Arc::default(),
            strangers: Strangers::default(),
            rates: DefaultKeyedRateLimiter::keyed(quota),
            frames: DefaultKeyedRateLimiter::keyed(frames),
            heard: AtomicU64::new(0),
            bringing: Bringing::default(),
            pieces: Semaphore::new(PIECES),
            finishing: Semaphore::new(1),
        }
    }
}

/// Files of which a piece is written now.
#[derive(Default)]
struct Bringing(Mutex<HashSet<(SiteId, EventId)>>);

/// One of them; dropped, it is free again.
struct Mine<'a>(&'a Bringing, (SiteId, EventId));

impl Bringing {
    fn take(&self, site: SiteId, id: EventId) -> Option<Mine<'_>> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((site, id));
        free.then(|| Mine(self, (site, id)))
    }
}

impl Drop for Mine<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Chat {
    /// Now and then forgets whoever has been quiet: anybody can invent people.
    fn tidy(&self) {
        if self.heard.fetch_add(1, Ordering::Relaxed) % 4096 == 4095 {
            for limiter in [&self.rates, &self.frames] {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
    }

    /// Waits until every socket has said goodbye.
    pub async fn farewell(&self) {
        while Arc::strong_count(&self.open) > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
