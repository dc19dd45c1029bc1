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
use store::{FunnelPaths, Reports, SiteId, SnoozedStep, SurveyCount, SurveyPerson, Vouched};

use crate::SqliteStore;
use crate::error::Result;

pub(crate) use funnel_cache::FunnelCache;
use survey_answers::Asked;

#[async_trait]
impl Reports for SqliteStore {
    async fn funnel_paths(&self, site: SiteId, flow: &FlowRef) -> Result<FunnelPaths> {
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

    async fn survey_counts(
        &self,
        site: SiteId,
        flow: &str,
        questions: &[String],
    ) -> Result<Vec<SurveyCount>> {
        let asked = Asked::new(site, flow, questions);
        self.read(move |db| survey_answers::counts(db, &asked)).await
    }

    async fn survey_people(
        &self,
        site: SiteId,
        flow: &str,
        questions: &[String],
        scale: Scale,
        stage: Option<&StageId>,
        score: Option<u32>,
    ) -> Result<Vec<SurveyPerson>> {
        let (asked, stage) = (Asked::new(site, flow, questions), stage.cloned());
        self.read(move |db| survey_answers::people(db, &asked, scale, stage.as_ref(), score)).await
    }

    async fn survey_comments(
        &self,
        site: SiteId,
        flow: &str,
        questions: &[String],
        of: Vouched,
    ) -> Result<Vec<SurveyComment>> {
        let asked = Asked::new(site, flow, questions);
        self.read(move |db| survey_answers::comments(db, &asked, of)).await
    }

    async fn help_usage(&self, site: SiteId, flow: &str, since: Millis) -> Result<HelpUsage> {
        let flow = flow.to_owned();
        self.read(move |db| help_usage::since(db, site, &flow, since)).await
    }

    async fn snoozed_steps(&self, site: SiteId, flow: &str, of: Vouched) -> Result<Vec<SnoozedStep>> {
        let flow = flow.to_owned();
        self.read(move |db| snoozed_steps::list(db, site, &flow, of)).await
    }
}

/// The rows of a list, as a condition on the column `account`.
fn of_account(of: Vouched) -> &'static str {
    match of {
        Vouched::Verified => "NOT LIKE '~%'",
        Vouched::Guests => "LIKE '~%'",
    }
}
