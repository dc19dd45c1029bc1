//! Conversations for the unit tests.

use protocol::chat::{Author, Side, VisitorContext};
use protocol::console::Conversation;
use protocol::ids::{ConversationId, EventId};
use protocol::stored::ConversationState;

/// Returns an agent with this address.
pub fn agent(id: &str) -> Author {
    Author { side: Side::Agent, id: id.into(), name: id.split('@').next().unwrap_or_default().into() }
}

/// Returns an open conversation that nobody is assigned to; its id, revision and time are `n`.
pub fn conversation(n: u8) -> Conversation {
    Conversation {
        id: ConversationId(EventId::new(0, [n; 10])),
        account_id: "acct".into(),
        account: "Account".into(),
        user_id: "user".into(),
        user: "User".into(),
        step: String::new(),
        context: VisitorContext::default(),
        state: ConversationState { last_message_at: n.into(), ..ConversationState::default() },
        last_entries: [1, 0],
        visitor_read: 0,
        agent_read: 0,
        answer_due: None,
        callback_due: None,
        blocked: false,
        created: 0,
        revision: n.into(),
    }
}
