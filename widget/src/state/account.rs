//! One account: the collector's word, and what happened here since.

use std::rc::Rc;
use std::sync::Arc;

use journey::progress::{Entry, Rules, apply};
use protocol::SortedMap;
use protocol::files::{Flow, FlowRef};
use protocol::ids::{StageId, StepId, UserId};
use protocol::stored::Progress;
use protocol::widget::{ChecklistSession, ProgressReply};

use super::Model;

/// What is known of the account; empty until the first answer.
#[derive(Default)]
pub struct Account {
    flow: Option<Arc<Flow<String>>>,
    base: Rc<Progress>,
    people: Rc<SortedMap<UserId, String>>,
    user: UserId,
    expectation: Option<String>,
    verified: bool,
    revision: i64,
    recent: Vec<Recent>,
}

/// Something that happened here and may not be in the collector's word yet.
struct Recent {
    entry: Entry,
    stored: bool,
}

impl Account {
    /// The collector sent everything again.
    pub fn begin(&mut self, reply: ChecklistSession) {
        self.flow = reply.flow.map(Arc::new);
        (self.people, self.user) = (Rc::new(reply.people), reply.user);
        (self.expectation, self.verified) = (reply.expectation, reply.verified);
        self.rebase(reply.progress, reply.revision);
    }

    /// The collector said where the account stands now.
    pub fn moved(&mut self, reply: ProgressReply) {
        self.people = Rc::new(reply.people);
        self.rebase(reply.progress, reply.revision);
    }

    fn rebase(&mut self, base: Progress, revision: i64) {
        (self.base, self.revision) = (Rc::new(base), revision);
        // What was stored before this answer was made is in it.
        self.recent.retain(|recent| !recent.stored);
    }

    /// Something happened here.
    pub fn add(&mut self, entry: Entry) {
        self.recent.push(Recent { entry, stored: false });
    }

    /// The collector has these events.
    pub fn stored(&mut self, ids: &[String]) {
        for recent in &mut self.recent {
            recent.stored |= ids.contains(&recent.entry.key.2.text());
        }
    }

    /// What the collector said, with what happened here since on top; none while there is no flow. Only `activity`
    /// calls this, so the fold comes with it.
    pub fn fold(&self) -> Option<Model> {
        let rules = Rules::single(Arc::clone(self.flow.as_ref()?));
        let mut progress = Progress::clone(&self.base);
        for recent in &self.recent {
            apply(&rules, &mut progress, &recent.entry);
        }
        self.model(Rc::new(progress))
    }

    /// What the collector said; none while there is no flow.
    pub fn as_reported(&self) -> Option<Model> {
        self.model(Rc::clone(&self.base))
    }

    fn model(&self, progress: Rc<Progress>) -> Option<Model> {
        Some(Model {
            flow: Arc::clone(self.flow.as_ref()?),
            progress,
            people: Rc::clone(&self.people),
            expectation: self.expectation.clone(),
        })
    }

    /// Whether no identity token vouches for the person.
    pub fn is_guest(&self) -> bool {
        !self.verified
    }

    /// Whether the collector judges by a newer version than this page has.
    pub fn is_stale(&self) -> bool {
        self.flow_reference().is_some_and(|flow| flow.version < self.base.version)
    }

    /// The flow and its version.
    pub fn flow_reference(&self) -> Option<FlowRef> {
        self.flow.as_ref().map(|flow| flow.reference())
    }

    /// The stage that a step belongs to.
    pub fn stage_of(&self, id: &StepId) -> Option<StageId> {
        let (stage, _) = self.flow.as_ref()?.step(id)?;
        Some(stage.id.clone())
    }

    /// The person, as the collector knows them.
    pub fn user(&self) -> Option<UserId> {
        (!self.user.as_str().is_empty()).then(|| self.user.clone())
    }

    /// The journal place of the collector's word.
    pub fn revision(&self) -> i64 {
        self.revision
    }
}
