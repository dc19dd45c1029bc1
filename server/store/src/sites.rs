//! Sites: the products that embed the widget.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::SiteKey;

use crate::Result;

/// A site's number inside this store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub i64);

/// A product that embeds the widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its number.
    pub id: SiteId,
    /// Its settings.
    pub settings: NewSite,
    /// What was replaced a while ago and still counts.
    pub previous: PreviousKeys,
}

/// Keys that were replaced, each with the time until which it counts beside the new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviousKeys {
    /// SHA-256 of the secret key.
    pub secret_hash: Option<([u8; 32], Millis)>,
    /// The secret that signed identity tokens.
    pub identity_secret: Option<(String, Millis)>,
    /// The public key that verified identity tokens, as PEM.
    pub identity_key: Option<(String, Millis)>,
    /// The secret behind what the collector itself signs.
    pub signing_secret: Option<(String, Millis)>,
}

impl PreviousKeys {
    /// Returns the secret that signed identity tokens, as long as it counts.
    pub fn identity_secret(&self, now: Millis) -> Option<&str> {
        as_long_as_it_counts(&self.identity_secret, now)
    }

    /// Returns the public key that verified identity tokens, as long as it counts.
    pub fn identity_key(&self, now: Millis) -> Option<&str> {
        as_long_as_it_counts(&self.identity_key, now)
    }

    /// Returns the secret behind what the collector itself signed, as long as it counts.
    pub fn signing_secret(&self, now: Millis) -> Option<&str> {
        as_long_as_it_counts(&self.signing_secret, now)
    }
}

fn as_long_as_it_counts(key: &Option<(String, Millis)>, now: Millis) -> Option<&str> {
    key.as_ref().filter(|(_, until)| now < *until).map(|(key, _)| key.as_str())
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
    /// The name that operators give it; unique.
    pub name: String,
    /// The key in the script tag; made by the caller.
    pub public_key: SiteKey,
    /// SHA-256 of the secret key.
    pub secret_hash: [u8; 32],
    /// Signs identity tokens (HS256), unless there is a public key; made by the caller.
    pub identity_secret: String,
    /// Verifies identity tokens signed with EdDSA, as PEM, when the host signs so.
    pub identity_key: Option<String>,
    /// What the keys are derived from with which the collector itself signs; the host does not have it. Made by the
    /// caller.
    pub signing_secret: String,
    /// Pages of these origins may use the public key: `scheme://host[:port]`, at least one.
    pub origins: Vec<String>,
    /// Whether visitors without a token are turned away.
    pub verified_only: bool,
}

/// Sites by their keys.
#[async_trait]
pub trait Sites: Send + Sync {
    /// Adds a site.
    async fn add_site(&self, site: NewSite) -> Result<SiteId>;
    /// Changes a site's name, keys, origins and rules; what it has collected stays.
    async fn update_site(&self, site: Site) -> Result<()>;
    /// Removes a site with everything that it has collected: conversations, reports, flows, and what its records in
    /// the journal say. Its number is never used again.
    async fn remove_site(&self, site: SiteId) -> Result<()>;
    /// Returns every site, the oldest first.
    async fn sites(&self) -> Result<Vec<Site>>;
    /// Returns a number that grows whenever a site is added, changed or removed, by whatever process. While it stays the
    /// same, what was read of sites is current.
    async fn sites_version(&self) -> Result<i64>;
    /// Returns the site of a public key.
    async fn site_by_public_key(&self, key: &SiteKey) -> Result<Option<Site>>;
    /// Returns the site whose secret key has this SHA-256; the oldest when several have it.
    async fn site_by_secret_hash(&self, hash: [u8; 32]) -> Result<Option<Site>>;
}
