//! What goes into a store and comes out of it.

use std::collections::BTreeMap;

use journey::help::{Used, Who};
use protocol::{AccountId, AccountUpdate, EventId, Flow, Millis, Scale, SiteKey, StageId, StepId, UserId};

/// A site's number inside this store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub i64);

/// A product that embeds the widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its number.
    pub id: SiteId,
    /// What it was added with.
    pub settings: NewSite,
}

impl std::ops::Deref for Site {
    type Target = NewSite;

    fn deref(&self) -> &NewSite {
        &self.settings
    }
}

/// A site to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSite {
    /// What operators call it; unique.
    pub name: String,
    /// Named by the script tag; made by the caller.
    pub public_key: SiteKey,
    /// SHA-256 of the secret key.
    pub secret_hash: [u8; 32],
    /// Signs identity tokens (HS256); made by the caller.
    pub identity_secret: String,
    /// Verifies identity tokens signed with EdDSA, as PEM, when the host signs so.
    pub identity_key: Option<String>,
    /// Pages of these origins may use the public key: `scheme://host[:port]`, at least one.
    pub origins: Vec<String>,
    /// Whether visitors without a token are turned away.
    pub verified_only: bool,
}

/// Where a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A browser: the body is an `Event`.
    Event,
    /// The host's backend: the body is a `Fact`.
    Fact,
    /// The host's backend: the body is an `AccountUpdate`.
    Account,
    /// An identity token: the body is a person's name.
    Person,
    /// A product team: the body names the flow that was published.
    Flow,
}

/// A record to be journalled.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRecord {
    /// Whose.
    pub site: SiteId,
    /// Unique within the site.
    pub id: EventId,
    /// Where it came from.
    pub source: Source,
    /// The collector's clock on arrival.
    pub received: Millis,
    /// The corrected time.
    pub at: Millis,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// The person it is about.
    pub user: Option<UserId>,
    /// Why it stays out of every report; none for a good record.
    pub quarantine: Option<String>,
    /// JSON, as it came.
    pub body: Box<str>,
}

/// A record as it stands in the journal.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its place; counts up from 1 without being reused.
    pub seq: i64,
    /// What was written.
    pub record: NewRecord,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// On disk, for the first time.
    Stored,
    /// On disk since before.
    Duplicate,
}

/// The start of a request body that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// When.
    pub received: Millis,
    /// The tag that was answered.
    pub tag: String,
    /// At most the first KiB, as text.
    pub prefix: String,
}

/// One version of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowRow {
    /// The flow, with its version.
    pub flow: Flow,
    /// The file it was read from.
    pub source: String,
    /// When it was published.
    pub published: Millis,
    /// The journal record of its publication.
    pub id: EventId,
}

/// What publishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// There is a new version.
    New(u32),
    /// The newest version is this very file already.
    Unchanged(u32),
}

/// What is known of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountRow {
    /// All updates, laid over each other in order.
    pub known: AccountUpdate,
    /// The first and the last sign of life.
    pub seen: Option<(Millis, Millis)>,
}

/// A person of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The host's id.
    pub user: UserId,
    /// What to call them.
    pub name: String,
}

/// An open step that somebody promised to do later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Whose step it is.
    pub account: AccountId,
    /// What the account is called, when known.
    pub name: Option<String>,
    /// Which step.
    pub step: StepId,
    /// Until when.
    pub until: Millis,
    /// Who said so: a name when there is one, else the host's id.
    pub by: Option<String>,
    /// Why; may be empty.
    pub reason: String,
}

/// How often a question was answered in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The stage at whose end it was asked.
    pub stage: StageId,
    /// How it is answered.
    pub scale: Scale,
    /// The answer.
    pub score: u32,
    /// People who gave it.
    pub n: u64,
}

/// Something that was projected: sent to everyone who waits for news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Whose.
    pub site: SiteId,
    /// Which account; none when it concerns the whole site.
    pub account: Option<AccountId>,
    /// Its place in the journal.
    pub seq: i64,
}

/// How help was used, and what came after it: see [`journey::help::count`].
#[derive(Clone, Debug, Default)]
pub struct Helping {
    /// By person and time.
    pub used: Vec<Used>,
    /// When people wrote to somebody.
    pub wrote: BTreeMap<Who, Vec<Millis>>,
    /// When steps were done.
    pub done: BTreeMap<AccountId, Vec<(StepId, Millis)>>,
}
