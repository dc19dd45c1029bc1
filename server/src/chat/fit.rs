//! What can be said: not too long, not nothing, and a number that somebody can dial.

use protocol::Millis;
use protocol::chat::{CallbackRequest, LogEntryBody, Message, NackReason, limits as chat_limits};

/// The longest time that somebody names for a call, in milliseconds: a day.
const LONGEST_WINDOW: Millis = 24 * 60 * 60 * 1000;

/// Why something cannot be said.
pub(super) fn unfit(said: &LogEntryBody) -> Option<NackReason> {
    match said {
        // A file goes to the customer; a note does not.
        LogEntryBody::Note(Message { file: Some(_), .. }) => Some(NackReason::NoFile),
        LogEntryBody::Message(message) | LogEntryBody::Note(message) => {
            let Message { text, clip, step, file, quick } = message;
            let is_empty = text.trim().is_empty() && clip.is_none() && step.is_none() && file.is_none();
            let is_long = text.chars().nth(chat_limits::TEXT).is_some()
                || quick.len() > chat_limits::QUICK
                || quick.iter().any(|text| text.chars().nth(chat_limits::QUICK_TEXT).is_some());
            is_long.then_some(NackReason::TooLarge).or(is_empty.then_some(NackReason::Empty))
        }
        LogEntryBody::Rated { comment, .. } => {
            comment.chars().nth(chat_limits::TEXT).is_some().then_some(NackReason::TooLarge)
        }
        LogEntryBody::Callback(call) => (!is_good_call(call)).then_some(NackReason::BadCall),
        LogEntryBody::Labelled { labels } => {
            let is_long = |label: &String| label.chars().nth(chat_limits::LABEL).is_some();
            (labels.len() > chat_limits::LABELS || labels.iter().any(is_long)).then_some(NackReason::TooLarge)
        }
        _ => None,
    }
}

/// A number that somebody can dial, and times that are some.
fn is_good_call(call: &CallbackRequest) -> bool {
    let digits = call.phone.chars().filter(char::is_ascii_digit).count();
    let is_number = call.phone.chars().all(|sign| sign.is_ascii_digit() || "+-() ".contains(sign));
    is_number
        && (6..=15).contains(&digits)
        && call.phone.len() <= chat_limits::PHONE
        && call.windows.len() <= chat_limits::WINDOWS
        && call.windows.iter().all(|[from, to]| from < to && to.saturating_sub(*from) <= LONGEST_WINDOW)
}
