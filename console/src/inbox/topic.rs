//! What the finder is asked for.

use leptos::prelude::*;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Everything.
    All,
    /// Less frequent actions on the open conversation.
    More,
    /// Canned replies.
    Replies,
    /// Moments of clips.
    Clips,
    /// Places on the screen.
    Places,
    /// Until when to snooze.
    Snooze,
    /// Whether to block the person.
    Block,
}

impl Topic {
    /// Returns the topic's name in the document.
    pub fn tag(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::More => "more",
            Self::Replies => "replies",
            Self::Clips => "clips",
            Self::Places => "places",
            Self::Snooze => "snooze",
            Self::Block => "block",
        }
    }
}

/// The finder; a handle.
#[derive(Clone, Copy)]
pub struct FinderState {
    /// The topic; none while it is closed.
    pub topic: RwSignal<Option<Topic>>,
}

impl FinderState {
    /// Begins closed.
    pub fn new() -> Self {
        Self { topic: RwSignal::new(None) }
    }

    /// Shows a topic.
    pub fn show(self, topic: Topic) {
        self.topic.set(Some(topic));
    }
}
