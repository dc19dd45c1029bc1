//! The stops of a step, as the session's reply has them: `protocol::files::Stop`, read field by field when one is
//! needed.

use protocol::files::WaitFor;

use crate::wire::{Json, Read};

/// A stop.
#[derive(Clone, Default)]
pub struct Stop {
    /// What ends it.
    pub wait: WaitFor,
    json: Json,
}

impl Stop {
    /// A text or a pattern of this stop.
    pub fn text(&self, name: &str) -> Option<String> {
        self.json.get(name)
    }

    /// How its control is found.
    pub fn target(&self) -> Json {
        self.json.field("target")
    }

    /// The stop, from 1, to which the guide returns after this one.
    pub fn repeat_from(&self) -> Option<u32> {
        self.json.get("repeat_from")
    }

    /// The least number of the fact.
    pub fn at_least(&self) -> Option<f64> {
        self.json.field("at_least").number()
    }

    /// Whether the rest of the page is out of reach meanwhile.
    pub fn is_blocking(&self) -> bool {
        self.json.or_default("blocking")
    }

    /// Whether the person is where this stop is.
    pub fn is_at(&self) -> bool {
        self.text("page").is_none_or(|page| fits(&page))
    }
}

impl Read for Stop {
    fn read(json: &Json) -> Option<Self> {
        let wait = match json.or_default::<String>("wait").as_str() {
            "input" => WaitFor::Input,
            "value" => WaitFor::Value,
            "navigation" => WaitFor::Navigation,
            "fact" => WaitFor::Fact,
            "read" => WaitFor::Read,
            _ => WaitFor::Click,
        };
        Some(Self { wait, json: json.clone() })
    }
}

/// The page's address as stops see it: path and fragment.
pub fn here() -> String {
    crate::browser::pathname() + &fragment()
}

fn fragment() -> String {
    crate::js::text(&crate::js::location(), "hash")
}

/// Whether the page fits a pattern.
pub fn fits(pattern: &str) -> bool {
    crate::browser::is_at(pattern)
}
