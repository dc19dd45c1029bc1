//! The rules of a conversation: who may append what, in which order entries are applied, what they amount to.

use protocol::chat::{Author, ConversationStatus, LogEntry, LogEntryBody, Side};
use protocol::stored::ConversationState;
use protocol::{Millis, SortedMap};

/// Characters of a message that the inbox's list shows.
const EXCERPT: usize = 120;

/// Applies the next entry to a conversation's state. Entries of a log must come in their order.
pub fn apply(thread: &mut ConversationState, line: &LogEntry) {
    match (&line.said, line.author.side) {
        (LogEntryBody::Message(message), side) => {
            thread.last = line.at;
            let file = message.file.as_ref().map_or("", |file| &file.name);
            let said = if message.text.is_empty() { file } else { &message.text };
            thread.excerpt = said.chars().take(EXCERPT).collect();
            if side == Side::Visitor {
                thread.waiting.get_or_insert(line.at);
                // A new message opens a resolved or snoozed conversation again.
                wake(thread);
            } else {
                answered(thread, line.at);
            }
        }
        (LogEntryBody::Callback(call), _) => {
            thread.last = line.at;
            thread.waiting.get_or_insert(line.at);
            thread.call = Some((line.at, call.clone()));
            wake(thread);
        }
        (LogEntryBody::Called, _) => {
            thread.call = None;
            answered(thread, line.at);
        }
        (LogEntryBody::Claimed, _) => taken(thread, Some(&line.author)),
        (LogEntryBody::Assigned { agent }, _) => taken(thread, Some(agent)),
        (LogEntryBody::Released, _) => taken(thread, None),
        (LogEntryBody::Escalated, _) => thread.escalated = true,
        (LogEntryBody::Labelled { labels }, _) => thread.labels.clone_from(labels),
        (LogEntryBody::WaitingOn { on }, _) => thread.blocked = *on,
        (LogEntryBody::Resolved, _) => {
            thread.standing = ConversationStatus::Resolved;
            thread.until = None;
            thread.waiting = None;
            thread.escalated = false;
            thread.call = None;
            thread.blocked = None;
        }
        (LogEntryBody::Reopened, _) => wake(thread),
        (LogEntryBody::Snoozed { until }, _) => {
            thread.standing = ConversationStatus::Snoozed;
            thread.until = Some(*until);
        }
        (LogEntryBody::Rated { score, .. }, _) => thread.score = Some(*score),
        (LogEntryBody::Note(_), _) => {}
    }
}

/// Notes that an agent answered.
fn answered(thread: &mut ConversationState, at: Millis) {
    thread.escalated = false;
    if let Some(since) = thread.waiting.take() {
        thread.first.get_or_insert([since, at]);
    }
}

fn taken(thread: &mut ConversationState, by: Option<&Author>) {
    thread.agent = by.cloned();
    thread.escalated = false;
}

fn wake(thread: &mut ConversationState) {
    thread.standing = ConversationStatus::Open;
    thread.until = None;
}

/// Orders the entries of one log as they arrive: it releases each once, and none before its predecessor.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    applied: u64,
    early: SortedMap<u64, LogEntry>,
}

impl Incoming {
    /// Starts after entry `applied`, which the caller has already.
    pub fn after(applied: u64) -> Self {
        Self { applied, early: SortedMap::default() }
    }

    /// Returns the number of the last released entry.
    pub fn applied(&self) -> u64 {
        self.applied
    }

    /// Takes an entry; returns those that are released by it.
    pub fn take(&mut self, line: LogEntry) -> Vec<LogEntry> {
        if line.seq > self.applied {
            self.early.insert(line.seq, line);
        }
        let mut ready = Vec::new();
        while let Some(line) = self.early.remove(&(self.applied + 1)) {
            self.applied += 1;
            ready.push(line);
        }
        ready
    }

    /// Returns the first and the last missing entry. The client requests them when they do not arrive in time.
    pub fn missing(&self) -> Option<(u64, u64)> {
        let (first, _) = self.early.iter().next()?;
        Some((self.applied + 1, first - 1))
    }
}

