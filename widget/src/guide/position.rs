//! Where a person stands in a guide: on this device, and as other devices reported it.

use std::rc::Rc;

use protocol::Millis;
use wasm_bindgen::JsValue;

use crate::browser::{recall, remember};
use crate::state::State;
use crate::ui::CloneCell;
use crate::wire::{Json, object, print};

/// A place in a guide, as it is remembered.
#[derive(Clone, Default)]
pub struct Position(Json);

impl Position {
    /// The step; empty when the person was in no guide.
    pub fn step(&self) -> String {
        self.0.or_default("step")
    }

    /// The stop, from 1; 0 when the guide is over.
    pub fn stop(&self) -> usize {
        self.number("stop")
    }

    /// The stop, from 1, whose form is on its way; 0 when none is.
    pub fn sent(&self) -> usize {
        self.number("sent")
    }

    /// How far the step had come by then.
    pub fn had(&self) -> u32 {
        self.0.or_default("had")
    }

    /// The address that the stop began at; none when another device reported it.
    pub fn path(&self) -> Option<String> {
        self.0.get("path")
    }

    /// When it was noted, by the collector's clock.
    fn at(&self) -> Millis {
        self.0.or_default("at")
    }

    fn number(&self, name: &str) -> usize {
        self.0.or_default::<u32>(name) as usize
    }
}

/// Remembers where people stand, also should the browser refuse to.
pub struct Memory {
    state: State,
    /// Who stood where last.
    last: CloneCell<(String, Position)>,
}

impl Memory {
    /// Remembers nothing yet.
    pub fn new(state: State) -> Rc<Self> {
        Rc::new(Self { state, last: CloneCell::default() })
    }

    /// Where the person who is there now stands: the newest that this device knows.
    pub fn position(&self) -> Position {
        let kept = recall(&self.state.guide_key()).and_then(|text| Json::parse(&text));
        let kept = Position(kept.unwrap_or_default());
        let (owner, last) = self.last.get();
        if owner == self.state.owner() && last.at() > kept.at() { last } else { kept }
    }

    /// The person stands here now: at a stop of a step, from 1, with the stop whose form is on its way, and how far the
    /// step had come by then.
    pub fn stand(&self, step: &str, stop: usize, sent: usize, had: u32) {
        let now = self.state.now() + self.state.skew();
        self.keep(object(&[
            ("step", step.into()),
            ("stop", (stop as f64).into()),
            ("path", super::stops::here().into()),
            ("at", (now as f64).into()),
            ("sent", (sent as f64).into()),
            ("had", had.into()),
        ]));
    }

    /// Takes up what another device reported, where that is newer.
    pub fn take(&self, reported: Json) {
        let reported = Position(reported);
        if reported.at() > self.position().at() {
            self.keep(reported.0.value().clone());
        }
    }

    fn keep(&self, position: JsValue) {
        remember(&self.state.guide_key(), Some(&print(&position)));
        self.last.set((self.state.owner(), Position(Json::of(position))));
    }
}
