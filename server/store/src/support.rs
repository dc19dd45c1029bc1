//! Support: the published support files (hours, teams, goals), and which customers wait for an answer.

use async_trait::async_trait;
use journey::support::hours::FirstResponse;
use protocol::Millis;
use protocol::files::SupportFile;
use protocol::ids::{ConversationId, StepId};
use protocol::stored::ConversationState;

use crate::{Result, SiteId, Visitor};

/// A conversation in which a customer waits for an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Unanswered {
    /// The conversation.
    pub id: ConversationId,
    /// The customer.
    pub visitor: Visitor,
    /// The step that they were at.
    pub step: Option<StepId>,
    /// The number of the last entry of its public log.
    pub head: u64,
    /// The conversation's state.
    pub state: ConversationState,
}

/// Support files and waiting customers of a site.
#[async_trait]
pub trait Support: Send + Sync {
    /// Publishes a support file, in force from `since` on; returns false when it equals the newest one.
    async fn publish_support_file(&self, site: SiteId, since: Millis, file: SupportFile) -> Result<bool>;
    /// Returns every published support file with the moment from which it is in force, the oldest first.
    async fn support_files(&self, site: SiteId) -> Result<Vec<(Millis, SupportFile)>>;
    /// Returns the newest support file and the moment from which it is in force. The moment names the version: it
    /// grows with every publication.
    async fn support_file(&self, site: SiteId) -> Result<Option<(Millis, SupportFile)>>;
    /// Returns the conversations in which a customer waits for an answer.
    async fn unanswered(&self, site: SiteId) -> Result<Vec<Unanswered>>;
    /// Returns in how many conversations a customer waits for an answer, and since when the first of them does.
    async fn count_unanswered(&self, site: SiteId) -> Result<(u64, Option<Millis>)>;
    /// Returns how long first responses took in conversations that began after `since`, and which customers wait
    /// for one now.
    async fn first_response_times(&self, site: SiteId, since: Millis) -> Result<Vec<FirstResponse>>;
    /// Returns how many open conversations each agent has; agents without any are left out.
    async fn open_per_agent(&self, site: SiteId) -> Result<Vec<(String, u64)>>;
}
