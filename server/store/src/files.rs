//! Files beside messages, as a store knows them; their bytes are the collector's to keep.

use async_trait::async_trait;
use protocol::{ConversationId, EventId, File, Millis};

use crate::store::Result;
use crate::{Party, SiteId, Visitor};

/// Who brought a file: nobody else can say it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A customer.
    Visitor(Visitor),
    /// An agent of a site, by e-mail address.
    Agent(SiteId, String),
}

impl Owner {
    /// The site.
    pub fn site(&self) -> SiteId {
        match self {
            Self::Visitor(visitor) => visitor.site,
            Self::Agent(site, _) => *site,
        }
    }

    /// A name for it that no other owner of the site has; ids have no control characters.
    pub fn name(&self) -> String {
        match self {
            Self::Visitor(Visitor { account, user, .. }) => format!("visitor\n{account}\n{user}"),
            Self::Agent(_, email) => format!("agent\n{email}"),
        }
    }
}

/// A file that somebody brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Made by whoever brings it.
    pub id: EventId,
    /// What it is called.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was begun.
    pub created: Millis,
}

/// What may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Bytes of a site.
    pub site: u64,
    /// Of them, those of people whom no token vouches for.
    pub guests: u64,
    /// Bytes that one owner brings since a time.
    pub owner: u64,
    /// See [`Quota::owner`].
    pub since: Millis,
    /// Files of one owner that are not sent yet.
    pub unsent: u64,
}

/// What becomes of a wish to bring a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It can be brought.
    Open,
    /// It was brought already.
    Whole(File),
    /// Another file has this id.
    Conflict,
    /// There is no room for it.
    Full,
}

/// The part of a store that knows files.
#[async_trait]
pub trait FileStore {
    /// Notes that somebody brings a file; the same one again is no other.
    async fn begin_file(&self, owner: Owner, file: NewFile, quota: Quota) -> Result<Begun>;
    /// A file that is being brought; none when there is no such, or it is whole.
    async fn open_file(&self, site: SiteId, id: EventId) -> Result<Option<NewFile>>;
    /// It is whole: its kind is known, and its name and size may differ from what was said before.
    async fn finish_file(&self, site: SiteId, file: File) -> Result<()>;
    /// It cannot be kept.
    async fn drop_file(&self, site: SiteId, id: EventId) -> Result<()>;
    /// A file that was sent in a conversation; none when either is not there for them.
    async fn file(&self, party: &Party, c: ConversationId, id: EventId) -> Result<Option<File>>;
    /// Forgets files that were begun before `open` and are not whole, and those that were before `unsent` and were
    /// never sent.
    async fn forget_files(&self, site: SiteId, open: Millis, unsent: Millis) -> Result<()>;
    /// Every file that the store knows of a site, and whether it is whole.
    async fn files(&self, site: SiteId) -> Result<Vec<(EventId, bool)>>;
}
