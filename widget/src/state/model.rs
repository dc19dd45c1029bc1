//! What a person sees at one moment, and what the host page is notified of.

use std::rc::Rc;
use std::sync::Arc;

use journey::progress::Checklist;
use protocol::SortedMap;
use protocol::files::Flow;
use protocol::ids::{AccountId, StepId, UserId};
use protocol::stored::Progress;

/// What the panel can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first answer is awaited.
    Loading,
    /// There is a checklist.
    Ready,
    /// The site has published no flow.
    Empty,
    /// Nothing could be loaded, and nothing was remembered.
    Failed,
}

/// Everything a person sees, of one moment.
pub struct Model {
    /// The flow in their language.
    pub flow: Arc<Flow<String>>,
    /// Where the account stands.
    pub progress: Rc<Progress>,
    /// What to call the people who did something.
    pub people: Rc<SortedMap<UserId, String>>,
    /// The customer's own words.
    pub expectation: Option<String>,
}

impl Model {
    /// Progress beside the flow.
    pub fn checklist(&self) -> Checklist<'_, String> {
        Checklist::new(&self.flow, &self.progress)
    }

    /// A step's title.
    pub fn title(&self, id: &StepId) -> &str {
        self.flow.step(id).map_or("", |(_, step)| &step.title)
    }
}

/// What the host page is notified of.
pub enum HostEvent<'a> {
    /// The checklist is there.
    Ready,
    /// A step is in focus for the first time.
    Shown(&'a StepId),
    /// A step is done.
    Completed(&'a StepId),
    /// A step is open again.
    Reopened(&'a StepId),
    /// A step was put off.
    Snoozed(&'a StepId),
    /// Every must-have step is done.
    Finished,
    /// The network lets nothing through although there is one.
    Unreachable,
    /// Something went wrong: a tag and a sentence.
    Error(&'a str, &'a str),
    /// The collector will not answer this page or this person: the status and the body of its answer.
    Refused(u16, &'a str),
}

/// Tells the host page.
pub type HostNotifier = Rc<dyn Fn(HostEvent<'_>)>;

/// Who the page says is there.
#[derive(Clone, Default, PartialEq)]
pub struct Caller {
    /// The host's id of the person, or a device id.
    pub user: UserId,
    /// The host's id of the account.
    pub account: Option<AccountId>,
    /// The identity token.
    pub token: Option<String>,
}
