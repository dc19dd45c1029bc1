//! Whether what an event says can be counted: numbers that are numbers, and texts that are texts.

use protocol::backend::FactValue;
use protocol::widget::{Event, EventKind};
use store::projection::SurveyAnswer;

/// A number that is none, is no single number, or is none that this field can have. The word is on the wire.
const BAD_NUMBER: &str = "bad_number";

/// Names why an event cannot be read.
pub(super) fn unreadable(error: &serde_json::Error) -> &'static str {
    let why = error.to_string();
    if why.starts_with("number out of range") || why.starts_with("a number must be finite") {
        BAD_NUMBER
    } else if why.contains("hex escape") {
        "bad_text"
    } else {
        "malformed_event"
    }
}

/// Names why the numbers of a readable event cannot be counted; none when they can.
pub(super) fn fault(event: &Event) -> Option<&'static str> {
    let is_sound = event.data.values().all(FactValue::is_sound)
        && fields(&event.kind).iter().all(|field| is_amount(event.data.get(*field)))
        && has_score(event);
    (!is_sound).then_some(BAD_NUMBER)
}

/// The fields of a kind that are amounts, as `docs/data-dictionary.md` has them.
fn fields(kind: &EventKind) -> &'static [&'static str] {
    match kind {
        EventKind::StepSnoozed => &["until"],
        EventKind::GuideStarted | EventKind::GuideEnded => &["of", "stop"],
        EventKind::GuideTargetMissing => &["stop", "waited"],
        EventKind::VideoStarted | EventKind::VideoProgress | EventKind::VideoCompleted => {
            &["at", "percent", "speed", "stalls"]
        }
        EventKind::CallbackRequested => &["windows"],
        _ => &[],
    }
}

/// Whether a value is an amount from 0 on, or left out.
fn is_amount(value: Option<&FactValue>) -> bool {
    value.is_none_or(|value| matches!(value, FactValue::Number(amount) if *amount >= 0.0))
}

/// Whether the score of an answer lies on its scale, or is left out.
fn has_score(event: &Event) -> bool {
    let (EventKind::SurveyAnswered, Some(score)) = (&event.kind, event.data.get("score")) else {
        return true;
    };
    let bounds = event.text("scale").and_then(SurveyAnswer::scale_of).map(protocol::files::Scale::bounds);
    match (score, bounds) {
        (FactValue::Number(score), Some((low, high))) => {
            score.fract() == 0.0 && (f64::from(low)..=f64::from(high)).contains(score)
        }
        // A scale that this version does not know counts for nothing yet.
        (FactValue::Number(_), None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(kind: &str, data: &str) -> Option<&'static str> {
        let id = "01930000-0000-7000-8000-000000000001";
        let text = format!(r#"{{"id":"{id}","at":1,"session":"{id}","n":1,"kind":"{kind}","data":{data}}}"#);
        match serde_json::from_str::<Event>(&text) {
            Ok(event) => fault(&event),
            Err(error) => Some(unreadable(&error)),
        }
    }

    #[test]
    fn numbers_that_are_none_are_named() {
        for (kind, data) in [
            ("custom", r#"{"x":1e400}"#),
            ("custom", r#"{"x":-1e400}"#),
            ("custom", r#"{"x":-0}"#),
            ("custom", r#"{"x":-0.0}"#),
            ("custom", r#"{"x":9007199254740993}"#),
            ("custom", r#"{"x":-9007199254740992}"#),
            ("from.the.future", r#"{"x":1e300}"#),
            ("survey.answered", r#"{"scale":"nps","score":"9"}"#),
            ("survey.answered", r#"{"scale":"nps","score":11}"#),
            ("survey.answered", r#"{"scale":"mood","score":0}"#),
            ("survey.answered", r#"{"scale":"ces","score":4.5}"#),
            ("survey.answered", r#"{"scale":"ces","score":true}"#),
            ("video.progress", r#"{"at":"12"}"#),
            ("video.progress", r#"{"at":-1}"#),
            ("guide.started", r#"{"stop":"1"}"#),
            ("step.snoozed", r#"{"until":"tomorrow"}"#),
        ] {
            assert_eq!(verdict(kind, data), Some("bad_number"), "{kind} {data}");
        }
        for (kind, data) in [
            ("custom", r#"{"x":9007199254740991,"y":-9007199254740991,"z":0,"w":0.1,"t":"9"}"#),
            ("survey.answered", r#"{"scale":"nps","score":0}"#),
            ("survey.answered", r#"{"scale":"nps"}"#),
            ("survey.answered", r#"{"scale":"csat","score":5}"#),
            ("video.progress", r#"{"at":0,"percent":25}"#),
            ("step.snoozed", r#"{"until":0}"#),
        ] {
            assert_eq!(verdict(kind, data), None, "{kind} {data}");
        }
    }

    #[test]
    fn texts_that_are_none_are_named() {
        for data in [r#"{"x":"\ud800"}"#, r#"{"x":"\udc00a"}"#, r#"{"\ud83d":1}"#, r#"{"x":"\ud800\u0041"}"#]
        {
            assert_eq!(verdict("custom", data), Some("bad_text"), "{data}");
        }
        for data in ["{\"x\":NaN}", "{\"x\":Infinity}", "{\"x\":null}", "[]"] {
            assert_eq!(verdict("custom", data), Some("malformed_event"), "{data}");
        }
        assert_eq!(verdict("custom", r#"{"x":"\ud83d\ude00\u0000"}"#), None);
    }
}