/// Returns whether an author of this side may append an entry of this kind.
pub fn may_say(side: Side, said: &LogEntryBody) -> bool {
    match (side, said) {
        (Side::System, said) => {
            matches!(said, LogEntryBody::Escalated | LogEntryBody::Assigned { .. } | LogEntryBody::Released)
        }
        (Side::Visitor, said) => {
            matches!(
                said,
                LogEntryBody::Message(_)
                    | LogEntryBody::Rated { .. }
                    | LogEntryBody::Reopened
                    | LogEntryBody::Callback(_)
            )
        }
        (Side::Agent, said) => {
            !matches!(said, LogEntryBody::Rated { .. } | LogEntryBody::Callback(_) | LogEntryBody::Escalated)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::chat::{Author, Message};
    use protocol::ids::{ConversationId, EventId};

    use super::*;

    fn line(seq: u64, at: i64, side: Side, said: LogEntryBody) -> LogEntry {
        let author = Author { side, id: "a".into(), name: String::new() };
        LogEntry { c: ConversationId::default(), log: said.log(), seq, mid: EventId::NIL, author, at, said }
    }

    fn message(seq: u64) -> LogEntry {
        line(
            seq,
            0,
            Side::Visitor,
            LogEntryBody::Message(Message { text: seq.to_string(), ..Message::default() }),
        )
    }

    proptest! {
        /// C20: whatever is lost on the way, doubled or late: what is missing is asked for, and every line
        /// comes once, in order.
        #[test]
        fn c20_lost_doubled_and_late_lines_come_once_and_in_order(
            n in 1u64..40,
            order in prop::collection::vec(0u64..40, 0..120),
        ) {
            let mut incoming = Incoming::default();
            let mut out: Vec<u64> = Vec::new();
            for pick in order {
                out.extend(incoming.take(message(pick % n + 1)).iter().map(|line| line.seq));
            }
            // The last one comes: now everything that is missing is known to be.
            out.extend(incoming.take(message(n)).iter().map(|line| line.seq));
            while let Some((from, to)) = incoming.missing() {
                prop_assert!(from <= to);
                for seq in (from..=to).rev() {
                    out.extend(incoming.take(message(seq)).iter().map(|line| line.seq));
                }
            }
            prop_assert_eq!(out, (1..=n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_conversation_is_what_its_lines_say() {
        let text = |text: &str| LogEntryBody::Message(Message { text: text.into(), ..Message::default() });
        let mut thread = ConversationState::default();
        let mut say = |seq, at, side, said| {
            apply(&mut thread, &line(seq, at, side, said));
            thread.clone()
        };
        let asked = say(1, 1_000, Side::Visitor, text("保存できません"));
        assert_eq!((asked.waiting, asked.excerpt.as_str()), (Some(1_000), "保存できません"));
        say(2, 2_000, Side::Visitor, text("もしもし"));
        say(1, 2_500, Side::Agent, LogEntryBody::Note(Message::default()));
        let claimed = say(3, 3_000, Side::Agent, LogEntryBody::Claimed);
        assert_eq!((claimed.waiting, claimed.agent.is_some()), (Some(1_000), true), "a note is no answer");
        let answered = say(4, 61_000, Side::Agent, text("はい"));
        assert_eq!((answered.waiting, answered.first), (None, Some([1_000, 61_000])));
        assert_eq!(
            say(5, 62_000, Side::Agent, LogEntryBody::Resolved).standing,
            ConversationStatus::Resolved
        );
        assert_eq!(say(6, 63_000, Side::Visitor, text("まだです")).standing, ConversationStatus::Open);
    }

    #[test]
    fn customers_say_what_is_theirs_to_say() {
        assert!(may_say(Side::Visitor, &LogEntryBody::Rated { score: 5, comment: String::new() }));
        for said in [
            LogEntryBody::Claimed,
            LogEntryBody::Resolved,
            LogEntryBody::Note(Message::default()),
            LogEntryBody::Snoozed { until: 1 },
        ] {
            assert!(!may_say(Side::Visitor, &said) && may_say(Side::Agent, &said), "{said:?}");
        }
    }
}
