//! The desk: when somebody answers. `PUT /v1/desk` publishes a file of it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use journey::support::hours::{Calendar, FirstResponse, History, TeamSchedules, median_minutes};
use protocol::Millis;
use protocol::files::SupportFile;
use protocol::widget::{SupportHours, TeamHours};
use serde::{Deserialize, Serialize};
use store::{SiteId, Store};

use crate::app::{App, Parts};
use crate::http::{self, Refusal};

/// How far back answers are measured: four weeks.
const MEASURED: Millis = 28 * 24 * 60 * 60 * 1000;
/// How long a measure is believed.
const BELIEVED: Millis = 60 * 1000;

/// What was published of every site, read once.
#[derive(Default)]
pub struct Desks {
    known: RwLock<HashMap<SiteId, Arc<Desk>>>,
    /// Counts what was published, so that what was read before is not remembered after it.
    published: AtomicU64,
}

/// What a site has published.
#[derive(Default)]
pub struct Desk {
    /// The newest file.
    pub file: SupportFile,
    /// Every version's hours.
    pub hours: TeamSchedules,
    /// What was measured, and when: of the desk, and of each team.
    answers: RwLock<(Millis, Answers)>,
}

/// How soon somebody answers, in minutes: of the desk's own questions, and of each team's.
type Answers = Arc<(Option<u32>, Vec<Option<u32>>)>;

impl Desks {
    /// A site's desk; an empty one where nothing is published.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(&self, store: &dyn Store, site: SiteId) -> Result<Arc<Desk>, Refusal> {
        if let Some(desk) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&site) {
            return Ok(Arc::clone(desk));
        }
        let before = self.published.load(Ordering::Acquire);
        let versions = store.support_files(site).await?;
        let file = versions.last().map(|(_, file)| file.clone()).unwrap_or_default();
        let hours = TeamSchedules::new(&versions);
        let desk = Arc::new(Desk { file, hours, answers: RwLock::new((Millis::MIN, Answers::default())) });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.published.load(Ordering::Acquire) == before {
            known.insert(site, Arc::clone(&desk));
        }
        Ok(desk)
    }

    fn forget(&self, site: SiteId) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.published.fetch_add(1, Ordering::Release);
        known.remove(&site);
    }
}

impl Parts {
    /// A site's desk.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn desk(&self, site: SiteId) -> Result<Arc<Desk>, Refusal> {
        self.desks.of(&*self.store, site).await
    }

    /// When somebody answers there, and when somebody of each team does; none where nothing is published.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn hours(&self, site: SiteId) -> Result<(Option<SupportHours>, Vec<TeamHours>), Refusal> {
        let desk = self.desk(site).await?;
        let now = self.clock.now();
        let answers = self.answers(site, &desk, now).await?;
        // While it is measured for the first time nothing is known.
        let measured = answers.1.iter().copied().chain(std::iter::repeat(None));
        let teams = desk.hours.teams().iter().zip(measured);
        let teams = teams.filter_map(|((team, history), answers)| {
            Some(TeamHours { steps: team.steps.clone(), hours: hours(history, answers, now)? })
        });
        Ok((hours(desk.hours.site(), answers.0, now), teams.collect()))
    }

    async fn answers(&self, site: SiteId, desk: &Desk, now: Millis) -> Result<Answers, Refusal> {
        if desk.hours.site().now().is_none() {
            return Ok(Answers::default());
        }
        let (at, known) = desk.answers.read().unwrap_or_else(PoisonError::into_inner).clone();
        if (at..at.saturating_add(BELIEVED)).contains(&now) {
            return Ok(known);
        }
        // One measures; whoever comes meanwhile is told what was known.
        *desk.answers.write().unwrap_or_else(PoisonError::into_inner) = (now, known);
        let waits = self.store.first_response_times(site, now - MEASURED).await?;
        let of = |place: Option<usize>| -> Vec<&FirstResponse> {
            waits.iter().filter(|wait| desk.hours.place(wait.step.as_ref()) == place).collect()
        };
        let teams = desk.hours.teams().iter().enumerate();
        let measured = Arc::new((
            median_minutes(&of(None), desk.hours.site(), now),
            teams.map(|(place, (_, history))| median_minutes(&of(Some(place)), history, now)).collect(),
        ));
        *desk.answers.write().unwrap_or_else(PoisonError::into_inner) = (now, Arc::clone(&measured));
        Ok(measured)
    }
}

/// What is promised now; none where nobody is ever there.
fn hours(history: &History, answers: Option<u32>, now: Millis) -> Option<SupportHours> {
    let calendar = history.now().filter(|calendar| !calendar.is_empty())?;
    let until = calendar.open_until(now);
    Some(SupportHours {
        until,
        opens: calendar.next_opening(now),
        answers: answers.filter(|_| until.is_some()),
        call_by: calendar.call_due(now),
        calls: calendar.call_slots(now),
    })
}

/// What publishing did.
#[derive(Debug, Serialize, Deserialize)]
pub struct PublishedDesk {
    /// False when this very file was published last.
    pub new: bool,
}

/// Publishes the desk in the body, from now on.
///
/// # Errors
/// `BrokenDesk` with every mistake; nothing is published then.
pub async fn put(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PublishedDesk>, Refusal> {
    let site = app.sites.by_secret_key(&headers).await?;
    let file: SupportFile = http::read_json(&headers, body).await?;
    Calendar::parse(&file).map_err(|wrong| Refusal::BrokenDesk(wrong.join("\n")))?;
    let new = app.store.publish_support_file(site.id, app.clock.now(), file).await?;
    app.desks.forget(site.id);
    Ok(Json(PublishedDesk { new }))
}
