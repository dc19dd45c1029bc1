//! Who is assigned to a conversation: what the inbox shows of it, and what an agent can do about it.
//!
//! The collector decides: an assignment is an entry in the conversation's log, and `apply` of the journey
//! crate says who is assigned after it. The collector also assigns on its own (`server/src/chat/assignment.rs`): an
//! agent who is offline loses the conversations that wait for an answer.

use protocol::chat::{Author, LogEntryBody};
use protocol::console::Conversation;

use crate::i18n::{Texts, fill};

/// Tells whether no agent is assigned.
pub fn is_unassigned(one: &Conversation) -> bool {
    one.state.agent.is_none()
}

/// Tells whether this agent is assigned.
pub fn is_assigned_to(one: &Conversation, agent: &str) -> bool {
    one.state.agent.as_ref().is_some_and(|assigned| assigned.id == agent)
}

/// Returns the entry by which an agent assigns a conversation to themselves, or gives up their own assignment.
pub fn assign_or_release(
    texts: &'static Texts,
    one: &Conversation,
    agent: &str,
) -> (&'static str, LogEntryBody) {
    if is_assigned_to(one, agent) {
        (texts.release, LogEntryBody::Released)
    } else {
        (texts.claim, LogEntryBody::Claimed)
    }
}

/// Returns the entries that transfer a conversation, one for each agent in `present` but the assigned one and
/// `agent`.
pub fn transfers(
    texts: &Texts,
    one: &Conversation,
    agent: &str,
    present: &[Author],
) -> Vec<(String, LogEntryBody)> {
    let others = present.iter().filter(|other| other.id != agent && !is_assigned_to(one, &other.id));
    let transfer = |other: &Author| {
        ([texts.hand, ": ", name_of(other)].concat(), LogEntryBody::Assigned { agent: other.clone() })
    };
    others.map(transfer).collect()
}

/// Returns the name of an agent; the address of one who has given none.
pub fn name_of(agent: &Author) -> &str {
    if agent.name.is_empty() { &agent.id } else { &agent.name }
}

/// Says who is assigned.
pub fn assignee(texts: &Texts, one: &Conversation) -> String {
    let name = one.state.agent.as_ref().map(|agent| fill(texts.has_it, &[("name", name_of(agent))]));
    name.unwrap_or_else(|| texts.nobody_has_it.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{agent, conversation};
    use super::*;
    use crate::i18n::texts;

    #[test]
    fn an_agent_assigns_to_themselves_or_gives_up_their_own() {
        let texts = texts("en");
        let mut one = conversation(1);
        assert!(is_unassigned(&one));
        assert_eq!(assign_or_release(texts, &one, "a@example.com").1, LogEntryBody::Claimed);
        one.state.agent = Some(agent("b@example.com"));
        assert_eq!(assign_or_release(texts, &one, "a@example.com").1, LogEntryBody::Claimed);
        assert_eq!(assign_or_release(texts, &one, "b@example.com").1, LogEntryBody::Released);
    }

    #[test]
    fn a_conversation_is_transferred_to_present_agents_who_are_not_assigned() {
        let mut one = conversation(1);
        one.state.agent = Some(agent("b@example.com"));
        let present = ["a@example.com", "b@example.com", "c@example.com"].map(agent);
        let entries = transfers(texts("en"), &one, "a@example.com", &present);
        let entries: Vec<LogEntryBody> = entries.into_iter().map(|(_, said)| said).collect();
        assert_eq!(entries, [LogEntryBody::Assigned { agent: agent("c@example.com") }]);
    }
}
