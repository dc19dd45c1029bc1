//! Clips: the videos behind them, and how far people watched.

use async_trait::async_trait;
use journey::reports::clips::Viewer;
use protocol::ids::{AccountId, StepId, UserId};
use protocol::stored::{Video, Watched};
use protocol::{Millis, SortedMap};

use crate::{Result, SiteId};

/// Videos of a site, and what was watched of them.
#[async_trait]
pub trait Clips: Send + Sync {
    /// Stores a clip's video, replacing the one that it had.
    async fn upsert_video(&self, site: SiteId, video: Video) -> Result<()>;
    /// Returns the videos of a site's clips.
    async fn videos(&self, site: SiteId) -> Result<Vec<Video>>;
    /// Returns how far a person watched the current video of each clip.
    async fn watched_clips(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<SortedMap<String, Watched>>;
    /// Returns everybody who watched the current video of a clip.
    async fn clip_viewers(&self, site: SiteId, clip: &str) -> Result<Vec<Viewer>>;
    /// Compares accounts that watched a clip with the others: of those that saw the step while it was open, how
    /// many there are and how many completed it within ten minutes. First the accounts that watched, counted from
    /// then on; then those that did not watch before, counted from when they saw the step. Accounts whose only viewers
    /// are implausible are in neither.
    async fn clip_effect(
        &self,
        site: SiteId,
        flow: &str,
        step: &StepId,
        clip: &str,
        now: Millis,
    ) -> Result<[(u64, u64); 2]>;
}
