//! When customer success answers: the support file in force, its hours, and how soon answers came lately.

use std::sync::{Arc, PoisonError, RwLock};

use journey::support::hours::{FirstResponse, History, TeamSchedules, median_minutes};
use protocol::chat::{SupportHours, TeamHours};
use protocol::files::SupportFile;
use protocol::{DAY, Millis};
use store::{SiteId, Store};

use super::versions::Versions;
use crate::clock::Clock;
use crate::http::Refusal;

/// First answers of this long ago and later are measured: four weeks, in milliseconds.
const SAMPLE_WINDOW: Millis = 28 * DAY;
/// Cache lifetime of measured response times, in milliseconds.
const CACHE_TTL: Millis = 60 * 1000;

/// The support files of all sites and what follows from them.
pub struct SupportConfigs {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    configs: Versions<Arc<SupportConfig>>,
}

/// What a site has published about its support.
#[derive(Default)]
pub struct SupportConfig {
    /// The newest file.
    pub file: SupportFile,
    /// The hours of every version: what was promised earlier is judged by what was in force then.
    pub hours: TeamSchedules,
    /// When response times were measured, and what they were.
    measured: RwLock<(Millis, ResponseTimes)>,
}

/// Median minutes until the first answer: of questions that belong to no team, and of each team's.
type ResponseTimes = Arc<(Option<u32>, Vec<Option<u32>>)>;

impl SupportConfigs {
    /// The support files of `store`, read by the clock's time.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, configs: Versions::default() }
    }

    /// Returns what a site has published; an empty file where it has published nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn config(&self, site: SiteId) -> Result<Arc<SupportConfig>, Refusal> {
        self.configs.get(site, self.read(site)).await
    }

    /// Publishes a support file that counts from now on; false when it is the one in force.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn publish(&self, site: SiteId, file: SupportFile) -> Result<bool, Refusal> {
        let published = self.store.publish_support_file(site, self.clock.now(), file).await;
        // Even a publication whose outcome is unknown may have happened.
        self.configs.forget(site);
        Ok(published?)
    }

    /// Returns the hours of a site and of each of its teams; none where nothing is published.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn now(&self, site: SiteId) -> Result<(Option<SupportHours>, Vec<TeamHours>), Refusal> {
        let config = self.config(site).await?;
        let now = self.clock.now();
        let times = self.response_times(site, &config, now).await?;
        // While response times are measured for the first time, none is known.
        let of_teams = times.1.iter().copied().chain(std::iter::repeat(None));
        let teams = config.hours.teams().iter().zip(of_teams);
        let teams = teams.filter_map(|((team, history), time)| {
            Some(TeamHours { steps: team.steps.clone(), hours: hours(history, time, now)? })
        });
        Ok((hours(config.hours.site(), times.0, now), teams.collect()))
    }

    async fn read(&self, site: SiteId) -> Result<Arc<SupportConfig>, Refusal> {
        let versions = self.store.support_files(site).await?;
        let file = versions.last().map(|(_, file)| file.clone()).unwrap_or_default();
        let measured = RwLock::new((Millis::MIN, ResponseTimes::default()));
        Ok(Arc::new(SupportConfig { file, hours: TeamSchedules::new(&versions), measured }))
    }

    async fn response_times(
        &self,
        site: SiteId,
        config: &SupportConfig,
        now: Millis,
    ) -> Result<ResponseTimes, Refusal> {
        if config.hours.site().now().is_none() {
            return Ok(ResponseTimes::default());
        }
        let (at, known) = config.measured.read().unwrap_or_else(PoisonError::into_inner).clone();
        if (at..at.saturating_add(CACHE_TTL)).contains(&now) {
            return Ok(known);
        }
        // One request measures; those that come meanwhile get what was measured before.
        *config.measured.write().unwrap_or_else(PoisonError::into_inner) = (now, known);
        let waits = self.store.first_response_times(site, now - SAMPLE_WINDOW).await?;
        let of = |place: Option<usize>| -> Vec<&FirstResponse> {
            waits.iter().filter(|wait| config.hours.place(wait.step.as_ref()) == place).collect()
        };
        let teams = config.hours.teams().iter().enumerate();
        let times = Arc::new((
            median_minutes(&of(None), config.hours.site(), now),
            teams.map(|(place, (_, history))| median_minutes(&of(Some(place)), history, now)).collect(),
        ));
        *config.measured.write().unwrap_or_else(PoisonError::into_inner) = (now, Arc::clone(&times));
        Ok(times)
    }
}

/// Returns what a schedule promises now; none where it has no hours.
fn hours(history: &History, answers: Option<u32>, now: Millis) -> Option<SupportHours> {
    let calendar = history.now().filter(|calendar| !calendar.is_empty())?;
    let until = calendar.open_until(now);
    Some(SupportHours {
        open_until: until,
        opens_at: calendar.next_opening(now),
        response_minutes: answers.filter(|_| until.is_some()),
        callback_due: calendar.call_due(now),
        callback_windows: calendar.call_slots(now),
    })
}
