//! The shelves of the inbox.

use protocol::{Conversation, Standing};

use crate::format::datetime::now;

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Open, and nobody has them.
    Queue,
    /// Open, and mine.
    Mine,
    /// Open.
    Open,
    /// They come back later.
    Snoozed,
    /// Answered.
    Resolved,
}

impl Shelf {
    /// All of them, as they stand over the list.
    pub const ALL: [Self; 5] = [Self::Queue, Self::Mine, Self::Open, Self::Snoozed, Self::Resolved];

    /// Whether a conversation is on it.
    pub fn has(self, one: &Conversation, me: &str) -> bool {
        let thread = &one.thread;
        let slept = thread.until.is_some_and(|until| until <= now());
        let open = thread.standing == Standing::Open || (thread.standing == Standing::Snoozed && slept);
        match self {
            Self::Queue => open && thread.agent.is_none(),
            Self::Mine => open && thread.agent.as_ref().is_some_and(|agent| agent.id == me),
            Self::Open => open,
            Self::Snoozed => thread.standing == Standing::Snoozed && !slept,
            Self::Resolved => thread.standing == Standing::Resolved,
        }
    }
}
