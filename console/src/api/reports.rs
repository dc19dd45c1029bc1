//! Requests for the reports of a site.

use gloo_net::http::Request;
use protocol::console::{
    ClipReport, CountedAccounts, FunnelMode, FunnelReport, HelpReport, IntegrationReport, QuarantinedRecord,
    SnoozedStep, SurveyReport,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Site;
use super::error::ApiError;
use super::request::fetch;

/// Returns the funnel of the newest flow; none when the site has published no flow.
pub async fn journey(site: &Site, mode: FunnelMode) -> Result<Option<FunnelReport>, ApiError> {
    let query = [("site", &*site.key), ("mode", &word(&mode)), ("locale", site.locale)];
    fetch(Request::get("api/journey").query(query)).await
}

/// Returns the snoozed steps, the next to resume first.
pub async fn snoozed(site: &Site) -> Result<Vec<SnoozedStep>, ApiError> {
    report("api/postponed", site).await
}

/// Returns the answers to surveys, stage by stage.
pub async fn surveys(site: &Site) -> Result<SurveyReport, ApiError> {
    report("api/feelings", site).await
}

/// Returns who watched which clip, and whether that helped.
pub async fn clips(site: &Site) -> Result<Vec<ClipReport>, ApiError> {
    report("api/clips", site).await
}

/// Returns how many people help solved it for, without an agent.
pub async fn help(site: &Site) -> Result<HelpReport, ApiError> {
    report("api/help", site).await
}

/// Returns what works of embedding the widget, and what was refused.
pub async fn integration(site: &Site) -> Result<IntegrationReport, ApiError> {
    report("api/integration", site).await
}

/// Returns the newest records that are kept and count for nothing.
pub async fn quarantine(site: &Site) -> Result<Vec<QuarantinedRecord>, ApiError> {
    report("api/quarantine", site).await
}

/// A count of a report: the report's path, and what of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CountQuery {
    path: &'static str,
    query: Vec<(&'static str, String)>,
}

impl CountQuery {
    /// A count of the report at this path.
    pub fn of(path: &'static str) -> Self {
        Self { path, query: Vec::new() }
    }

    /// Adds what of it is asked for: a word of the protocol, an id or a number.
    pub fn with(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.query.push((name, word(value)));
        self
    }
}

/// Returns those who are behind a count.
pub async fn counted(
    site: &Site,
    CountQuery { path, query }: &CountQuery,
) -> Result<CountedAccounts, ApiError> {
    let query = query.iter().map(|(name, value)| (*name, value.as_str()));
    let path = [path, "/accounts"].concat();
    fetch(Request::get(&path).query(query.chain([("site", &*site.key)]))).await
}

/// Returns a value as it stands in an address.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// Returns the address of the feed that says when a report of the site may have changed.
pub fn live(site: &Site) -> String {
    ["api/live?site=", &site.key].concat()
}

async fn report<T: DeserializeOwned>(path: &str, site: &Site) -> Result<T, ApiError> {
    fetch(Request::get(path).query([("site", &*site.key), ("locale", site.locale)])).await
}
