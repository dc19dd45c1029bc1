//! One conversation as a client knows it: its entries in order, and where both sides have read to.

use protocol::chat::{ConversationStatus, ConversationSummary, LogEntry, LogEntryBody, Side};

use crate::support::conversation::Incoming;

/// A conversation.
#[derive(Debug)]
pub struct Conversation {
    /// Where it stands.
    pub head: ConversationSummary,
    /// Entries of the public log, in order and without a gap from the first.
    pub entries: Vec<LogEntry>,
    incoming: Incoming,
    /// The last entry that the collector has and does not send by itself.
    wanted: u64,
}

impl Conversation {
    /// A conversation of which no entry is known.
    pub(super) fn new(head: ConversationSummary) -> Self {
        Self { head, entries: Vec::new(), incoming: Incoming::default(), wanted: 0 }
    }

    /// The same entries under a newer head.
    pub(super) fn moved_to(&mut self, head: ConversationSummary) -> Self {
        let (entries, incoming) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.incoming));
        Self { head, entries, incoming, wanted: 0 }
    }

    /// The number of the last entry that is known without a gap before it.
    pub fn last(&self) -> u64 {
        self.incoming.applied()
    }

    /// Takes an entry; returns how many have their turn now, the last of `entries`.
    pub(super) fn append(&mut self, entry: LogEntry) -> usize {
        self.head.seq = self.head.seq.max(entry.seq);
        let before = self.entries.len();
        for entry in self.incoming.take(entry) {
            self.note(&entry);
            self.entries.push(entry);
        }
        self.entries.len() - before
    }

    /// The last entries, so many.
    pub fn newest(&self, count: usize) -> &[LogEntry] {
        self.entries.get(self.entries.len().saturating_sub(count)..).unwrap_or_default()
    }

    fn note(&mut self, entry: &LogEntry) {
        // People have read what they wrote themselves.
        if entry.author.side != Side::Agent && self.head.read + 1 == entry.seq {
            self.head.read = entry.seq;
        }
        match (&entry.body, entry.author.side) {
            (LogEntryBody::Resolved, _) => self.head.status = ConversationStatus::Resolved,
            (LogEntryBody::Reopened, _)
            | (LogEntryBody::Message(_) | LogEntryBody::Callback(_), Side::Visitor) => {
                self.head.status = ConversationStatus::Open;
            }
            _ => {}
        }
    }

    /// The collector has entries up to `head` and does not send them by itself. Where more is known here than
    /// there, this is another history and is dropped.
    pub(super) fn behind(&mut self, head: u64) {
        if head > 0 && self.last() > head {
            self.entries.clear();
            self.incoming = Incoming::default();
        }
        self.wanted = head;
    }

    /// The first and the last entry that are missing.
    pub(super) fn missing(&self) -> Option<(u64, u64)> {
        let next = self.last() + 1;
        self.incoming.missing().or_else(|| (self.wanted >= next).then_some((next, self.wanted)))
    }

    /// Messages of agents after the last entry that the person has read.
    pub fn unread(&self) -> usize {
        self.entries.iter().filter(|entry| self.is_unread(entry)).count()
    }

    /// Whether an entry is an agent's message that the person has not read.
    pub fn is_unread(&self, entry: &LogEntry) -> bool {
        let is_answer = matches!(entry.body, LogEntryBody::Message(_)) && entry.author.side == Side::Agent;
        is_answer && entry.seq > self.head.read
    }
}
