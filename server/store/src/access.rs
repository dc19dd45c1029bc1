//! Who may open the console, and what of it.

use async_trait::async_trait;
use protocol::Millis;

use crate::SiteId;
use crate::store::Result;

/// Which sites somebody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grant {
    /// Every site, those that are added later among them.
    #[default]
    All,
    /// These.
    Sites(Vec<SiteId>),
}

impl Grant {
    /// Whether a site is among them.
    pub fn allows(&self, site: SiteId) -> bool {
        match self {
            Self::All => true,
            Self::Sites(sites) => sites.contains(&site),
        }
    }
}

/// Codes of an authenticator (RFC 6238) that are asked for beside the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// What both sides know, in Base32.
    pub secret: String,
    /// Whether a code was given once, so that it is asked for from then on.
    pub on: bool,
}

/// Somebody who may open the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Lower case; unique.
    pub email: String,
    /// A PHC string (argon2id).
    pub password: String,
    /// What they see.
    pub grant: Grant,
    /// Their second factor, when they have one.
    pub second: Option<SecondFactor>,
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Who.
    pub email: String,
    /// When they signed in.
    pub created: Millis,
    /// When the browser was last used.
    pub used: Millis,
    /// What the browser says that it is.
    pub browser: String,
}

/// What became of a one-time link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The operator is added, or has another password and no second factor.
    Done,
    /// There is no such link any more.
    Dead,
    /// The address is another's: somebody has it, or the link is for somebody else. The link still waits.
    Taken,
}

/// The part of a store that knows operators.
#[async_trait]
pub trait AccessStore {
    /// Remembers a one-time link by the SHA-256 of its secret, with what it gives; `email` is whom it is for, if it
    /// is for somebody.
    async fn add_link(
        &self,
        hash: [u8; 32],
        grant: Grant,
        email: Option<String>,
        expires: Millis,
    ) -> Result<()>;
    /// Whether such a link is waiting; it stays.
    async fn link(&self, hash: [u8; 32], now: Millis) -> Result<bool>;
    /// Uses up a link, and adds an operator or gives one another password. Whoever was signed in is not any more.
    async fn redeem(&self, hash: [u8; 32], email: &str, password: &str, now: Millis) -> Result<Redeemed>;
    /// The operator of this address.
    async fn operator(&self, email: &str) -> Result<Option<Operator>>;
    /// Every operator, by address.
    async fn operators(&self) -> Result<Vec<Operator>>;
    /// Changes what an operator sees; false when there is none.
    async fn grant(&self, email: &str, grant: Grant) -> Result<bool>;
    /// Removes an operator and signs them out; false when there is none.
    async fn remove_operator(&self, email: &str) -> Result<bool>;
    /// Gives an operator a second factor, or takes it away.
    async fn set_second(&self, email: &str, second: Option<SecondFactor>) -> Result<()>;
    /// Uses up a code by its number in time; false when this or a later one was used before.
    async fn use_code(&self, email: &str, number: u64) -> Result<bool>;
    /// Remembers a signed-in browser by the SHA-256 of its cookie.
    async fn add_session(&self, hash: [u8; 32], session: SessionRow) -> Result<()>;
    /// The signed-in browser of this cookie, with what its operator sees now.
    async fn session(&self, hash: [u8; 32]) -> Result<Option<(SessionRow, Grant)>>;
    /// Every browser in which somebody is signed in, the last used first.
    async fn sessions(&self, email: &str) -> Result<Vec<([u8; 32], SessionRow)>>;
    /// Notes that a signed-in browser was used.
    async fn note_use(&self, hash: [u8; 32], now: Millis) -> Result<()>;
    /// Signs a browser out.
    async fn end_session(&self, hash: [u8; 32]) -> Result<()>;
}
