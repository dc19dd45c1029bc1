//! Milestones: the transitions of an account in a flow, as reports count them.

use journey::progress::{Change, Transition};
use protocol::Millis;
use protocol::ids::UserId;

/// The kind of a milestone. The words stand in stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MilestoneKind {
    /// The account entered a stage.
    Entered,
    /// A step was completed.
    Completed,
    /// A completed step was reopened.
    Reopened,
}

impl MilestoneKind {
    /// The word for it in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Completed => "completed",
            Self::Reopened => "reopened",
        }
    }

    /// The kind of a word from a store.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Entered, Self::Completed, Self::Reopened].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One transition of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Milestone {
    /// When it happened.
    pub at: Millis,
    /// What happened.
    pub kind: MilestoneKind,
    /// The stage or the step.
    pub name: String,
    /// The number of the visit or attempt, from 1.
    pub visit: u32,
    /// Who did it, when known.
    pub user: Option<UserId>,
}

/// Visits and attempts of one stage or step that are kept as milestones. Anybody can confirm a step and take that back
/// as often as they like.
const MAX_VISITS: u32 = 100;

impl Milestone {
    /// The milestone of a transition; none for one of a stage or step that has had too many.
    pub fn of(Transition { key, user, change }: Transition) -> Option<Self> {
        let (kind, name, visit) = match change {
            Change::Entered { to, visit, .. } => (MilestoneKind::Entered, to.0, visit),
            Change::Completed { step, visit, .. } => (MilestoneKind::Completed, step.0, visit),
            Change::Reopened { step, visit } => (MilestoneKind::Reopened, step.0, visit),
        };
        (visit <= MAX_VISITS).then_some(Self { at: key.0, kind, name, visit, user })
    }
}
