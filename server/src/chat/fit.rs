//! What can be said: not too long, not nothing, and a number that somebody can dial.

use protocol::{CallAsked, Message, Millis, Nack, Said, chat_limits};

/// The longest time that somebody names for a call, in milliseconds: a day.
const LONGEST_WINDOW: Millis = 24 * 60 * 60 * 1000;

/// Why something cannot be said.
pub(super) fn unfit(said: &Said) -> Option<Nack> {
    match said {
        // A file goes to the customer; a note does not.
        Said::Note(Message { file: Some(_), .. }) => Some(Nack::NoFile),
        Said::Message(message) | Said::Note(message) => {
            let Message { text, clip, step, file, quick } = message;
            let is_empty = text.trim().is_empty() && clip.is_none() && step.is_none() && file.is_none();
            let is_long = text.chars().nth(chat_limits::TEXT).is_some()
                || quick.len() > chat_limits::QUICK
                || quick.iter().any(|text| text.chars().nth(chat_limits::QUICK_TEXT).is_some());
            is_long.then_some(Nack::TooLarge).or(is_empty.then_some(Nack::Empty))
        }
        Said::Rated { comment, .. } => {
            comment.chars().nth(chat_limits::TEXT).is_some().then_some(Nack::TooLarge)
        }
        Said::Callback(call) => (!is_good_call(call)).then_some(Nack::BadCall),
        Said::Labelled { labels } => {
            let is_long = |label: &String| label.chars().nth(chat_limits::LABEL).is_some();
            (labels.len() > chat_limits::LABELS || labels.iter().any(is_long)).then_some(Nack::TooLarge)
        }
        _ => None,
    }
}

/// A number that somebody can dial, and times that are some.
fn is_good_call(call: &CallAsked) -> bool {
    let digits = call.phone.chars().filter(char::is_ascii_digit).count();
    let is_number = call.phone.chars().all(|sign| sign.is_ascii_digit() || "+-() ".contains(sign));
    is_number
        && (6..=15).contains(&digits)
        && call.phone.len() <= chat_limits::PHONE
        && call.windows.len() <= chat_limits::WINDOWS
        && call.windows.iter().all(|[from, to]| from < to && to.saturating_sub(*from) <= LONGEST_WINDOW)
}
