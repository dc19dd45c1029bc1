//! The rules of a conversation: who may append what, in which order entries are applied, what they amount to.

use protocol::Millis;
use protocol::chat::{Author, ConversationStatus, LogEntry, LogEntryBody, Side, WaitingOn};
use protocol::stored::ConversationState;

/// Characters of a message that the inbox's list shows.
const EXCERPT: usize = 120;

/// Applies the next entry to a conversation's state. Entries of a log must come in their order.
pub fn apply(state: &mut ConversationState, entry: &LogEntry) {
    match (&entry.body, entry.author.side) {
        (LogEntryBody::Message(message), side) => {
            state.last_message_at = entry.at;
            let file = message.file.as_ref().map_or("", |file| &file.name);
            let text = if message.text.is_empty() { file } else { &message.text };
            state.excerpt = text.chars().take(EXCERPT).collect();
            state.last_author = Some(entry.author.clone());
            if side == Side::Visitor {
                state.waiting_since.get_or_insert(entry.at);
                state.waiting_before = None;
                // What we waited for has come.
                state.waiting_on.take_if(|on| *on == WaitingOn::Customer);
                // A new message opens a resolved or snoozed conversation again.
                reopen(state);
            } else {
                note_answer(state, entry.at);
                // Who answers first is assigned.
                state.agent.get_or_insert_with(|| entry.author.clone());
            }
        }
        (LogEntryBody::Callback(call), _) => {
            state.last_message_at = entry.at;
            state.excerpt.clone_from(&call.phone);
            state.last_author = Some(entry.author.clone());
            state.waiting_since.get_or_insert(entry.at);
            state.callback = Some((entry.at, call.clone()));
            reopen(state);
        }
        (LogEntryBody::Called, _) => {
            state.callback = None;
            note_answer(state, entry.at);
        }
        (LogEntryBody::Claimed, _) => assign(state, Some(&entry.author)),
        (LogEntryBody::Assigned { agent }, _) => assign(state, Some(agent)),
        (LogEntryBody::Released, _) => assign(state, None),
        (LogEntryBody::Escalated, _) => state.escalated = true,
        (LogEntryBody::Labelled { labels }, _) => state.labels.clone_from(labels),
        (LogEntryBody::WaitingOn { on }, _) => state.waiting_on = *on,
        (LogEntryBody::Resolved, _) => {
            state.status = ConversationStatus::Resolved;
            state.snoozed_until = None;
            state.waiting_before = state.waiting_since.take();
            state.escalated = false;
            state.callback = None;
            state.waiting_on = None;
        }
        (LogEntryBody::Reopened, _) => {
            state.waiting_since = state.waiting_since.or(state.waiting_before.take());
            reopen(state);
        }
        (LogEntryBody::Snoozed { until }, _) => {
            state.status = ConversationStatus::Snoozed;
            state.snoozed_until = Some(*until);
        }
        (LogEntryBody::Rated { score, .. }, _) => state.score = Some(*score),
        (LogEntryBody::Note(_) | LogEntryBody::Blocked { .. }, _) => {}
    }
}

/// Notes that an agent answered.
fn note_answer(state: &mut ConversationState, at: Millis) {
    state.escalated = false;
    if let Some(since) = state.waiting_since.take() {
        state.first_response.get_or_insert([since, at]);
    }
}

fn assign(state: &mut ConversationState, by: Option<&Author>) {
    state.agent = by.cloned();
    state.escalated = false;
}

fn reopen(state: &mut ConversationState) {
    state.status = ConversationStatus::Open;
    state.snoozed_until = None;
}

/// Orders the entries of one log as they arrive: it releases each once, and none before its predecessor.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    applied: u64,
    /// What came too early, in no order.
    early: Vec<LogEntry>,
}

impl Incoming {
    /// Starts after entry `applied`, which the caller has already.
    pub fn after(applied: u64) -> Self {
        Self { applied, early: Vec::new() }
    }

    /// Returns the number of the last released entry.
    pub fn applied(&self) -> u64 {
        self.applied
    }

    /// Takes an entry; returns those that are released by it.
    pub fn take(&mut self, line: LogEntry) -> Vec<LogEntry> {
        let seq = line.seq;
        if seq > self.applied {
            match self.early.iter_mut().find(|early| early.seq == seq) {
                Some(early) => *early = line,
                None => self.early.push(line),
            }
        }
        let mut ready = Vec::new();
        while let Some(at) = self.early.iter().position(|early| early.seq == self.applied + 1) {
            self.applied += 1;
            ready.push(self.early.swap_remove(at));
        }
        ready
    }

    /// Returns the first and the last missing entry. The client requests them when they do not arrive in time.
    pub fn missing(&self) -> Option<(u64, u64)> {
        let mut first = self.early.first()?.seq;
        for early in &self.early {
            first = first.min(early.seq);
        }
        Some((self.applied + 1, first - 1))
    }
}

