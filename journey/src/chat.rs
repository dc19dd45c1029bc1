//! The rules of a conversation, pure: how lines are put in order as they come, and what they come to.

use std::collections::BTreeMap;

use protocol::{Author, Line, Millis, Said, Side, Standing, Thread};

/// How much of a message a list shows, in characters.
const EXCERPT: usize = 120;

/// What one more line makes of a conversation. Lines of a log come in their order.
pub fn apply(thread: &mut Thread, line: &Line) {
    match (&line.said, line.author.side) {
        (Said::Message(message), side) => {
            thread.last = line.at;
            let file = message.file.as_ref().map_or("", |file| &file.name);
            let said = if message.text.is_empty() { file } else { &message.text };
            thread.excerpt = said.chars().take(EXCERPT).collect();
            if side == Side::Visitor {
                thread.waiting.get_or_insert(line.at);
                // Who writes again is not answered yet.
                wake(thread);
            } else {
                answered(thread, line.at);
            }
        }
        (Said::Callback(call), _) => {
            thread.last = line.at;
            thread.waiting.get_or_insert(line.at);
            thread.call = Some((line.at, call.clone()));
            wake(thread);
        }
        (Said::Called, _) => {
            thread.call = None;
            answered(thread, line.at);
        }
        (Said::Claimed, _) => taken(thread, Some(&line.author)),
        (Said::Handed { agent }, _) => taken(thread, Some(agent)),
        (Said::Released, _) => taken(thread, None),
        (Said::Escalated, _) => thread.escalated = true,
        (Said::Labelled { labels }, _) => thread.labels.clone_from(labels),
        (Said::Blocked { on }, _) => thread.blocked = *on,
        (Said::Resolved, _) => {
            thread.standing = Standing::Resolved;
            thread.until = None;
            thread.waiting = None;
            thread.escalated = false;
            thread.call = None;
            thread.blocked = None;
        }
        (Said::Reopened, _) => wake(thread),
        (Said::Snoozed { until }, _) => {
            thread.standing = Standing::Snoozed;
            thread.until = Some(*until);
        }
        (Said::Rated { score, .. }, _) => thread.score = Some(*score),
        (Said::Note(_), _) => {}
    }
}

/// A person answered.
fn answered(thread: &mut Thread, at: Millis) {
    thread.escalated = false;
    if let Some(since) = thread.waiting.take() {
        thread.first.get_or_insert([since, at]);
    }
}

fn taken(thread: &mut Thread, by: Option<&Author>) {
    thread.agent = by.cloned();
    thread.escalated = false;
}

fn wake(thread: &mut Thread) {
    thread.standing = Standing::Open;
    thread.until = None;
}

/// Puts the lines of one log in order as they come: each once, and none before the one before it.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    applied: u64,
    early: BTreeMap<u64, Line>,
}

impl Incoming {
    /// Everything up to `applied` is known already.
    pub fn after(applied: u64) -> Self {
        Self { applied, early: BTreeMap::new() }
    }

    /// The last line that was given out.
    pub fn applied(&self) -> u64 {
        self.applied
    }

    /// Takes a line; gives those whose turn it is now.
    pub fn take(&mut self, line: Line) -> Vec<Line> {
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

    /// The lines that others wait for: first and last. To be asked for when they do not come by themselves.
    pub fn missing(&self) -> Option<(u64, u64)> {
        let first = *self.early.first_key_value()?.0;
        Some((self.applied + 1, first - 1))
    }
}

/// The logs of a conversation in which a kind of entry may stand for a side.
pub fn may_say(side: Side, said: &Said) -> bool {
    match (side, said) {
        (Side::System, said) => matches!(said, Said::Escalated | Said::Handed { .. } | Said::Released),
        (Side::Visitor, said) => {
            matches!(said, Said::Message(_) | Said::Rated { .. } | Said::Reopened | Said::Callback(_))
        }
        (Side::Agent, said) => !matches!(said, Said::Rated { .. } | Said::Callback(_) | Said::Escalated),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{Author, ConversationId, EventId, Message};

    use super::*;

    fn line(seq: u64, at: i64, side: Side, said: Said) -> Line {
        let author = Author { side, id: "a".into(), name: String::new() };
        Line { c: ConversationId::default(), log: said.log(), seq, mid: EventId::NIL, author, at, said }
    }

    fn message(seq: u64) -> Line {
        line(seq, 0, Side::Visitor, Said::Message(Message { text: seq.to_string(), ..Message::default() }))
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
        let text = |text: &str| Said::Message(Message { text: text.into(), ..Message::default() });
        let mut thread = Thread::default();
        let mut say = |seq, at, side, said| {
            apply(&mut thread, &line(seq, at, side, said));
            thread.clone()
        };
        let asked = say(1, 1_000, Side::Visitor, text("保存できません"));
        assert_eq!((asked.waiting, asked.excerpt.as_str()), (Some(1_000), "保存できません"));
        say(2, 2_000, Side::Visitor, text("もしもし"));
        say(1, 2_500, Side::Agent, Said::Note(Message::default()));
        let claimed = say(3, 3_000, Side::Agent, Said::Claimed);
        assert_eq!((claimed.waiting, claimed.agent.is_some()), (Some(1_000), true), "a note is no answer");
        let answered = say(4, 61_000, Side::Agent, text("はい"));
        assert_eq!((answered.waiting, answered.first), (None, Some([1_000, 61_000])));
        assert_eq!(say(5, 62_000, Side::Agent, Said::Resolved).standing, Standing::Resolved);
        assert_eq!(say(6, 63_000, Side::Visitor, text("まだです")).standing, Standing::Open);
    }

    #[test]
    fn customers_say_what_is_theirs_to_say() {
        assert!(may_say(Side::Visitor, &Said::Rated { score: 5, comment: String::new() }));
        for said in
            [Said::Claimed, Said::Resolved, Said::Note(Message::default()), Said::Snoozed { until: 1 }]
        {
            assert!(!may_say(Side::Visitor, &said) && may_say(Side::Agent, &said), "{said:?}");
        }
    }
}
