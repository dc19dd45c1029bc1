//! What the page tracks: as much of it as is let through, and how much was not.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::backend::FactValue;
use wasm_bindgen::JsValue;

use super::token_bucket::TokenBucket;
use crate::browser;
use crate::state::{Data, HostEvent, State};
use crate::ui::Timeout;
use crate::wire::{Json, Read};

/// What the developer of the page reads when it tracks too much.
const EXCESS: &str = "more than 100 calls of track at once, or 50 a second, are dropped and counted";

/// Lets through what the page may track.
pub struct Tracker {
    state: State,
    bucket: RefCell<TokenBucket>,
    /// Events beyond it that were not reported yet, and when they are.
    excess: Cell<usize>,
    report: RefCell<Option<Timeout>>,
}

impl Tracker {
    /// A tracker with every token.
    pub fn new(state: State) -> Rc<Self> {
        Rc::new(Self {
            state,
            bucket: RefCell::default(),
            excess: Cell::default(),
            report: RefCell::default(),
        })
    }

    /// The details of an event that the page tracks, unless it is one too many.
    pub fn admit(self: &Rc<Self>, name: String, props: &JsValue) -> Option<Data> {
        if !self.bucket.borrow_mut().take(browser::now()) {
            self.note_excess();
            return None;
        }
        let mut data = vec![("name".to_owned(), FactValue::Text(name))];
        for (key, value) in Json::of(props.clone()).pairs() {
            // A property may not take the place of the event's own name.
            if let (false, Some(value)) = (key == "name", FactValue::read(&value)) {
                data.push((key, value));
            }
        }
        Some(data)
    }

    /// Counts an event that was not let through. How many there were is reported once a second.
    fn note_excess(self: &Rc<Self>) {
        self.excess.set(self.excess.get() + 1);
        if self.report.borrow().is_some() {
            return;
        }
        let weak = Rc::downgrade(self);
        let report = move || {
            if let Some(tracker) = weak.upgrade() {
                tracker.report.take();
                tracker.state.notify_host(HostEvent::Error("too_fast", EXCESS));
                tracker.state.report_dropped("rate", tracker.excess.take());
            }
        };
        *self.report.borrow_mut() = Some(Timeout::new(1_000, report));
    }
}
