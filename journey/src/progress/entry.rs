//! Entries: what the fold reads, each with its place in time.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{OrderKey, StepId, UserId};
use protocol::stored::Snooze;
use protocol::widget::{Event, EventKind, Observation};

/// One thing that happened to an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in time, which identifies it, too.
    pub key: OrderKey,
    /// The person who did it; absent when unknown.
    pub user: Option<UserId>,
    /// What it was.
    pub what: EntryKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "funnel", derive(serde::Serialize, serde::Deserialize))]
pub enum EntryKind {
    /// The host's backend posted a fact.
    Fact(String, FactValue),
    /// The host's page called `track`.
    Tracked(String),
    /// A browser observed that a condition holds, or no longer holds.
    Observed(String, bool),
    /// A person saw the step as the current one.
    Shown(StepId),
    /// A person confirmed the step, or revoked that.
    Confirmed(StepId, bool),
    /// A person snoozed the step, or cancelled that (`until` is 0).
    Postponed(StepId, Snooze),
    /// A person delegated the step to a colleague, or cancelled that (the name is empty).
    Asked(StepId, String),
    /// A person was present; nothing else follows from it.
    Present,
}

impl Entry {
    /// Converts a browser's event; `at` is its corrected time.
    pub fn from_event(event: &Event, at: Millis, user: Option<UserId>) -> Self {
        Self { key: OrderKey(at, event.n, event.id), user, what: what_of(event) }
    }
}

fn what_of(event: &Event) -> EntryKind {
    let by_person = event.text("by") == Some("person");
    match (&event.kind, &event.step) {
        (EventKind::StepShown, Some(step)) => EntryKind::Shown(step.clone()),
        (EventKind::StepCompleted, Some(step)) if by_person => EntryKind::Confirmed(step.clone(), true),
        (EventKind::StepReopened, Some(step)) if by_person => EntryKind::Confirmed(step.clone(), false),
        (EventKind::StepSnoozed, Some(step)) => {
            later(event).map_or(EntryKind::Present, |later| EntryKind::Postponed(step.clone(), later))
        }
        (EventKind::StepDelegated, Some(step)) => {
            let to = event.text("to").unwrap_or_default().trim().chars().take(NAME).collect();
            EntryKind::Asked(step.clone(), to)
        }
        (EventKind::VideoCompleted, _) => event
            .text("clip")
            .map_or(EntryKind::Present, |clip| EntryKind::Observed(Observation::video(clip), true)),
        (EventKind::Custom, _) => match event.text("name") {
            Some(Observation::EVENT) => observation(event),
            Some(name) => EntryKind::Tracked(name.to_owned()),
            None => EntryKind::Present,
        },
        _ => EntryKind::Present,
    }
}

/// The longest reason of a snooze, in characters.
const REASON: usize = 200;
/// The longest path of a page, in bytes.
const PATH: usize = 1000;
/// The longest name of a colleague, in characters.
const NAME: usize = 80;

fn later(event: &Event) -> Option<Snooze> {
    let Some(FactValue::Number(until)) = event.data.get("until") else { return None };
    Some(Snooze {
        until: *until as Millis,
        user: None,
        reason: event.text("reason").unwrap_or_default().chars().take(REASON).collect(),
        // The widget makes a link of it, so only a path on the host is accepted.
        page: event.text("page").filter(|page| is_path(page)).map(str::to_owned),
        field: event.text("field").filter(|field| field.len() <= REASON).map(str::to_owned),
    })
}

/// Returns whether an address is a path on the host. Browsers read a backslash as a slash and skip tabs
/// (WHATWG URL Standard), so both are refused.
pub fn is_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= PATH
        && !text.chars().any(|c| c == '\\' || c.is_control())
}

fn observation(event: &Event) -> EntryKind {
    let holds = event.data.get("holds") != Some(&FactValue::Flag(false));
    event.text("leaf").map_or(EntryKind::Present, |leaf| EntryKind::Observed(leaf.to_owned(), holds))
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn only_what_stays_on_the_host_is_a_path() {
        for good in ["/", "/users?page=2#top", "/設定"] {
            assert!(is_path(good), "{good}");
        }
        for bad in
            ["", "users", "//evil.example/a", "/\\evil.example/a", "/\t/evil.example", "https://evil.example"]
        {
            assert!(!is_path(bad), "{bad:?}");
        }
        assert!(!is_path(&format!("/{}", "a".repeat(1000))));
    }
}
