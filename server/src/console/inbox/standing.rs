//! Where the customer of a conversation stands: how far their set-up is, and what was done since they asked.

use journey::progress::Checklist;
use journey::support::conversation::apply;
use protocol::Millis;
use protocol::chat::LogEntry;
use protocol::console::DoneStep;
use protocol::files::Flow;
use protocol::ids::UserId;
use protocol::stored::{ConversationState, Progress, StepStatus};
use store::Person;

/// Returns how many of the must-have steps are done, and how many there are.
pub(super) fn counted(flow: &Flow, progress: &Progress) -> [u32; 2] {
    let list = Checklist::new(flow, progress);
    [list.total - list.left, list.total].map(|n| n as u32)
}

/// Returns the steps that were completed since a moment, in the order of the flow.
pub(super) fn done_since(
    flow: &Flow,
    progress: &Progress,
    people: &[Person],
    since: Millis,
    locale: &str,
) -> Vec<DoneStep> {
    let name = |user: &UserId| {
        let known = people.iter().find(|person| person.user == *user).map(|person| person.name.clone());
        known.unwrap_or_else(|| user.to_string())
    };
    let done = flow.steps().filter_map(|(_, step)| {
        let its = progress.steps.get(&step.id).filter(|its| its.status == StepStatus::Done)?;
        let at = its.done_at.filter(|at| *at >= since)?;
        let title = step.title.pick(locale, &flow.default_locale).to_owned();
        Some(DoneStep { title, at, by: its.user.as_ref().map(name).unwrap_or_default() })
    });
    done.collect()
}

/// Returns when the question was asked that waits for an answer, or else the one that was answered last.
pub(super) fn asked_at(state: &ConversationState, entries: &[LogEntry]) -> Option<Millis> {
    let (mut replayed, mut asked) = (ConversationState::default(), None);
    for entry in entries {
        apply(&mut replayed, entry);
        asked = replayed.waiting_since.or(asked);
    }
    state.waiting_since.or(asked)
}

#[cfg(test)]
mod tests {
    use protocol::chat::{Author, LogEntryBody, Message, Side};
    use protocol::ids::{ConversationId, EventId};

    use super::*;

    fn entry(at: Millis, side: Side, body: LogEntryBody) -> LogEntry {
        let (conversation, id) = (ConversationId::default(), EventId::NIL);
        let author = Author { side, id: "a".into(), name: String::new() };
        LogEntry { conversation, log: body.log(), seq: 1, id, author, picture: None, at, body }
    }

    #[test]
    fn a_question_begins_with_the_first_message_after_an_answer() {
        let says = |at, side| entry(at, side, LogEntryBody::Message(Message::default()));
        let mut all = vec![says(1, Side::Visitor), says(2, Side::Visitor)];
        let asked = |all: &[LogEntry]| asked_at(&ConversationState::default(), all);
        assert_eq!(asked(&all), Some(1));
        all.push(says(3, Side::Agent));
        assert_eq!(asked(&all), Some(1), "the question that was answered");
        all.extend([entry(4, Side::Agent, LogEntryBody::Resolved), says(5, Side::Visitor)]);
        assert_eq!(asked(&all), Some(5));
        // What is older than the entries that were read is known from the state.
        let state = ConversationState { waiting_since: Some(0), ..ConversationState::default() };
        assert_eq!(asked_at(&state, &all), Some(0));
    }
}
