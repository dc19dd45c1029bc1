//! What the console's reports ask of the projections. Reasons: `docs/decisions/0003-funnel.md`.

mod clips;
mod funnel_cache;
mod help_usage;
mod snoozed_steps;
mod survey_answers;

use std::sync::Arc;

use async_trait::async_trait;
use journey::reports::funnel::Path;
use journey::reports::help::HelpUsage;
use protocol::Millis;
use protocol::console::SurveyComment;
use protocol::files::{FlowRef, Scale};
use protocol::ids::{AccountId, StageId};
use store::{Reports, SiteId, SnoozedStep, SurveyCount, SurveyPerson};

use crate::SqliteStore;
use crate::error::Result;

pub(crate) use funnel_cache::FunnelCache;

#[async_trait]
impl Reports for SqliteStore {
    async fn funnel_paths(&self, site: SiteId, flow: &FlowRef) -> Result<Arc<Vec<Path>>> {
        let (flow, cache) = (flow.clone(), Arc::clone(&self.funnel));
        self.read(move |db| cache.paths(db, site, &flow)).await
    }

    async fn funnel_accounts(
        &self,
        site: SiteId,
        flow: &FlowRef,
    ) -> Result<(Arc<Vec<Path>>, Vec<AccountId>)> {
        let (flow, cache) = (flow.clone(), Arc::clone(&self.funnel));
        self.read(move |db| cache.accounts(db, site, &flow)).await
    }

    async fn survey_counts(&self, site: SiteId, flow: &str) -> Result<Vec<SurveyCount>> {
        let flow = flow.to_owned();
        self.read(move |db| survey_answers::counts(db, site, &flow)).await
    }

    async fn survey_people(
        &self,
        site: SiteId,
        flow: &str,
        scale: Scale,
        stage: Option<&StageId>,
        score: Option<u32>,
    ) -> Result<Vec<SurveyPerson>> {
        let (flow, stage) = (flow.to_owned(), stage.cloned());
        self.read(move |db| survey_answers::people(db, site, &flow, scale, stage.as_ref(), score)).await
    }

    async fn survey_comments(&self, site: SiteId, flow: &str) -> Result<Vec<SurveyComment>> {
        let flow = flow.to_owned();
        self.read(move |db| survey_answers::comments(db, site, &flow)).await
    }

    async fn help_usage(&self, site: SiteId, flow: &str, since: Millis) -> Result<HelpUsage> {
        let flow = flow.to_owned();
        self.read(move |db| help_usage::since(db, site, &flow, since)).await
    }

    async fn snoozed_steps(&self, site: SiteId, flow: &str) -> Result<Vec<SnoozedStep>> {
        let flow = flow.to_owned();
        self.read(move |db| snoozed_steps::list(db, site, &flow)).await
    }
}
