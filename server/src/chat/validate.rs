//! What an entry of the log may contain: texts that show something and are not too long, and callbacks that can be made.

use protocol::chat::{CallbackRequest, LogEntryBody, Message, NackReason, limits as chat_limits};
use protocol::{DAY, Millis};

use crate::legible::is_legible;

/// The longest time slot of a callback, in milliseconds: a day.
const MAX_WINDOW: Millis = DAY;

/// Checks what a party wants to append.
///
/// # Errors
/// With the reason for the client.
pub(super) fn validate(body: &LogEntryBody) -> Result<(), NackReason> {
    rejection_reason(body).map_or(Ok(()), Err)
}

fn rejection_reason(body: &LogEntryBody) -> Option<NackReason> {
    match body {
        // A customer can fetch every file of their conversation, and must not see notes.
        LogEntryBody::Note(Message { file: Some(_), .. }) => Some(NackReason::NoFile),
        LogEntryBody::Message(message) | LogEntryBody::Note(message) => {
            let Message { text, clip, step, file, quick_replies: quick, .. } = message;
            let is_empty = !is_legible(text) && clip.is_none() && step.is_none() && file.is_none();
            let is_empty = is_empty || quick.iter().any(|text| !is_legible(text));
            let is_long = text.chars().nth(chat_limits::TEXT).is_some()
                || quick.len() > chat_limits::QUICK
                || quick.iter().any(|text| text.chars().nth(chat_limits::QUICK_TEXT).is_some());
            is_long.then_some(NackReason::TooLarge).or(is_empty.then_some(NackReason::Empty))
        }
        LogEntryBody::Rated { comment, .. } => {
            comment.chars().nth(chat_limits::TEXT).is_some().then_some(NackReason::TooLarge)
        }
        LogEntryBody::Callback(call) => (!is_callable(call)).then_some(NackReason::BadCall),
        LogEntryBody::Labelled { labels } => {
            let is_long = |label: &String| label.chars().nth(chat_limits::LABEL).is_some();
            let is_long = labels.len() > chat_limits::LABELS || labels.iter().any(is_long);
            let is_empty = labels.iter().any(|label| !is_legible(label));
            is_long.then_some(NackReason::TooLarge).or(is_empty.then_some(NackReason::Empty))
        }
        _ => None,
    }
}

/// Checks for a plausible phone number and well-formed time slots.
fn is_callable(call: &CallbackRequest) -> bool {
    let digits = call.phone.chars().filter(char::is_ascii_digit).count();
    let is_number = call.phone.chars().all(|sign| sign.is_ascii_digit() || "+-() ".contains(sign));
    is_number
        && (6..=15).contains(&digits)
        && call.phone.len() <= chat_limits::PHONE
        && call.windows.len() <= chat_limits::WINDOWS
        && call.windows.iter().all(|[from, to]| from < to && to.saturating_sub(*from) <= MAX_WINDOW)
}

#[cfg(test)]
mod tests {
    use protocol::chat::{ClientFrame, RequestCallback, SendMessage};

    use super::*;

    /// S37: a frame that can be read is the same after a round trip, and what it would append has a verdict.
    #[test]
    fn s37_a_frame_of_any_bytes_is_read_or_refused() {
        fuzz::fuzz("chat-frames", |bytes| {
            let Ok(frame) = serde_json::from_slice::<ClientFrame>(bytes) else { return };
            let wire = serde_json::to_string(&frame).unwrap();
            assert_eq!(serde_json::from_str::<ClientFrame>(&wire).unwrap(), frame, "{wire}");
            let body = match frame {
                ClientFrame::Send(SendMessage { body, .. }) => LogEntryBody::Message(body),
                ClientFrame::Callback(RequestCallback { phone, windows, .. }) => {
                    LogEntryBody::Callback(CallbackRequest { phone, windows, step: None })
                }
                ClientFrame::Csat { score, comment, .. } => LogEntryBody::Rated { score, comment },
                _ => return,
            };
            if validate(&body).is_ok()
                && let LogEntryBody::Message(message) = &body
            {
                assert!(message.text.chars().count() <= chat_limits::TEXT);
            }
        });
    }
}
