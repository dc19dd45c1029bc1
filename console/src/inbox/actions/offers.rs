//! Which actions a conversation offers, and what they are called.

use protocol::Millis;
use protocol::chat::{Author, ConversationStatus, LogEntryBody, WaitingOn};
use protocol::console::Conversation;

use super::Action;
use crate::i18n::Texts;
use crate::inbox::assignment;

/// How long a conversation is snoozed, in milliseconds: four hours.
const SNOOZE: Millis = 4 * 60 * 60 * 1000;

/// Returns what has a button: assignment, then snoozing and resolving, or reopening.
pub fn buttons(
    texts: &'static Texts,
    one: &Conversation,
    agent: &str,
    now: Millis,
) -> Vec<(&'static str, LogEntryBody)> {
    let mut buttons = vec![assignment::assign_or_release(texts, one, agent)];
    if one.state.status == ConversationStatus::Resolved {
        buttons.push((texts.reopen, LogEntryBody::Reopened));
    } else {
        buttons.push((texts.snooze, LogEntryBody::Snoozed { until: now + SNOOZE }));
        buttons.push((texts.resolve, LogEntryBody::Resolved));
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
    let block = if one.blocked { texts.unbar } else { texts.bar_person };
    entries.chain([(block.to_owned(), Action::SetBlocked(!one.blocked))]).collect()
}

fn name(texts: &'static Texts, on: Option<WaitingOn>) -> &'static str {
    match on {
        None => texts.blocked_nobody,
        Some(WaitingOn::Us) => texts.blocked_us,
        Some(WaitingOn::Customer) => texts.blocked_customer,
    }
}
