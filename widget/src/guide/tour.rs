//! A guide on its way: which stop, whether its control is there, and what comes next.

mod course;
mod faces;
mod hear;
mod keyboard;
mod progress;
mod results;
mod seek;

use std::cell::Cell;
use std::rc::{Rc, Weak};

use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::layer::Layer;
use super::position::Memory;
use super::stops::Stop;
use super::tabs::Turn;
use super::texts::{Texts, texts};
use crate::state::{Data, State};
use crate::ui::{CloneCell, EventListener, Lasting, after};
use crate::wire::Json;
use results::Press;

/// What a pointer does when it goes down and up.
const POINTER: &str = "pointerdown pointerup pointercancel";

/// What a guide is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Another tab shows it, or it is over.
    Elsewhere,
    /// The control is looked for.
    Seeking,
    /// The control is pointed at.
    Shown,
    /// The control did not come.
    Missing,
    /// The control is on another page.
    Away,
    /// Something was sent; what came of it is awaited.
    Checking,
    /// The step was done elsewhere.
    Done,
}

/// What is true of this stop so far.
#[derive(Default)]
struct Stage {
    /// The person did what it asks for.
    done: Cell<bool>,
    /// Something was entered into the control.
    edited: Cell<bool>,
    /// The control was brought into view.
    revealed: Cell<bool>,
    /// It was reported that it is shown.
    reported: Cell<bool>,
    /// A control is taken that not everything agrees on.
    patient: Cell<bool>,
    /// The card gave the focus to the control once.
    handed: Cell<bool>,
}

impl Stage {
    /// Nothing is true of another stop yet.
    fn reset(&self) {
        let Self { done, edited, revealed, reported, patient, handed } = self;
        for one in [done, edited, revealed, reported, patient, handed] {
            one.set(false);
        }
    }
}

/// A guide through the stops of a step.
pub struct Tour {
    me: CloneCell<Weak<Self>>,
    state: State,
    texts: &'static Texts,
    memory: Rc<Memory>,
    step: StepId,
    title: String,
    link: Option<String>,
    stops: Vec<Stop>,
    /// Whether the step was done when the person asked to be shown.
    was_done: bool,
    at: Cell<usize>,
    /// The furthest stop that was reached.
    furthest: Cell<usize>,
    phase: Cell<Phase>,
    /// Whether an earlier stop was done here, so that the person is on the way.
    came: Cell<bool>,
    /// Whether the person waits for an answer to a press.
    asked: Cell<bool>,
    /// The stop that a reload is made up for: stops before it whose control holds what they ask for are passed.
    resumed: Cell<Option<usize>>,
    /// The address that the stop began at.
    path: CloneCell<String>,
    stage: Stage,
    /// The field that was refused, if one was; the card is there until it is put right.
    refused: CloneCell<JsValue>,
    /// What is wrong with it, or with what was sent; may be empty for a field.
    complaint: CloneCell<String>,
    /// What the field held, when the refusal was the answer to something that was sent.
    answered: CloneCell<Option<String>>,
    /// The last press that sent something.
    press: CloneCell<Option<Rc<Press>>>,
    /// The stop whose form the page before this one sent.
    sent: Cell<Option<usize>>,
    /// The address that a refused form came back at, which stands for the form's own.
    returned: CloneCell<String>,
    /// How far the step was when something was sent.
    had: Cell<u32>,
    /// Whether a card says that it is being checked.
    says_checking: Cell<bool>,
    layer: Layer,
    /// The control that is pointed at; undefined while none is.
    target: CloneCell<JsValue>,
    /// What goes on for this stop.
    going: Cell<Vec<Box<dyn Lasting>>>,
    is_over: Cell<bool>,
    /// Whether a pointer is down: nothing of ours moves until it is up, so that it goes up on what it went down on.
    is_pressing: Cell<bool>,
    /// What waits for that.
    owed: Cell<Option<fn(&Self)>>,
    /// What is said as soon as a screen reader listens.
    announced: CloneCell<String>,
    listeners: Cell<Vec<EventListener>>,
    turn: Cell<Option<Rc<Turn>>>,
}

