//! What most of the console's questions say: which site, and in which language things are named.

use protocol::{Flow, SiteKey};
use serde::Deserialize;
use store::Site;

use crate::app::App;
use crate::http::Refusal;

/// A question about the newest flow of a site.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    site: SiteKey,
    /// A BCP 47 tag.
    #[serde(default)]
    pub locale: String,
}

impl Question {
    /// The site with its newest flow; none when it has published none.
    ///
    /// # Errors
    /// `NotFound` when there is no such site.
    pub async fn flow(&self, app: &App) -> Result<Option<(Site, Flow)>, Refusal> {
        let site = app.store.site(&self.site).await?.ok_or(Refusal::NotFound)?;
        Ok(app.newest_flow(site.id, None).await?.map(|flow| (site, flow)))
    }
}
