//! Conversations: two append-only logs each, one public and one of private notes.

use async_trait::async_trait;
use protocol::Millis;
use protocol::chat::{Author, ConversationSummary, Log, LogEntry, LogEntryBody, VisitorContext};
use protocol::console::Conversation;
use protocol::ids::{AccountId, ConversationId, EventId, UserId};

use crate::{Result, SiteId};

/// A customer: one person of one account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Visitor {
    /// The site.
    pub site: SiteId,
    /// The account; it begins with `~` when no token vouches for it.
    pub account: AccountId,
    /// The person.
    pub user: UserId,
}

/// Who asks; it decides which conversations exist for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// A customer sees their own conversations.
    Visitor(Visitor),
    /// An agent sees those of a site.
    Agent(SiteId),
}

/// The conversation that an entry goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An existing conversation.
    Known(ConversationId),
    /// The one that a customer's client gave this key; it is opened when there is none.
    Keyed {
        /// The client's key.
        key: EventId,
        /// The id of a new conversation.
        fresh: ConversationId,
    },
}

/// An entry to be appended to a conversation's log.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLogEntry {
    /// The author's id for it; the same author and id are written once.
    pub id: EventId,
    /// The author.
    pub author: Author,
    /// When it was written.
    pub at: Millis,
    /// What it says.
    pub body: LogEntryBody,
    /// What the customer was doing.
    pub context: Option<VisitorContext>,
}

/// The result of appending an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum AppendOutcome {
    /// It is on disk.
    Stored {
        /// The entry with its number.
        entry: Box<LogEntry>,
        /// Whether it had been there before.
        duplicate: bool,
        /// The customer of the conversation.
        visitor: Visitor,
    },
    /// The same author wrote something else under this id.
    Conflict,
    /// There is no such conversation for them.
    NotFound,
    /// They have as many conversations as one may have.
    TooMany,
    /// The attached file is not complete, or not theirs.
    NoFile,
    /// An agent has blocked them.
    Blocked,
}

/// The most conversations of one customer.
pub const MAX_CONVERSATIONS: u64 = 50;

/// Conversations of customers with a site's agents.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// Returns the name of this database. Clients that know another one start again from nothing.
    async fn epoch(&self) -> Result<String>;
    /// Appends an entry; returns once it is on disk.
    async fn append_message(&self, party: Party, target: Target, entry: NewLogEntry)
    -> Result<AppendOutcome>;
    /// Returns entries `from` to `to` of a log, at most `limit`, in order; none when the log does not exist for
    /// this party.
    async fn log_entries(
        &self,
        party: &Party,
        conversation: ConversationId,
        log: Log,
        from: u64,
        to: u64,
        limit: u64,
    ) -> Result<Option<Vec<LogEntry>>>;
    /// Notes that a party has read up to an entry; the mark only moves forward. Returns the customer and the new
    /// mark; none when nothing changed, or when the conversation does not exist for this party.
    async fn mark_read(
        &self,
        party: &Party,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<(Visitor, u64)>>;
    /// Whether a customer has a conversation that their client gave this key.
    async fn has_conversation(&self, visitor: &Visitor, key: EventId) -> Result<bool>;
    /// Returns a customer's conversations, the oldest first.
    async fn conversation_summaries(&self, visitor: &Visitor) -> Result<Vec<ConversationSummary>>;
    /// Returns a conversation with its customer; none when it does not exist for this party.
    async fn conversation(&self, party: &Party, c: ConversationId)
    -> Result<Option<(Conversation, Visitor)>>;
    /// Returns the conversations of a site that changed after revision `rev`, at most `limit`, the oldest change
    /// first.
    async fn conversations(&self, site: SiteId, rev: u64, limit: u64) -> Result<Vec<Conversation>>;
    /// Returns conversations of a site that contain this text in a message, a note or a file name, compared in their form
    /// for searches (`search::search_form`), the latest use first, each with the newest text that contains it.
    async fn search_conversations(
        &self,
        site: SiteId,
        text: &str,
        limit: u64,
    ) -> Result<Vec<(ConversationId, String)>>;
    /// Deletes conversations of a site without a message since `before`: at most `limit`, and fewer when that would
    /// keep others waiting. Returns how many it found; none is left when that is zero.
    async fn delete_inactive(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64>;
    /// Blocks or unblocks a customer.
    async fn set_blocked(&self, visitor: &Visitor, blocked: bool, at: Millis) -> Result<()>;
}
