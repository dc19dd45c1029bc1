//! Requests for the reports of a site.

use gloo_net::http::Request;
use protocol::console::{
    ClipReport, FunnelAccounts, FunnelFate, FunnelMode, FunnelReport, HelpReport, IntegrationReport,
    SnoozedStep, SurveyReport,
};
use serde::de::DeserializeOwned;

use super::Site;
use super::error::ApiError;
use super::request::fetch;

/// Returns the funnel of the newest flow; none when the site has published no flow.
pub async fn journey(site: &Site, mode: FunnelMode) -> Result<Option<FunnelReport>, ApiError> {
    let query = [("site", &*site.key), ("mode", mode_word(mode)), ("locale", site.locale)];
    fetch(Request::get("/api/journey").query(query)).await
}

/// Returns the accounts behind one part of a bar; `bar` is the kind of the bar (`step`, `stage`, or anything else for
/// the entry) with its id.
pub async fn funnel_accounts(
    site: &Site,
    mode: FunnelMode,
    bar: (&str, &str),
    fate: FunnelFate,
) -> Result<FunnelAccounts, ApiError> {
    let fate = match fate {
        FunnelFate::Converted => "converted",
        FunnelFate::InProgress => "in_progress",
        FunnelFate::Dropped => "dropped",
    };
    let query = [("site", &*site.key), ("mode", mode_word(mode)), ("fate", fate), bar];
    fetch(Request::get("/api/journey/accounts").query(query)).await
}

fn mode_word(mode: FunnelMode) -> &'static str {
    match mode {
        FunnelMode::First => "first",
        FunnelMode::Latest => "latest",
        FunnelMode::Best => "best",
    }
}

/// Returns the snoozed steps, the next to resume first.
pub async fn snoozed(site: &Site) -> Result<Vec<SnoozedStep>, ApiError> {
    report("/api/postponed", site).await
}

/// Returns the answers to surveys, stage by stage.
pub async fn surveys(site: &Site) -> Result<SurveyReport, ApiError> {
    report("/api/feelings", site).await
}

/// Returns who watched which clip, and whether that helped.
pub async fn clips(site: &Site) -> Result<Vec<ClipReport>, ApiError> {
    report("/api/clips", site).await
}

/// Returns how many people help solved it for, without an agent.
pub async fn help(site: &Site) -> Result<HelpReport, ApiError> {
    report("/api/help", site).await
}

/// Returns what works of embedding the widget, and what was refused.
pub async fn integration(site: &Site) -> Result<IntegrationReport, ApiError> {
    report("/api/integration", site).await
}

/// Returns the address of the feed that says when a report of the site may have changed.
pub fn live(site: &Site) -> String {
    ["/api/live?site=", &site.key].concat()
}

async fn report<T: DeserializeOwned>(path: &str, site: &Site) -> Result<T, ApiError> {
    fetch(Request::get(path).query([("site", &*site.key), ("locale", site.locale)])).await
}
