//! Where a person stands in a guide: on this device, and as other devices reported it.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::Millis;
use wasm_bindgen::JsValue;

use crate::browser::{recall, remember};
use crate::state::State;
use crate::wire::{Json, object, print};

/// A place in a guide.
#[derive(Clone, Default)]
pub struct Position {
    pub step: String,
    /// The stop, from 1; 0 when the guide is over.
    pub stop: u32,
    /// The address that the stop began at; none when another device reported it.
    pub path: Option<String>,
    /// The stop, from 1, whose form is on its way; 0 when none is.
    pub sent: u32,
    /// How far the step had come by then.
    pub had: u32,
    /// When it was noted, by the collector's clock.
    pub at: Millis,
}

/// Remembers where people stand, also should the browser refuse to.
pub struct Memory {
    state: State,
    last: RefCell<(String, Position)>,
}

impl Memory {
    /// Remembers nothing yet.
    pub fn new(state: State) -> Rc<Self> {
        Rc::new(Self { state, last: RefCell::default() })
    }

    /// Where the person who is there now stands: the newest that this device knows.
    pub fn position(&self) -> Position {
        let kept = recall(&self.state.guide_key()).and_then(|text| Json::parse(&text));
        let kept = kept.map(|json| read(&json)).unwrap_or_default();
        let (owner, last) = self.last.borrow().clone();
        if owner == self.state.owner() && last.at > kept.at { last } else { kept }
    }

    /// The person stands here now.
    pub fn stand(&self, position: Position) {
        self.keep(Position { at: self.state.now() + self.state.skew(), ..position });
    }

    /// Takes up what another device reported, where that is newer.
    pub fn take(&self, reported: &Json) {
        let reported = read(reported);
        if reported.at > self.position().at {
            self.keep(reported);
        }
    }

    fn keep(&self, position: Position) {
        let number = |number: u32| if number == 0 { JsValue::UNDEFINED } else { number.into() };
        let json = object(&[
            ("step", position.step.as_str().into()),
            ("stop", position.stop.into()),
            ("path", position.path.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)),
            ("at", (position.at as f64).into()),
            ("sent", number(position.sent)),
            ("had", number(position.had)),
        ]);
        remember(&self.state.guide_key(), Some(&print(&json)));
        *self.last.borrow_mut() = (self.state.owner(), position);
    }
}

fn read(json: &Json) -> Position {
    Position {
        step: json.or_default("step"),
        stop: json.or_default("stop"),
        path: json.get("path"),
        at: json.or_default("at"),
        sent: json.or_default("sent"),
        had: json.or_default("had"),
    }
}
