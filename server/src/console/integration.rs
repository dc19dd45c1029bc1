//! `GET /api/integration`: what works of embedding a site, and what was refused. The page asks again and again while
//! it is open.

use axum::Json;
use axum::extract::State;
use protocol::console::{
    DropReason, IntakeReport, IntegrationReport, QuarantineReason, RefusedRequest, SeenFact, SeenPage,
    SeenPerson,
};
use protocol::{DAY, Millis};
use store::{Arrived, Grant, RefusedRequests, Seen, Sighting, Site, SiteId, VisibleSites};

use crate::app::integration::remedy;
use crate::app::{App, AppInner};
use crate::auth::SiteAccess;
use crate::http::Refusal;

/// Returns how far the integration is.
///
/// # Errors
/// When the store does not answer.
pub async fn get(
    State(app): State<App>,
    SiteAccess { signed, site }: SiteAccess,
) -> Result<Json<IntegrationReport>, Refusal> {
    let flow = app.flows.newest(site.id, None).await?;
    let operators = app.store.operators().await?;
    let mut report = IntegrationReport {
        site: site.name.clone(),
        collector: app.config.public_url.clone(),
        origins: site.origins.clone(),
        flow: flow.map(|flow| flow.reference()),
        operators: operators.iter().filter(|one| one.grant.allows(site.id)).count() as u64,
        refused: refused(&app, &site, &signed.grant).await?,
        intake: intake(&app, site.id).await?,
        quarantine: quarantine(&app, site.id).await?,
        ..IntegrationReport::default()
    };
    for seen in app.store.sightings(site.id).await? {
        add(&mut report, seen);
    }
    Ok(Json(report))
}

/// How far back visits are counted: a week.
const COUNTED: Millis = 7 * DAY;
/// How long what is missing of a visit may still come.
const PENDING: Millis = DAY;

async fn intake(app: &AppInner, site: SiteId) -> Result<IntakeReport, Refusal> {
    let now = app.clock.now();
    let Arrived { tracked, stored, quarantined, pending, dropped } =
        app.store.arrived(site, now - COUNTED, now - PENDING).await?;
    let lost: u64 = dropped.iter().map(|(_, n)| n).sum();
    let missing = tracked.saturating_sub(stored + quarantined + pending + lost);
    let dropped = dropped.into_iter().map(|(reason, n)| DropReason { reason, n }).collect();
    Ok(IntakeReport { since: now - COUNTED, tracked, stored, quarantined, dropped, pending, missing })
}

async fn quarantine(app: &AppInner, site: SiteId) -> Result<Vec<QuarantineReason>, Refusal> {
    let reasons = app.store.quarantine_reasons(site).await?.into_iter();
    Ok(reasons.map(|one| QuarantineReason { reason: one.reason, n: one.n, at: one.last }).collect())
}

fn add(report: &mut IntegrationReport, Seen { sighting, last: at, .. }: Seen) {
    match sighting {
        Sighting::Page { origin } => report.pages.push(SeenPage { origin, at }),
        Sighting::Person { user, account } => report.person = Some(SeenPerson { user, account, at }),
        Sighting::Fact { name, account } => report.fact = Some(SeenFact { name, account, at }),
    }
}

/// Returns what the site refused, and what named no site: from the site's own pages, or from anywhere for operators
/// who see every site.
async fn refused(app: &AppInner, site: &Site, grant: &Grant) -> Result<Vec<RefusedRequest>, Refusal> {
    let mut all = app.store.refused_requests(Some(site.id)).await?;
    let nameless = app.store.refused_requests(None).await?.into_iter().filter(|one| {
        grant.sites == VisibleSites::All
            || one.origin.as_ref().is_some_and(|origin| site.origins.contains(origin))
    });
    all.extend(nameless);
    all.sort_by_key(|one| std::cmp::Reverse(one.times.1));
    Ok(all.into_iter().map(|one| shown(site, one)).collect())
}

fn shown(site: &Site, one: RefusedRequests) -> RefusedRequest {
    let remedy = remedy(&site.name, &one);
    let RefusedRequests { tag, origin, message, times: (_, at), count } = one;
    RefusedRequest { tag, origin, message, remedy, at, count }
}
