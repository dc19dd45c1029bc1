//! Appends an entry of the agent to a conversation's log. What an agent writes is shown when the collector
//! has it on disk.

use protocol::chat::{LogEntryBody, NackReason, ServerFrame};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId};

use super::agent::Agent;
use crate::api::{ApiError, inbox};

/// Sends an entry; the same id again appends nothing. Returns the sentence that says why it was not taken.
pub async fn append(
    agent: Agent,
    conversation: ConversationId,
    id: EventId,
    body: LogEntryBody,
) -> Result<(), &'static str> {
    let texts = agent.texts;
    let Some(site) = agent.site() else { return Err(texts.not_sent) };
    match inbox::append(&site, conversation, &AgentAction { id, body }).await {
        Ok(ServerFrame::Ack { .. }) => Ok(()),
        Ok(ServerFrame::Nack { reason: NackReason::TooLarge, .. }) => Err(texts.too_long),
        Ok(_) => Err(texts.not_sent),
        Err(error) => {
            if error == ApiError::SignedOut {
                agent.leave();
            }
            Err(texts.not_sent)
        }
    }
}