impl Tour {
    /// Begins at stop `at`, counted from 1. `wanted` says that the person asked for it just now; otherwise it goes on
    /// where it stood, unless another tab shows it. None for a step without stops.
    pub fn begin(
        state: State,
        memory: &Rc<Memory>,
        json: &Json,
        at: usize,
        wanted: bool,
    ) -> Option<Rc<Self>> {
        let stops: Vec<Stop> = json.get("guide")?;
        let at = at.min(stops.len()).checked_sub(1)?;
        let step = StepId(json.get("id")?);
        let tour = Rc::new(Self {
            me: CloneCell::default(),
            state,
            texts: texts(&state.locale()),
            memory: Rc::clone(memory),
            was_done: progress::is_done(state, &step),
            step,
            title: json.or_default("title"),
            link: json.get("link"),
            stops,
            at: Cell::new(at),
            furthest: Cell::new(at),
            phase: Cell::new(Phase::Elsewhere),
            came: Cell::default(),
            asked: Cell::new(wanted),
            resumed: Cell::default(),
            path: CloneCell::default(),
            stage: Stage::default(),
            refused: CloneCell::default(),
            complaint: CloneCell::default(),
            answered: CloneCell::default(),
            press: CloneCell::default(),
            sent: Cell::default(),
            returned: CloneCell::default(),
            had: Cell::default(),
            says_checking: Cell::default(),
            layer: Layer::new(state),
            target: CloneCell::default(),
            going: Cell::default(),
            is_over: Cell::default(),
            is_pressing: Cell::default(),
            owed: Cell::default(),
            announced: CloneCell::default(),
            listeners: Cell::default(),
            turn: Cell::default(),
        });
        tour.me.set(Rc::downgrade(&tour));
        let mut listeners = tour.hear(&crate::js::window(), "keydown", Self::pressed_key);
        listeners.extend(tour.hear(&crate::js::window(), POINTER, Self::moved_pointer));
        listeners.extend(tour.hear(&tour.layer.root, "click", Self::pressed_button));
        tour.listeners.set(listeners);
        let enter = tour.then(if wanted { |tour| tour.enter(true) } else { |tour| tour.enter(false) });
        let turn = Turn::take(&state.owner(), wanted, Box::new(enter), Box::new(tour.then(Self::lost)));
        tour.turn.set(Some(turn));
        Some(tour)
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Something that runs with this guide, unless it is over by then.
    fn then(&self, run: fn(&Self)) -> impl Fn() + 'static {
        let me = self.me.get();
        move || {
            if let Some(tour) = me.upgrade().filter(|tour| !tour.is_over()) {
                run(&tour);
            }
        }
    }

    fn later(&self, wait: u32, run: fn(&Self)) {
        self.keep(after(wait, self.then(run)));
    }

    /// Listens for events with this guide, unless it is over by then.
    fn hear(&self, target: &JsValue, names: &'static str, run: fn(&Self, &Event)) -> Vec<EventListener> {
        let me = self.me.get();
        let run: Rc<dyn Fn(&Event)> = Rc::new(move |event| {
            if let Some(tour) = me.upgrade().filter(|tour| !tour.is_over()) {
                run(&tour, event);
            }
        });
        EventListener::all(target, names, &run)
    }

    fn keep(&self, value: impl Lasting + 'static) {
        self.keep_boxed(Box::new(value));
    }

    fn keep_boxed(&self, value: Box<dyn Lasting>) {
        let mut going = self.going.take();
        going.push(value);
        self.going.set(going);
    }

    #[inline(never)]
    fn stop(&self) -> Stop {
        self.stops.get(self.at.get()).cloned().unwrap_or_default()
    }

    /// Nothing is to be put right any more.
    fn forgive(&self) {
        self.refused.take();
        self.complaint.take();
        self.answered.take();
    }

    fn is_last(&self) -> bool {
        self.at.get() + 1 == self.stops.len()
    }

    /// Reports an event about this stop.
    fn tell(&self, kind: EventKind, mut data: Data) {
        data.push(("stop".to_owned(), FactValue::Number((self.at.get() + 1) as f64)));
        self.state.happened(kind, Some(&self.step), data);
    }
}

fn reason(why: &str) -> (String, FactValue) {
    ("reason".to_owned(), FactValue::Text(why.to_owned()))
}