/// Returns whether an author of this side may append an entry of this kind.
pub fn may_append(side: Side, body: &LogEntryBody) -> bool {
    match (side, body) {
        (Side::System, body) => {
            matches!(body, LogEntryBody::Escalated | LogEntryBody::Assigned { .. } | LogEntryBody::Released)
        }
        (Side::Visitor, body) => {
            matches!(
                body,
                LogEntryBody::Message(_)
                    | LogEntryBody::Rated { .. }
                    | LogEntryBody::Reopened
                    | LogEntryBody::Callback(_)
            )
        }
        (Side::Agent, body) => !matches!(
            body,
            LogEntryBody::Rated { .. }
                | LogEntryBody::Callback(_)
                | LogEntryBody::Escalated
                | LogEntryBody::Blocked { .. }
        ),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::chat::{Author, Message};
    use protocol::ids::{ConversationId, EventId};

    use super::*;

    fn entry(seq: u64, at: i64, side: Side, body: LogEntryBody) -> LogEntry {
        let author = Author { side, id: "a".into(), name: String::new() };
        LogEntry {
            conversation: ConversationId::default(),
            log: body.log(),
            seq,
            id: EventId::NIL,
            author,
            picture: None,
            at,
            body,
        }
    }

    fn message(seq: u64) -> LogEntry {
        entry(
            seq,
            0,
            Side::Visitor,
            LogEntryBody::Message(Message { text: seq.to_string(), ..Message::default() }),
        )
    }

    proptest! {
        /// C20: whatever is lost on the way, doubled or late: what is missing is asked for, and every entry
        /// comes once, in order.
        #[test]
        fn c20_a_log_releases_each_entry_once_and_in_order(
            n in 1u64..40,
            order in prop::collection::vec(0u64..40, 0..120),
        ) {
            let mut incoming = Incoming::default();
            let mut out: Vec<u64> = Vec::new();
            for pick in order {
                out.extend(incoming.take(message(pick % n + 1)).iter().map(|entry| entry.seq));
            }
            // The last one comes: now everything that is missing is known to be.
            out.extend(incoming.take(message(n)).iter().map(|entry| entry.seq));
            while let Some((from, to)) = incoming.missing() {
                prop_assert!(from <= to);
                for seq in (from..=to).rev() {
                    out.extend(incoming.take(message(seq)).iter().map(|entry| entry.seq));
                }
            }
            prop_assert_eq!(out, (1..=n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_conversation_is_what_its_entries_amount_to() {
        let text = |text: &str| LogEntryBody::Message(Message { text: text.into(), ..Message::default() });
        let mut state = ConversationState::default();
        let mut after = |seq, at, side, body| {
            apply(&mut state, &entry(seq, at, side, body));
            state.clone()
        };
        let asked = after(1, 1_000, Side::Visitor, text("保存できません"));
        assert_eq!((asked.waiting_since, asked.excerpt.as_str()), (Some(1_000), "保存できません"));
        after(2, 2_000, Side::Visitor, text("もしもし"));
        after(1, 2_500, Side::Agent, LogEntryBody::Note(Message::default()));
        let claimed = after(3, 3_000, Side::Agent, LogEntryBody::Claimed);
        assert_eq!(
            (claimed.waiting_since, claimed.agent.is_some()),
            (Some(1_000), true),
            "a note is no answer"
        );
        let answered = after(4, 61_000, Side::Agent, text("はい"));
        assert_eq!((answered.waiting_since, answered.first_response), (None, Some([1_000, 61_000])));
        assert_eq!(
            after(5, 62_000, Side::Agent, LogEntryBody::Resolved).status,
            ConversationStatus::Resolved
        );
        assert_eq!(after(6, 63_000, Side::Visitor, text("まだです")).status, ConversationStatus::Open);
    }

    #[test]
    fn a_question_that_was_resolved_unanswered_waits_on_when_it_is_reopened() {
        let text = || LogEntryBody::Message(Message::default());
        let mut state = ConversationState::default();
        let mut after = |at, side, body| {
            apply(&mut state, &entry(1, at, side, body));
            state.waiting_since
        };
        assert_eq!(after(1, Side::Visitor, text()), Some(1));
        assert_eq!(after(2, Side::Agent, LogEntryBody::Resolved), None);
        assert_eq!(after(3, Side::Agent, LogEntryBody::Reopened), Some(1));
        after(4, Side::Agent, text());
        after(5, Side::Agent, LogEntryBody::Resolved);
        assert_eq!(after(6, Side::Agent, LogEntryBody::Reopened), None, "it was answered");
        after(7, Side::Visitor, text());
        after(8, Side::Agent, LogEntryBody::Resolved);
        assert_eq!(after(9, Side::Visitor, text()), Some(9), "a new question");
    }

    #[test]
    fn who_answers_first_is_assigned() {
        let text = || LogEntryBody::Message(Message::default());
        let agent = |id: &str, seq| {
            let mut entry = entry(seq, 0, Side::Agent, text());
            entry.author.id = id.into();
            entry
        };
        let mut state = ConversationState::default();
        apply(&mut state, &entry(1, 0, Side::Visitor, text()));
        assert_eq!(state.agent, None);
        apply(&mut state, &agent("first", 2));
        apply(&mut state, &agent("second", 3));
        assert_eq!(state.agent.map(|agent| agent.id).as_deref(), Some("first"));
        assert_eq!(state.last_author.map(|author| author.id).as_deref(), Some("second"));
    }

    #[test]
    fn each_side_appends_what_it_may() {
        assert!(may_append(Side::Visitor, &LogEntryBody::Rated { score: 5, comment: String::new() }));
        for body in [
            LogEntryBody::Claimed,
            LogEntryBody::Resolved,
            LogEntryBody::Note(Message::default()),
            LogEntryBody::Snoozed { until: 1 },
        ] {
            assert!(!may_append(Side::Visitor, &body) && may_append(Side::Agent, &body), "{body:?}");
        }
    }
}
