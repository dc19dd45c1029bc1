//! What the fold reads: one thing that happened to an account, with its place in time.

use protocol::{Event, FactValue, Key, Kind, Millis, Observed, StepId, UserId};

/// One thing that happened to an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in time; also its identity.
    pub key: Key,
    /// Who did it, when known.
    pub user: Option<UserId>,
    /// What it was.
    pub what: What,
}

/// The kinds of thing that move progress.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "funnel", derive(serde::Serialize, serde::Deserialize))]
pub enum What {
    /// The host's backend vouched for a value.
    Fact(String, FactValue),
    /// The host's page reported an event of its own.
    Tracked(String),
    /// A browser saw that a condition's leaf holds or no longer holds.
    Observed(String, bool),
    /// A person saw the step in focus.
    Shown(StepId),
    /// A person said that the step is done, or took that back.
    Confirmed(StepId, bool),
    /// Somebody was there; nothing else follows from it.
    Present,
}

impl Entry {
    /// Reads an event of a browser; `at` is its corrected time.
    pub fn from_event(event: &Event, at: Millis, user: Option<UserId>) -> Self {
        Self { key: Key(at, event.n, event.id), user, what: what_of(event) }
    }
}

fn what_of(event: &Event) -> What {
    let by_person = event.text("by") == Some("person");
    match (&event.kind, &event.step) {
        (Kind::StepShown, Some(step)) => What::Shown(step.clone()),
        (Kind::StepCompleted, Some(step)) if by_person => What::Confirmed(step.clone(), true),
        (Kind::StepReopened, Some(step)) if by_person => What::Confirmed(step.clone(), false),
        (Kind::VideoCompleted, _) => {
            event.text("clip").map_or(What::Present, |clip| What::Observed(Observed::video(clip), true))
        }
        (Kind::Custom, _) => match event.text("name") {
            Some(Observed::EVENT) => observation(event),
            Some(name) => What::Tracked(name.to_owned()),
            None => What::Present,
        },
        _ => What::Present,
    }
}

fn observation(event: &Event) -> What {
    let holds = event.data.get("holds") != Some(&FactValue::Flag(false));
    event.text("leaf").map_or(What::Present, |leaf| What::Observed(leaf.to_owned(), holds))
}
