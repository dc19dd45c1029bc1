//! The filters over the list.

use protocol::Millis;
use protocol::chat::ConversationStatus;
use protocol::console::Conversation;

use super::assignment::{is_assigned_to, is_unassigned};
use crate::i18n::Texts;

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Open, and no agent is assigned.
    Queue,
    /// Open, and assigned to the agent.
    Mine,
    /// Open.
    Open,
    /// Snoozed, and not due yet.
    Snoozed,
    /// Resolved.
    Resolved,
}

impl Filter {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 5] = [Self::Queue, Self::Mine, Self::Open, Self::Snoozed, Self::Resolved];

    /// Tells whether a conversation passes, for the agent with this id. A snoozed one is open again once it
    /// is due.
    pub fn accepts(self, one: &Conversation, agent: &str, now: Millis) -> bool {
        let state = &one.state;
        let is_due = state.snoozed_until.is_some_and(|until| until <= now);
        let is_open = state.status == ConversationStatus::Open
            || (state.status == ConversationStatus::Snoozed && is_due);
        match self {
            Self::Queue => is_open && is_unassigned(one),
            Self::Mine => is_open && is_assigned_to(one, agent),
            Self::Open => is_open,
            Self::Snoozed => state.status == ConversationStatus::Snoozed && !is_due,
            Self::Resolved => state.status == ConversationStatus::Resolved,
        }
    }

    /// Returns the text on its button.
    pub fn name(self, texts: &Texts) -> &'static str {
        match self {
            Self::Queue => texts.shelf_queue,
            Self::Mine => texts.shelf_mine,
            Self::Open => texts.shelf_open,
            Self::Snoozed => texts.shelf_snoozed,
            Self::Resolved => texts.shelf_resolved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{agent, conversation};
    use super::*;

    fn accepting(one: &Conversation, now: Millis) -> Vec<Filter> {
        Filter::ALL.into_iter().filter(|filter| filter.accepts(one, "a@example.com", now)).collect()
    }

    #[test]
    fn a_conversation_is_found_where_its_state_says() {
        let mut one = conversation(1);
        assert_eq!(accepting(&one, 0), [Filter::Queue, Filter::Open]);
        one.state.agent = Some(agent("a@example.com"));
        assert_eq!(accepting(&one, 0), [Filter::Mine, Filter::Open]);
        (one.state.status, one.state.snoozed_until) = (ConversationStatus::Snoozed, Some(10));
        assert_eq!(accepting(&one, 9), [Filter::Snoozed]);
        assert_eq!(accepting(&one, 10), [Filter::Mine, Filter::Open]);
        one.state.status = ConversationStatus::Resolved;
        assert_eq!(accepting(&one, 10), [Filter::Resolved]);
    }
}
