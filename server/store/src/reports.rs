//! What the console's reports read of the projections.

use std::sync::Arc;

use async_trait::async_trait;
use journey::reports::Who;
use journey::reports::funnel::Path;
use journey::reports::help::HelpUsage;
use protocol::Millis;
use protocol::console::SurveyComment;
use protocol::files::{FlowRef, Scale};
use protocol::ids::{AccountId, StageId, StepId};

use crate::{Result, SiteId};

/// An open step that a person snoozed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnoozedStep {
    /// The account whose step it is.
    pub account: AccountId,
    /// The account's name, when known.
    pub name: Option<String>,
    /// The step.
    pub step: StepId,
    /// When the snooze ends.
    pub until: Millis,
    /// Who snoozed it: a name when there is one, else the host's id.
    pub by: Option<String>,
    /// The reason that they gave; may be empty.
    pub reason: String,
}

/// How many people gave one answer to a survey question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyCount {
    /// The stage at whose end it was asked.
    pub stage: StageId,
    /// The scale of the answer.
    pub scale: Scale,
    /// The answer.
    pub score: u32,
    /// People who gave it.
    pub n: u64,
    /// Guests who gave it; `n` does not count them.
    pub guests: u64,
}

/// A person's answer to a survey question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyPerson {
    /// The person.
    pub who: Who,
    /// When they answered.
    pub at: Millis,
    /// The answer.
    pub score: u32,
}

/// The paths of a flow's accounts.
#[derive(Clone, Debug, Default)]
pub struct FunnelPaths {
    /// Those of accounts that a token or the host's backend vouched for.
    pub verified: Arc<Vec<Path>>,
    /// Those of guests.
    pub guests: Arc<Vec<Path>>,
}

/// Which rows a list is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouched {
    /// Those of people that a token vouched for.
    Verified,
    /// Those of guests.
    Guests,
}

/// Questions of reports to the projections. What they count is people and accounts that a token or the backend vouched for; guests
/// stand beside them, where a method says so.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Returns every account's path through a flow, with the steps in the order of this version.
    async fn funnel_paths(&self, site: SiteId, flow: &FlowRef) -> Result<FunnelPaths>;
    /// Returns the verified paths with the account of each.
    async fn funnel_accounts(&self, site: SiteId, flow: &FlowRef)
    -> Result<(Arc<Vec<Path>>, Vec<AccountId>)>;
    /// Returns how often these questions of a flow were answered in which way. Answers to other questions, which a page
    /// can invent, are left out.
    async fn survey_counts(&self, site: SiteId, flow: &str, questions: &[String])
    -> Result<Vec<SurveyCount>>;
    /// Returns who answered one of these questions on a scale; at the end of one stage and with one answer, where they
    /// are given.
    async fn survey_people(
        &self,
        site: SiteId,
        flow: &str,
        questions: &[String],
        scale: Scale,
        stage: Option<&StageId>,
        score: Option<u32>,
    ) -> Result<Vec<SurveyPerson>>;
    /// Returns the comments beside answers to these questions, the newest first.
    async fn survey_comments(
        &self,
        site: SiteId,
        flow: &str,
        questions: &[String],
        of: Vouched,
    ) -> Result<Vec<SurveyComment>>;
    /// Returns how verified people used help since a time, when each of them wrote to support, and when steps of
    /// a flow were completed.
    async fn help_usage(&self, site: SiteId, flow: &str, since: Millis) -> Result<HelpUsage>;
    /// Returns the snoozed open steps of a flow, the next to end first.
    async fn snoozed_steps(&self, site: SiteId, flow: &str, of: Vouched) -> Result<Vec<SnoozedStep>>;
}
