//! The stops of a step, as the session's reply has them.

use protocol::files::{Stop, Target, WaitFor};

use crate::wire::{Json, Read};

impl Read for Stop<String> {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            target: json.get("target")?,
            title: json.get("title"),
            text: json.get("text")?,
            wait: json.get("wait").unwrap_or_default(),
            value: json.get("value"),
            to: json.get("to"),
            fact: json.get("fact"),
            at_least: json.field("at_least").number(),
            repeat_from: json.get("repeat_from"),
            page: json.get("page"),
            blocking: json.or_default("blocking"),
        })
    }
}

impl Read for Target<String> {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            hook: json.get("hook"),
            test_id: json.get("test_id"),
            role: json.get("role"),
            name: json.get("name"),
            label: json.get("label"),
            css: json.get("css"),
        })
    }
}

impl Read for WaitFor {
    fn read(json: &Json) -> Option<Self> {
        Some(match String::read(json)?.as_str() {
            "input" => Self::Input,
            "value" => Self::Value,
            "navigation" => Self::Navigation,
            "fact" => Self::Fact,
            "read" => Self::Read,
            _ => Self::Click,
        })
    }
}

/// The page's address as stops see it: path and fragment.
pub fn here() -> String {
    [crate::browser::pathname(), fragment()].concat()
}

fn fragment() -> String {
    crate::js::text(&crate::js::location(), "hash")
}

/// Whether the page fits a pattern.
pub fn fits(pattern: &str) -> bool {
    journey::guide::route::fits(pattern, &crate::browser::pathname(), &fragment())
}

/// Whether the person is where a stop is.
pub fn is_at(stop: &Stop<String>) -> bool {
    stop.page.as_deref().is_none_or(fits)
}
