//! Appends an entry of the agent to a conversation's log. What an agent writes is shown when the collector
//! has it on disk.

use protocol::{AgentSays, ConversationId, EventId, Nack, Said, Tell};

use super::agent::Agent;
use crate::api::{ApiError, inbox};

/// Sends an entry; the same id again appends nothing. Returns the sentence that says why it was not taken.
pub async fn append(agent: Agent, c: ConversationId, mid: EventId, said: Said) -> Result<(), &'static str> {
    let texts = agent.texts;
    let Some(site) = agent.site() else { return Err(texts.not_sent) };
    match inbox::append(&site, c, &AgentSays { mid, said }).await {
        Ok(Tell::Ack { .. }) => Ok(()),
        Ok(Tell::Nack { code: Nack::TooLarge, .. }) => Err(texts.too_long),
        Ok(_) => Err(texts.not_sent),
        Err(error) => {
            if error == ApiError::SignedOut {
                agent.leave();
            }
            Err(texts.not_sent)
        }
    }
}
