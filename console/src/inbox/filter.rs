//! The filters over the list: whose turn it is, and who is assigned.

use protocol::Millis;
use protocol::chat::{ConversationStatus, WaitingOn};
use protocol::console::Conversation;

use super::assignment::{is_assigned_to, is_unassigned};
use crate::i18n::Texts;

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Open, and it is our turn.
    NeedsAnswer,
    /// Open, and assigned to the agent.
    Mine,
    /// Open, and no agent is assigned.
    Unassigned,
    /// Open, and it is the customer's turn.
    OnCustomer,
    /// Snoozed, and not due yet.
    Snoozed,
    /// Resolved.
    Resolved,
}

impl Filter {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 6] =
        [Self::NeedsAnswer, Self::Mine, Self::Unassigned, Self::OnCustomer, Self::Snoozed, Self::Resolved];

    /// Tells whether a conversation passes, for the agent with this id. A snoozed one is open again once it
    /// is due.
    pub fn accepts(self, one: &Conversation, agent: &str, now: Millis) -> bool {
        let state = &one.state;
        let is_due = state.snoozed_until.is_some_and(|until| until <= now);
        let is_open = state.status == ConversationStatus::Open
            || (state.status == ConversationStatus::Snoozed && is_due);
        match self {
            Self::NeedsAnswer => is_open && is_our_turn(one),
            Self::Mine => is_open && is_assigned_to(one, agent),
            Self::Unassigned => is_open && is_unassigned(one),
            Self::OnCustomer => is_open && !is_our_turn(one),
            Self::Snoozed => state.status == ConversationStatus::Snoozed && !is_due,
            Self::Resolved => state.status == ConversationStatus::Resolved,
        }
    }

    /// Returns the text on its button.
    pub fn name(self, texts: &Texts) -> &'static str {
        match self {
            Self::NeedsAnswer => texts.shelf_ours,
            Self::Mine => texts.shelf_mine,
            Self::Unassigned => texts.shelf_queue,
            Self::OnCustomer => texts.shelf_theirs,
            Self::Snoozed => texts.shelf_snoozed,
            Self::Resolved => texts.shelf_resolved,
        }
    }
}

/// Tells whether our side has to act next. A blocked person waits for nothing.
pub fn is_our_turn(one: &Conversation) -> bool {
    let state = &one.state;
    match state.waiting_on {
        _ if one.blocked => false,
        Some(WaitingOn::Us) => true,
        Some(WaitingOn::Customer) => false,
        None => state.waiting_since.is_some() || state.callback.is_some(),
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
        assert_eq!(accepting(&one, 0), [Filter::Unassigned, Filter::OnCustomer]);
        one.state.waiting_since = Some(0);
        assert_eq!(accepting(&one, 0), [Filter::NeedsAnswer, Filter::Unassigned]);
        one.state.agent = Some(agent("a@example.com"));
        assert_eq!(accepting(&one, 0), [Filter::NeedsAnswer, Filter::Mine]);
        (one.state.status, one.state.snoozed_until) = (ConversationStatus::Snoozed, Some(10));
        assert_eq!(accepting(&one, 9), [Filter::Snoozed]);
        assert_eq!(accepting(&one, 10), [Filter::NeedsAnswer, Filter::Mine]);
        one.state.status = ConversationStatus::Resolved;
        assert_eq!(accepting(&one, 10), [Filter::Resolved]);
    }

    #[test]
    fn what_an_agent_says_decides_whose_turn_it_is() {
        let mut one = conversation(1);
        one.state.waiting_since = Some(0);
        one.state.waiting_on = Some(WaitingOn::Customer);
        assert!(!is_our_turn(&one));
        (one.state.waiting_since, one.state.waiting_on) = (None, Some(WaitingOn::Us));
        assert!(is_our_turn(&one));
        one.blocked = true;
        assert!(!is_our_turn(&one));
    }
}
