//! What the fold reads: one thing that happened to an account, with its place in time.

use protocol::{Event, FactValue, Key, Kind, Later, Millis, Observed, StepId, UserId};

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
    /// A person will do it later, or takes that back (until 0).
    Postponed(StepId, Later),
    /// A person asked a colleague to do it, or takes that back (no name).
    Asked(StepId, String),
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
        (Kind::StepSnoozed, Some(step)) => {
            later(event).map_or(What::Present, |later| What::Postponed(step.clone(), later))
        }
        (Kind::StepDelegated, Some(step)) => {
            let to = event.text("to").unwrap_or_default().trim().chars().take(NAME).collect();
            What::Asked(step.clone(), to)
        }
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

/// The longest reason that is kept, in characters.
const REASON: usize = 200;
/// The longest path that is kept, in bytes.
const PATH: usize = 1000;
/// The longest name of a colleague, in characters.
const NAME: usize = 80;

fn later(event: &Event) -> Option<Later> {
    let Some(FactValue::Number(until)) = event.data.get("until") else { return None };
    Some(Later {
        until: *until as Millis,
        user: None,
        reason: event.text("reason").unwrap_or_default().chars().take(REASON).collect(),
        // It becomes a link: a path of the host's own, and nothing that runs or leads away.
        page: event.text("page").filter(|page| is_path(page)).map(str::to_owned),
        field: event.text("field").filter(|field| field.len() <= REASON).map(str::to_owned),
    })
}

/// Whether an address stays on the host: browsers read a backslash as a slash, and skip tabs.
pub fn is_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= PATH
        && !text.chars().any(|c| c == '\\' || c.is_control())
}

fn observation(event: &Event) -> What {
    let holds = event.data.get("holds") != Some(&FactValue::Flag(false));
    event.text("leaf").map_or(What::Present, |leaf| What::Observed(leaf.to_owned(), holds))
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
