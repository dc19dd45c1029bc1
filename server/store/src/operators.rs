//! Operators: who may open the console, for which sites, and what they may do there.

use async_trait::async_trait;
use protocol::Millis;
use protocol::console::Role;

use crate::{Result, SiteId};

/// The sites that an operator sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisibleSites {
    /// Every site, including those that are added later.
    All,
    /// These sites.
    Only(Vec<SiteId>),
}

impl VisibleSites {
    /// Whether a site is among them.
    pub fn include(&self, site: SiteId) -> bool {
        match self {
            Self::All => true,
            Self::Only(sites) => sites.contains(&site),
        }
    }
}

/// What an operator may do, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub sites: VisibleSites,
    /// What.
    pub role: Role,
}

impl Grant {
    /// Everything, everywhere.
    pub const ALL: Self = Self { sites: VisibleSites::All, role: Role::Admin };

    /// An agent at these sites.
    pub fn of(sites: Vec<SiteId>) -> Self {
        Self { sites: VisibleSites::Only(sites), role: Role::Agent }
    }

    /// Whether it includes a site.
    pub fn allows(&self, site: SiteId) -> bool {
        self.sites.include(site)
    }
}

/// Codes of an authenticator (RFC 6238) that are asked for beside the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, in Base32.
    pub totp_secret: String,
    /// Whether a code was given once, so that one is asked for at each sign-in from then on.
    pub enabled: bool,
}

/// A person who may open the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// E-mail address in lower case; unique.
    pub email: String,
    /// The name by which customers and colleagues know them; empty until they give one.
    pub name: String,
    /// A PHC string (argon2id).
    pub password: String,
    /// What they may do.
    pub grant: Grant,
    /// Their second factor, when they have one.
    pub second_factor: Option<SecondFactor>,
}

/// The picture by which customers and colleagues know an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorPicture {
    /// A random name: another picture has another one.
    pub id: String,
    /// Its media type.
    pub kind: String,
    /// The file.
    pub content: Vec<u8>,
}

/// A browser in which an operator is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleSession {
    /// The operator's address.
    pub email: String,
    /// When they signed in.
    pub created: Millis,
    /// When the browser was last used.
    pub used: Millis,
    /// The browser's own description of itself.
    pub browser: String,
}

/// The result of using a one-time link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedeemOutcome {
    /// The operator is added, or has another password and no second factor.
    Redeemed,
    /// The link was used, has expired, or never existed.
    Expired,
    /// The address belongs to another operator, or the link is for another address. The link stays usable.
    EmailTaken,
}

/// Operators, their one-time links and their sessions.
#[async_trait]
pub trait Operators: Send + Sync {
    /// Stores a one-time link by the SHA-256 of its secret. With an `email` it is for that address only.
    async fn add_link(
        &self,
        hash: [u8; 32],
        grant: Grant,
        email: Option<String>,
        expires: Millis,
    ) -> Result<()>;
    /// Whether a link can be used; it stays usable.
    async fn is_link_valid(&self, hash: [u8; 32], now: Millis) -> Result<bool>;
    /// Uses up a link, and adds an operator or sets another password. Ends all sessions and other links of that operator.
    async fn redeem_link(
        &self,
        hash: [u8; 32],
        email: &str,
        password: &str,
        now: Millis,
    ) -> Result<RedeemOutcome>;
    /// Returns the operator of an address.
    async fn operator(&self, email: &str) -> Result<Option<Operator>>;
    /// Returns every operator, by address.
    async fn operators(&self) -> Result<Vec<Operator>>;
    /// Changes what an operator may do, and ends links that open what they could do before; returns false when there is
    /// no such operator.
    async fn set_grant(&self, email: &str, grant: Grant) -> Result<bool>;
    /// Changes the name of an operator.
    async fn set_operator_name(&self, email: &str, name: &str) -> Result<()>;
    /// Sets or removes the picture of an operator.
    async fn set_operator_picture(&self, email: &str, picture: Option<OperatorPicture>) -> Result<()>;
    /// Returns the picture of an operator.
    async fn operator_picture(&self, email: &str) -> Result<Option<OperatorPicture>>;
    /// Returns the ids of the pictures of the operators who see a site, with their addresses.
    async fn pictures_of_site(&self, site: SiteId) -> Result<Vec<(String, String)>>;
    /// Returns a picture by its id; none when its operator does not see this site.
    async fn picture_of_site(&self, site: SiteId, id: &str) -> Result<Option<OperatorPicture>>;
    /// Changes the password of an operator, and ends their sessions but the one with this hash.
    async fn set_password(&self, email: &str, password: &str, stays: [u8; 32]) -> Result<()>;
    /// Removes an operator with all sessions and links; returns false when there is no such operator.
    async fn remove_operator(&self, email: &str) -> Result<bool>;
    /// Sets or removes an operator's second factor. A secret that is not enabled yet never replaces one that is.
    async fn set_second_factor(&self, email: &str, second_factor: Option<SecondFactor>) -> Result<()>;
    /// Uses up a code by its number in time; returns false when this or a later one was used before.
    async fn use_totp_code(&self, email: &str, number: u64) -> Result<bool>;
    /// Stores a session by the SHA-256 of its cookie.
    async fn add_session(&self, hash: [u8; 32], session: ConsoleSession) -> Result<()>;
    /// Returns the session of a cookie, with what its operator may do now.
    async fn session(&self, hash: [u8; 32]) -> Result<Option<(ConsoleSession, Grant)>>;
    /// Returns every session of an operator, the last used first.
    async fn sessions(&self, email: &str) -> Result<Vec<([u8; 32], ConsoleSession)>>;
    /// Notes that a session was used.
    async fn touch_session(&self, hash: [u8; 32], now: Millis) -> Result<()>;
    /// Ends a session.
    async fn end_session(&self, hash: [u8; 32]) -> Result<()>;
    /// Deletes links that have expired, and sessions that were not used since `used` or begun before `begun`.
    async fn delete_expired_access(&self, now: Millis, used: Millis, begun: Millis) -> Result<()>;
}
