//! Listens to what is pressed, sent and refused in the page, and looks at it now and then.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::Event;

use super::Frustration;
use super::signals::Attempts;
use crate::browser;
use crate::js::{all, document, get, invoke, is, location, number, text, window};
use crate::marks::MARKS;
use crate::prompts::local_time::monotonic;
use crate::state::State;
use crate::ui::{EventListener, Interval, Observer, Timeout, after, listen};

/// How long the page is observed after a press, in milliseconds.
const AFTER_PRESS: u32 = 1_500;
/// How often is looked, in milliseconds.
const LOOK: u32 = 5_000;
/// Until a page that stays says what became of a form, in milliseconds.
const ANSWERS: u32 = 3_000;
const SENDS: &str = "[type=submit], button:not([type])";
const TYPES: &str = "input, textarea, select, [contenteditable]";

/// Listens until dropped.
pub struct Listening {
    _listeners: Vec<EventListener>,
    _interval: Interval,
}

impl Listening {
    /// Listens in the name of `me`.
    pub fn new(state: State, me: Weak<Frustration>) -> Self {
        let watch = Watch::new(me.clone());
        let on = |name: &'static str, run: fn(&Rc<Frustration>, &Event)| {
            let me = me.clone();
            listen(&window(), name, move |event| {
                if let Some(frustration) = me.upgrade() {
                    run(&frustration, event);
                }
            })
        };
        let pressing = me.clone();
        let pressed = listen(&window(), "click", move |event| {
            if let Some(frustration) = pressing.upgrade()
                && is_press(state, event)
            {
                watch.look_for_changes();
                press(&frustration, event);
            }
        });
        let path = RefCell::new(text(&location(), "pathname"));
        let looking = me.clone();
        let interval = Interval::new(LOOK, move || {
            if let Some(frustration) = looking.upgrade() {
                look(&frustration, &path);
            }
        });
        let listeners = vec![pressed, on("keydown", type_key), on("invalid", refuse), on("submit", send)];
        Self { _listeners: listeners, _interval: interval }
    }
}

/// Neither the widget's own controls nor what keys and scripts press.
fn is_press(state: State, event: &Event) -> bool {
    let path = invoke(event, "composedPath", &[]);
    let is_ours = invoke(&path, "includes", &[state.host().into()]).is_truthy();
    is(event, "isTrusted") && number(event, "detail") > 0.0 && !is_ours
}

fn press(frustration: &Frustration, event: &Event) {
    let at = number(event, "timeStamp");
    let target = get(event, "target");
    let within = |selector: &str| invoke(&target, "closest", &[selector.into()]).is_truthy();
    if within(SENDS) {
        sends(frustration);
    }
    let (x, y) = (number(event, "clientX"), number(event, "clientY"));
    let types = within(TYPES);
    // In a field, many presses select a text.
    frustration.judge("rage", |signals| signals.pressed(x, y, at) && !types);
}

fn type_key(frustration: &Rc<Frustration>, event: &Event) {
    if is(event, "isTrusted") && text(event, "key") == "Enter" && !is(event, "isComposing") {
        sends(frustration);
    }
}

/// The person tries to send a form.
fn sends(frustration: &Frustration) {
    frustration.signals.borrow_mut().attempts.sent = Some(browser::now());
}

fn refuse(frustration: &Rc<Frustration>, _event: &Event) {
    frustration.judge("errors", |signals| signals.attempts.refused(browser::now()));
}

/// A form is sent: this page says what becomes of it, or the next one does.
fn send(frustration: &Rc<Frustration>, _event: &Event) {
    frustration.keep_attempts();
    let me = Rc::downgrade(frustration);
    frustration.answer.set(Some(after(ANSWERS, move || {
        if let Some(frustration) = me.upgrade() {
            answer(&frustration);
        }
    })));
}

/// The page says whether it refused what was sent.
pub fn answer(frustration: &Frustration) {
    if is_refused() {
        frustration.judge("errors", |signals| signals.attempts.answered(browser::now()));
        frustration.keep_attempts();
    } else {
        frustration.signals.borrow_mut().attempts = Attempts::default();
        frustration.forget_attempts();
    }
}

fn is_refused() -> bool {
    all(&document(), MARKS).iter().any(|mark| {
        let fits = |selector: &str| invoke(mark, "matches", &[selector.into()]).is_truthy();
        let says = || fits("form *") && !text(mark, "textContent").trim_ascii().is_empty();
        (fits(TYPES) || says()) && invoke(mark, "checkVisibility", &[]).is_truthy()
    })
}

fn look(frustration: &Frustration, path: &RefCell<String>) {
    let minutes = frustration.at_hand().map(|(_, minutes)| minutes);
    let here = text(&location(), "pathname");
    if path.replace(here.clone()) != here {
        frustration.judge("back_and_forth", |signals| signals.moved(minutes.is_some(), monotonic()));
    }
    if let Some(minutes) = minutes.filter(|_| !browser::is_hidden()) {
        frustration.judge("dwell", |signals| signals.dwells(f64::from(LOOK), minutes));
    }
}

/// Observes the page for a while after a press: whether something happened after all.
struct Watch {
    mutations: Rc<Observer>,
    ends: Cell<Option<Timeout>>,
}

impl Watch {
    fn new(me: Weak<Frustration>) -> Self {
        let changed = move || {
            if let Some(frustration) = me.upgrade() {
                frustration.signals.borrow_mut().changed();
            }
        };
        let mutations = Observer::new("MutationObserver", &JsValue::UNDEFINED, Box::new(changed));
        Self { mutations: Rc::new(mutations), ends: Cell::default() }
    }

    fn look_for_changes(&self) {
        self.mutations.observe_all(&get(&document(), "body"));
        let mutations = Rc::clone(&self.mutations);
        self.ends.set(Some(after(AFTER_PRESS, move || mutations.stop())));
    }
}
