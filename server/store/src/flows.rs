//! Flows: what product teams publish, version by version.

use async_trait::async_trait;
use protocol::Millis;
use protocol::files::Flow;
use protocol::ids::EventId;

use crate::{Result, SiteId};

/// One published version of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowVersion {
    /// The flow, with its version.
    pub flow: Flow,
    /// The file that it was read from.
    pub source: String,
    /// When it was published.
    pub published: Millis,
    /// The journal record of its publication.
    pub id: EventId,
}

/// The result of publishing a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishOutcome {
    /// There is a new version.
    New(u32),
    /// The newest version was made from this very file.
    Unchanged(u32),
}

/// Published flows of a site.
#[async_trait]
pub trait Flows: Send + Sync {
    /// Publishes a flow as its next version; publishing the same file twice makes one version.
    async fn publish_flow(&self, site: SiteId, version: FlowVersion) -> Result<PublishOutcome>;
    /// Returns every version of every flow of a site, the oldest first.
    async fn flow_versions(&self, site: SiteId) -> Result<Vec<FlowVersion>>;
    /// Returns the newest version of every flow of a site, the one that was published last first.
    async fn newest_flows(&self, site: SiteId) -> Result<Vec<Flow>>;
}
