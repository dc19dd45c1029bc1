//! A guide on its way: which stop, whether its control is there, and what comes next.

mod course;
mod faces;
mod hear;
mod keyboard;
mod progress;
mod results;
mod seek;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use protocol::backend::FactValue;
use protocol::files::Stop;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;

use super::layer::Layer;
use super::position::Memory;
use super::tabs::Turn;
use super::texts::{Texts, texts};
use crate::state::{Data, State};
use crate::ui::{EventListener, after, listen};
use crate::wire::Json;
use results::Press;

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
#[derive(Clone, Copy, Default)]
struct Stage {
    /// The person did what it asks for.
    done: bool,
    /// Something was entered into the control.
    edited: bool,
    /// The control was brought into view.
    revealed: bool,
    /// It was reported that it is shown.
    reported: bool,
    /// A control is taken that not everything agrees on.
    patient: bool,
    /// The card gave the focus to the control once.
    handed: bool,
}

/// A guide through the stops of a step.
pub struct Tour {
    me: Weak<Self>,
    state: State,
    texts: &'static Texts,
    memory: Rc<Memory>,
    step: StepId,
    title: String,
    link: Option<String>,
    stops: Vec<Rc<Stop<String>>>,
    /// Whether the step was done when the person asked to be shown.
    was_done: bool,
    at: Cell<usize>,
    current: RefCell<Rc<Stop<String>>>,
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
    path: RefCell<String>,
    stage: Cell<Stage>,
    /// The field that was refused, and why; the card is there until it is put right.
    fix: RefCell<Option<(JsValue, String)>>,
    /// What went wrong, where no field is to blame.
    note: RefCell<String>,
    /// The last press that sent something.
    press: RefCell<Option<Rc<Press>>>,
    /// The stop whose form the page before this one sent.
    sent: Cell<Option<usize>>,
    /// How far the step was when something was sent.
    had: Cell<u32>,
    /// Whether a card says that it is being checked.
    says_checking: Cell<bool>,
    layer: Layer,
    target: RefCell<Option<JsValue>>,
    /// What goes on for this stop.
    going: RefCell<Vec<Box<dyn Any>>>,
    is_over: Cell<bool>,
    keys: Cell<Option<EventListener>>,
    turn: RefCell<Option<Rc<Turn>>>,
}

impl Tour {
    /// Begins at stop `at`, counted from 1. `wanted` says that the person asked for it just now; otherwise it goes on
    /// where it stood, unless another tab shows it. None for a step without stops.
    pub fn begin(state: State, memory: &Rc<Memory>, json: &Json, at: u32, wanted: bool) -> Option<Rc<Self>> {
        let stops: Vec<Stop<String>> = json.get("guide")?;
        let stops: Vec<Rc<Stop<String>>> = stops.into_iter().map(Rc::new).collect();
        let at = (at as usize).min(stops.len()).checked_sub(1)?;
        let current = RefCell::new(Rc::clone(stops.get(at)?));
        let step = StepId(json.get("id")?);
        let tour = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            state,
            texts: texts(&state.locale()),
            memory: Rc::clone(memory),
            was_done: progress::is_done(state, &step),
            step,
            title: json.or_default("title"),
            link: json.get("link"),
            stops,
            at: Cell::new(at),
            current,
            furthest: Cell::new(at),
            phase: Cell::new(Phase::Elsewhere),
            came: Cell::default(),
            asked: Cell::new(wanted),
            resumed: Cell::default(),
            path: RefCell::default(),
            stage: Cell::default(),
            fix: RefCell::default(),
            note: RefCell::default(),
            press: RefCell::default(),
            sent: Cell::default(),
            had: Cell::default(),
            says_checking: Cell::default(),
            layer: Layer::new(state),
            target: RefCell::default(),
            going: RefCell::default(),
            is_over: Cell::default(),
            keys: Cell::default(),
            turn: RefCell::default(),
        });
        let me = Weak::clone(&tour.me);
        tour.keys.set(Some(listen(&crate::js::window(), "keydown", move |event| {
            if let Some(tour) = me.upgrade() {
                tour.pressed_key(event);
            }
        })));
        let enter = tour.then(if wanted { |tour| tour.enter(true) } else { |tour| tour.enter(false) });
        let turn = Turn::take(&state.owner(), wanted, Box::new(enter), Box::new(tour.then(Self::lost)));
        *tour.turn.borrow_mut() = Some(turn);
        Some(tour)
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Something that runs with this guide, unless it is over by then.
    fn then(&self, run: fn(&Self)) -> impl Fn() + 'static {
        let me = Weak::clone(&self.me);
        move || {
            if let Some(tour) = me.upgrade().filter(|tour| !tour.is_over()) {
                run(&tour);
            }
        }
    }

    fn later(&self, wait: u32, run: fn(&Self)) {
        self.keep(after(wait, self.then(run)));
    }

    fn keep(&self, value: impl Any) {
        self.going.borrow_mut().push(Box::new(value));
    }

    fn mark(&self, change: fn(&mut Stage)) {
        let mut stage = self.stage.get();
        change(&mut stage);
        self.stage.set(stage);
    }

    fn stop(&self) -> Rc<Stop<String>> {
        Rc::clone(&self.current.borrow())
    }

    /// Makes another stop the present one.
    fn move_to(&self, at: usize) {
        if let Some(stop) = self.stops.get(at) {
            self.at.set(at);
            *self.current.borrow_mut() = Rc::clone(stop);
        }
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
