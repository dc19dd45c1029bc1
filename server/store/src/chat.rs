//! Conversations as a store keeps them.

use async_trait::async_trait;
use journey::hours::Wait;
use protocol::{
    AccountId, Author, Context, Conversation, ConversationId, DeskFile, EventId, Head, Line, Log, Millis,
    Said, StepId, Thread, UserId,
};

use crate::SiteId;
use crate::store::Result;

/// Whose conversations: one person of one account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Visitor {
    /// The site.
    pub site: SiteId,
    /// The account; marked when nobody vouched for it.
    pub account: AccountId,
    /// The person.
    pub user: UserId,
}

/// Who asks: it decides what is there for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// A customer sees their own conversations.
    Visitor(Visitor),
    /// An agent sees those of a site.
    Agent(SiteId),
}

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a conversation that is there.
    Known(ConversationId),
    /// In the one that a customer's client gave this key; it is begun when there is none.
    Keyed {
        /// The client's key.
        key: EventId,
        /// What a new one is called.
        fresh: ConversationId,
    },
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLine {
    /// The author's id for it.
    pub mid: EventId,
    /// Who.
    pub author: Author,
    /// When.
    pub at: Millis,
    /// What.
    pub said: Said,
    /// What the customer was doing.
    pub context: Option<Context>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Spoken {
    /// It is on disk.
    Kept {
        /// Its line.
        line: Box<Line>,
        /// Whether it was there already.
        dup: bool,
        /// Whose conversation it is.
        visitor: Visitor,
    },
    /// The same author said something else under this id.
    Conflict,
    /// There is no such conversation for them.
    NotFound,
    /// They have as many conversations as anybody may have.
    TooMany,
    /// The file that it names is not whole, or not theirs.
    NoFile,
    /// An agent has shut the door on them.
    Barred,
}

/// A conversation in which a customer waits for an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The conversation.
    pub c: ConversationId,
    /// Whose.
    pub visitor: Visitor,
    /// The step that they were at.
    pub step: Option<StepId>,
    /// The last line of its public log.
    pub head: u64,
    /// Where it stands.
    pub thread: Thread,
}

/// What was erased of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Conversations, with all that was said in them.
    pub conversations: u64,
    /// Messages and what else stood in them.
    pub lines: u64,
    /// Files, sent or not.
    pub files: u64,
}

/// Conversations of one person.
pub const MOST_CONVERSATIONS: u64 = 50;

/// The part of a store that keeps conversations.
#[async_trait]
pub trait ChatStore {
    /// Names this database.
    async fn epoch(&self) -> Result<String>;
    /// Writes a line; answers when it is on disk.
    async fn speak(&self, party: Party, place: Place, line: NewLine) -> Result<Spoken>;
    /// A customer's conversations, the oldest first.
    async fn heads(&self, visitor: &Visitor) -> Result<Vec<Head>>;
    /// Lines `from` to `to` of a log, at most `limit`, in order; none when it is not there for them.
    async fn lines(
        &self,
        party: &Party,
        c: ConversationId,
        log: Log,
        from: u64,
        to: u64,
        limit: u64,
    ) -> Result<Option<Vec<Line>>>;
    /// Notes that this side has read up to a line, only ever forward. Gives whose conversation it is and how
    /// far it is read now; none when that changes nothing, or when it is not there for them.
    async fn note_read(&self, party: &Party, c: ConversationId, seq: u64) -> Result<Option<(Visitor, u64)>>;
    /// A conversation, and whose; none when it is not there for them.
    async fn conversation(&self, party: &Party, c: ConversationId)
    -> Result<Option<(Conversation, Visitor)>>;
    /// Conversations of a site in which these very words were written, notes among them; those in which it was
    /// last come first.
    async fn search(&self, site: SiteId, words: &str, limit: u64) -> Result<Vec<ConversationId>>;
    /// Deletes conversations of a site in which nothing was said since `before`, with all that was said in them,
    /// at most `limit` of them. Gives how many there were.
    async fn sweep(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64>;
    /// Shuts the door on somebody, or opens it again.
    async fn bar(&self, visitor: &Visitor, barred: bool, at: Millis) -> Result<()>;
    /// Erases what a person of a site wrote and was written to, in whatever accounts.
    async fn erase(&self, site: SiteId, user: &UserId) -> Result<Erased>;
    /// Publishes how customer success works from now on; false when it is what was published last.
    async fn publish_desk(&self, site: SiteId, since: Millis, file: DeskFile) -> Result<bool>;
    /// Everything that was published of it, each with since when, the oldest first.
    async fn desks(&self, site: SiteId) -> Result<Vec<(Millis, DeskFile)>>;
    /// The conversations in which somebody waits.
    async fn waiting(&self, site: SiteId) -> Result<Vec<Waiting>>;
    /// How long first answers took in conversations that began after `since`, and who waits now.
    async fn waits(&self, site: SiteId, since: Millis) -> Result<Vec<Wait>>;
    /// How many open conversations each agent has; those who have none are left out.
    async fn load(&self, site: SiteId) -> Result<Vec<(String, u64)>>;
    /// The conversations of a site that changed after `rev`, at most `limit`, the oldest change first.
    async fn conversations(&self, site: SiteId, rev: u64, limit: u64) -> Result<Vec<Conversation>>;
}
