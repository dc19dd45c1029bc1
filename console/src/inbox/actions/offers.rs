//! Which actions a conversation offers, and what they are called.

use protocol::chat::{Author, ConversationStatus, LogEntryBody, WaitingOn};
use protocol::console::Conversation;

use super::Action;
use crate::i18n::Texts;
use crate::inbox::assignment;

/// Returns what has a button, with its key: assignment, then snoozing and resolving, or reopening.
pub fn buttons(
    texts: &'static Texts,
    one: &Conversation,
    agent: &str,
) -> Vec<(&'static str, &'static str, Action)> {
    let (name, assignment) = assignment::assign_or_release(texts, one, agent);
    let mut buttons = vec![(name, "t", Action::Append(assignment))];
    if one.state.status == ConversationStatus::Resolved {
        buttons.push((texts.reopen, "e", Action::Append(LogEntryBody::Reopened)));
    } else {
        buttons.push((texts.snooze, "s", Action::Snooze));
        buttons.push((texts.resolve, "e", Action::Append(LogEntryBody::Resolved)));
    }
    buttons
}

/// Returns what is chosen from a list: who has to act next, the agent it is assigned to, and blocking the person.
pub fn more(
    texts: &'static Texts,
    one: &Conversation,
    agent: &str,
    present: &[Author],
) -> Vec<(String, Action)> {
    let waiting_on = [None, Some(WaitingOn::Us), Some(WaitingOn::Customer)].into_iter();
    let waiting_on = waiting_on.filter(|on| *on != one.state.waiting_on);
    let waiting_on = waiting_on
        .map(|on| ([texts.blocked, ": ", name(texts, on)].concat(), LogEntryBody::WaitingOn { on }));
    let transfers = assignment::transfers(texts, one, agent, present);
    let entries = waiting_on.chain(transfers).map(|(name, said)| (name, Action::Append(said)));
    let (block, action) = if one.blocked {
        (texts.unbar.to_owned(), Action::SetBlocked(false))
    } else {
        ([texts.bar_person, "…"].concat(), Action::AskToBlock)
    };
    entries.chain([(block, action)]).collect()
}

fn name(texts: &'static Texts, on: Option<WaitingOn>) -> &'static str {
    match on {
        None => texts.blocked_nobody,
        Some(WaitingOn::Us) => texts.blocked_us,
        Some(WaitingOn::Customer) => texts.blocked_customer,
    }
}
