//! What is remembered of who got in: an append-only log, and browsers in which operators were signed in before.

use async_trait::async_trait;
use protocol::Millis;
use protocol::console::SecurityKind;

use crate::{Result, SiteId, VisibleSites};

/// Something that happened to access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// When.
    pub at: Millis,
    /// What.
    pub kind: SecurityKind,
    /// Who did it: an operator's address, `cli` or `backend`; empty for a stranger.
    pub by: String,
    /// The site that it is about.
    pub site: Option<SiteId>,
    /// What it is about.
    pub about: String,
    /// How often.
    pub count: u64,
}

/// The security log, and known browsers.
#[async_trait]
pub trait SecurityLog: Send + Sync {
    /// Adds an event; none is ever changed.
    async fn add_security_event(&self, event: SecurityEvent) -> Result<()>;
    /// Returns events with their numbers, the newest first: those before a number, at these sites; those that are about no
    /// site belong to who sees every one.
    async fn security_events(
        &self,
        sites: VisibleSites,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<(i64, SecurityEvent)>>;
    /// Remembers a browser in which an operator has signed in, by the SHA-256 of its cookie.
    async fn add_known_browser(&self, hash: [u8; 32], email: &str, at: Millis) -> Result<()>;
    /// Whether an operator was signed in before in the browser with this cookie.
    async fn is_known_browser(&self, hash: [u8; 32], email: &str) -> Result<bool>;
    /// Deletes events and browsers that are older than these times.
    async fn forget_security(&self, events: Millis, browsers: Millis) -> Result<()>;
}
