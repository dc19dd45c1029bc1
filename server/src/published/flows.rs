//! The newest flows of each site.

use std::sync::Arc;

use protocol::files::Flow;
use store::{FlowVersion, PublishOutcome, SiteId, Store};

use super::versions::Versions;
use crate::http::Refusal;

/// The flows that sites have published.
pub struct Flows {
    store: Arc<dyn Store>,
    newest: Versions<Arc<Vec<Arc<Flow>>>>,
}

impl Flows {
    /// The flows of `store`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, newest: Versions::default() }
    }

    /// Returns the newest version of a site's flow; of the flow that was published last when none is named.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn newest(&self, site: SiteId, name: Option<&str>) -> Result<Option<Arc<Flow>>, Refusal> {
        let newest = self.newest.get(site, self.read(site)).await?;
        Ok(newest.iter().find(|flow| name.is_none_or(|name| flow.name == name)).cloned())
    }

    /// Publishes a flow as its next version.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn publish(&self, site: SiteId, row: FlowVersion) -> Result<PublishOutcome, Refusal> {
        let published = self.store.publish_flow(site, row).await;
        // Even a publication whose outcome is unknown may have happened.
        self.newest.forget(site);
        Ok(published?)
    }

    async fn read(&self, site: SiteId) -> Result<Arc<Vec<Arc<Flow>>>, Refusal> {
        let newest = self.store.newest_flows(site).await?;
        Ok(Arc::new(newest.into_iter().map(Arc::new).collect()))
    }
}
