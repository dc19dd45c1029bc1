//! How far a product team is with embedding the widget: what was seen to work, and which requests were refused. The
//! newest of each kind is kept, so that neither a busy site nor a flood fills the disk.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::{AccountId, UserId};

use crate::{Result, SiteId};

/// Refused requests that are kept of one site; beyond that the oldest are forgotten.
pub const MAX_REFUSED: u64 = 20;

/// Something that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// The widget asked from a page of this origin.
    Page {
        /// The page's origin, which the site lists.
        origin: String,
    },
    /// The identity token of this person was accepted.
    Person {
        /// The person.
        user: UserId,
        /// Their account.
        account: AccountId,
    },
    /// The host's backend reported a fact.
    Fact {
        /// The fact's name.
        name: String,
        /// The account that it is about.
        account: AccountId,
    },
}

/// A sighting with its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The newest of its kind; of pages, the newest of each origin.
    pub sighting: Sighting,
    /// When one of its kind was seen for the first time.
    pub first: Millis,
    /// When this one was seen.
    pub last: Millis,
}

/// Requests that were refused with the same tag, from pages of the same origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRequests {
    /// The refusal's tag.
    pub tag: String,
    /// The page's origin; none when no page sent it.
    pub origin: Option<String>,
    /// The sentence that the newest one was answered with.
    pub message: String,
    /// When the first and the newest one came.
    pub times: (Millis, Millis),
    /// How many came, at least: a flood is not counted.
    pub count: u64,
}

/// What was seen of a site's integration.
#[async_trait]
pub trait Integrations: Send + Sync {
    /// Notes that something works.
    async fn note_sighting(&self, site: SiteId, sighting: Sighting, at: Millis) -> Result<()>;
    /// Returns what works: pages by origin, then the person, then the fact.
    async fn sightings(&self, site: SiteId) -> Result<Vec<Seen>>;
    /// Adds to the requests that were refused; none for requests that name no site.
    async fn note_refused(&self, site: Option<SiteId>, refused: RefusedRequests) -> Result<()>;
    /// Returns what was refused, the newest first.
    async fn refused_requests(&self, site: Option<SiteId>) -> Result<Vec<RefusedRequests>>;
}
