//! What the console's reports read of the projections.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use journey::reports::funnel::Path;
use journey::reports::help::{Used, Who};
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
}

/// How help was used, and what happened after it: the input of [`journey::reports::help::count`].
#[derive(Clone, Debug, Default)]
pub struct HelpUsage {
    /// Uses of help, by person and time.
    pub used: Vec<Used>,
    /// When each person wrote to support.
    pub wrote: BTreeMap<Who, Vec<Millis>>,
    /// When steps were completed, by account.
    pub done: BTreeMap<AccountId, Vec<(StepId, Millis)>>,
}

/// Questions of reports to the projections.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Returns every account's path through a flow, with the steps in the order of this version.
    async fn funnel_paths(&self, site: SiteId, flow: &FlowRef) -> Result<Arc<Vec<Path>>>;
    /// Returns the same with the account of each path.
    async fn funnel_accounts(&self, site: SiteId, flow: &FlowRef)
    -> Result<(Arc<Vec<Path>>, Vec<AccountId>)>;
    /// Returns how often each survey question of a flow was answered in which way.
    async fn survey_counts(&self, site: SiteId, flow: &str) -> Result<Vec<SurveyCount>>;
    /// Returns the comments beside survey answers, the newest first.
    async fn survey_comments(&self, site: SiteId, flow: &str) -> Result<Vec<SurveyComment>>;
    /// Returns how verified people used help since a time, when each of them wrote to support, and when steps of
    /// a flow were completed.
    async fn help_usage(&self, site: SiteId, flow: &str, since: Millis) -> Result<HelpUsage>;
    /// Returns the snoozed open steps of a flow, the next to end first.
    async fn snoozed_steps(&self, site: SiteId, flow: &str) -> Result<Vec<SnoozedStep>>;
}
