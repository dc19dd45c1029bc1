//! A guide on its way: which stop, whether its control is there, and what comes next.

mod hearing;
mod pointing;
mod road;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Reflect;
use protocol::{Stop, Wait};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Window};

use crate::Page;
use crate::card::{Card, Face, focus};
use crate::host::{self, Until};
use crate::layer::Layer;
use crate::plan::{self, field};
use crate::texts::{Texts, texts};

/// How long a control may take to appear, in milliseconds.
const PATIENCE: u32 = 5_000;
/// How long only a control is taken that everything agrees on.
const SURE: u32 = 1_500;
/// How long the next page may take to come by itself.
const ROUTE: u32 = 1_500;
/// Until a screen reader is told that something is looked for.
const QUIET: u32 = 1_000;

/// What is there at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Another tab shows the guide.
    Elsewhere,
    /// The control is looked for.
    Seeking,
    /// The control is pointed at.
    Shown,
    /// The control did not come.
    Missing,
    /// The control is on another page.
    Away,
}

/// What is true of a stop so far.
#[derive(Clone, Copy, Default)]
struct Stage {
    /// Its action was done; the next stop is on its way.
    done: bool,
    /// Its control was brought into view: that happens once, and then the page is the person's.
    revealed: bool,
    /// It was reported.
    told: bool,
    /// Enough time has passed to take a control that not everything agrees on.
    patient: bool,
}

/// The whole guide; its owner is the widget's glue.
pub struct Run {
    page: Page,
    me: Weak<Run>,
    window: Window,
    document: Document,
    texts: &'static Texts,
    step: String,
    title: String,
    link: Option<String>,
    stops: Vec<Stop<String>>,
    at: Cell<usize>,
    /// Whether an earlier stop was done here, so that the person is on the way.
    came: Cell<bool>,
    /// The furthest stop that was reached.
    furthest: Cell<usize>,
    phase: Cell<Phase>,
    /// The address that the stop began at.
    path: RefCell<String>,
    /// Whether the person waits for an answer to a press.
    asked: Cell<bool>,
    /// What is true of this stop so far.
    stage: Cell<Stage>,
    layer: RefCell<Option<Layer>>,
    card: RefCell<Option<Card>>,
    target: RefCell<Option<Element>>,
    /// What goes on in the page for this stop.
    going: RefCell<Vec<Until>>,
    timers: RefCell<Vec<Timeout>>,
    lock: RefCell<Option<Until>>,
    keys: RefCell<Option<EventListener>>,
}

impl Run {
    /// Begins at a stop, counted from 1.
    pub fn begin(page: Page, step: &JsValue, at: usize, wanted: bool) -> Rc<Self> {
        let window = web_sys::window().unwrap_or_else(|| JsValue::NULL.unchecked_into());
        let document = window.document().unwrap_or_else(|| JsValue::NULL.unchecked_into());
        let word = |name| field(step, name).as_string();
        let stops = plan::stops(&field(step, "guide"));
        let at = at.clamp(1, stops.len().max(1)) - 1;
        let (texts, owner) = (texts(&page.locale()), page.owner());
        let run = Rc::new_cyclic(|me| Self {
            me: me.clone(),
            texts,
            step: word("id").unwrap_or_default(),
            title: word("title").unwrap_or_default(),
            link: word("link"),
            stops,
            at: Cell::new(at),
            furthest: Cell::new(at),
            phase: Cell::new(Phase::Elsewhere),
            path: RefCell::default(),
            asked: Cell::new(wanted),
            stage: Cell::default(),
            came: Cell::default(),
            layer: RefCell::new(Layer::new(
                &document,
                &page.sheets(),
                &page.locale(),
                [("data-theme", page.theme()), ("data-layer", page.layer())],
            )),
            card: RefCell::default(),
            target: RefCell::default(),
            going: RefCell::default(),
            timers: RefCell::default(),
            lock: RefCell::default(),
            keys: RefCell::default(),
            page,
            window,
            document,
        });
        host::ours(&run.page.host());
        run.hear_keys();
        let (show, lost) = (run.weakly(move |run| run.enter(wanted)), run.weakly(|run| run.end("replaced")));
        let lock = host::alone_as(&owner, wanted, show, lost);
        *run.lock.borrow_mut() = Some(lock);
        run
    }

    /// A function that runs on this guide while there is one.
    fn weakly(&self, run: impl Fn(&Rc<Self>) + 'static) -> impl Fn() + 'static {
        let me = self.me.clone();
        move || {
            if let Some(me) = me.upgrade() {
                run(&me);
            }
        }
    }

    fn stop(&self) -> Option<&Stop<String>> {
        self.stops.get(self.at.get())
    }

    /// The place is this tab's: on from where it stood.
    fn enter(self: &Rc<Self>, wanted: bool) {
        if !wanted {
            // Another tab may have gone on, or ended it, while this one waited.
            match self.page.standing(&self.step) as usize {
                0 => return self.page.over(false),
                stop => self.at.set(stop.min(self.stops.len()) - 1),
            }
        }
        // A stop that waited for another page may have got it by the load that began this guide.
        let waits = self.stop().is_some_and(|stop| stop.wait == Wait::Navigation && stop.to.is_none());
        match waits && self.page.stood_at().is_some_and(|from| from != self.here()) {
            true => self.onwards(),
            false => self.go(self.at.get()),
        }
    }

    /// To a stop, counted from 0; past the last one the guide is finished.
    fn go(self: &Rc<Self>, at: usize) {
        self.leave_stop();
        self.stage.take();
        if at >= self.stops.len() {
            return self.end("finished");
        }
        self.at.set(at);
        self.furthest.set(self.furthest.get().max(at));
        *self.path.borrow_mut() = self.here();
        self.remember(at);
        self.look();
    }

    /// This stop is done.
    fn onwards(self: &Rc<Self>) {
        self.came.set(true);
        self.go(self.at.get() + 1);
    }

    fn remember(&self, at: usize) {
        self.page.stand(&self.step, u32::try_from(at + 1).unwrap_or(1), &self.here());
    }

    /// Looks for the control of this stop.
    fn look(self: &Rc<Self>) {
        let Some(stop) = self.stop() else { return };
        if self.holds(stop) {
            return self.onwards();
        }
        if !self.is_here(stop) {
            self.phase.set(Phase::Away);
            // Whoever has just pressed something is on the way there, or wants to be told the way.
            if self.asked.get() || self.came.get() {
                let wait = if self.asked.get() { 0 } else { ROUTE };
                self.later(wait, |run| {
                    run.face(&Face::Away(run.address().as_deref()));
                    let redraw = run.weakly(|run| run.draw(None));
                    run.going.borrow_mut().push(host::watching(redraw));
                });
            }
            return;
        }
        self.phase.set(Phase::Seeking);
        let changed = self.weakly(|run| run.attach());
        self.going.borrow_mut().push(host::watching(changed));
        self.later(SURE, |run| {
            run.mark(|stage| stage.patient = true);
            run.attach();
        });
        self.later(PATIENCE, |run| run.give_up());
        self.later(QUIET, |run| run.say(run.texts.seeking));
        self.attach();
    }

    /// Something has become true of this stop.
    fn mark(&self, change: impl FnOnce(&mut Stage)) {
        let mut stage = self.stage.get();
        change(&mut stage);
        self.stage.set(stage);
    }

    /// Over, for one of six reasons.
    pub fn end(self: &Rc<Self>, reason: &str) {
        let was_here = self.phase.get() != Phase::Elsewhere;
        let (focused, target) = (self.has_focus(), self.target.take());
        self.leave_stop();
        self.phase.set(Phase::Elsewhere);
        self.layer.take();
        self.keys.take();
        if was_here {
            self.tell("guide.ended", &[("reason", reason.into())]);
        }
        if reason != "replaced" {
            // Before another tab may go on.
            self.page.stand(&self.step, 0, "");
            let control = target
                .as_ref()
                .and_then(|target| host::focusable(target, false))
                .filter(|_| focused && reason != "closed");
            if let Some(control) = &control {
                focus(control);
            }
            self.page.over(focused && control.is_none());
        }
        self.lock.take();
    }

    /// Takes down what belongs to this stop; the layer stays, closed.
    fn leave_stop(&self) {
        let focused = self.has_focus();
        self.settle();
        self.target.take();
        self.card.take();
        if let Some(layer) = &*self.layer.borrow() {
            layer.close();
        }
        // The next card takes the focus up again.
        self.asked.set(self.asked.get() || focused);
    }

    fn has_focus(&self) -> bool {
        self.layer.borrow().as_ref().is_some_and(Layer::has_focus)
    }

    fn settle(&self) {
        drop(self.going.take());
        self.timers.borrow_mut().clear();
    }

    fn later(&self, wait: u32, run: impl Fn(&Rc<Self>) + 'static) {
        let timer = Timeout::new(wait, self.weakly(run));
        self.timers.borrow_mut().push(timer);
    }

    /// Reports an event about this stop.
    fn tell(&self, kind: &str, data: &[(&str, JsValue)]) {
        let object = js_sys::Object::new();
        for (name, value) in data.iter().chain(&[("stop", number(self.at.get() + 1))]) {
            let _ = Reflect::set(&object, &JsValue::from_str(name), value);
        }
        // A widget that is gone needs no report.
        let _ = self.page.tell().call3(&JsValue::NULL, &kind.into(), &self.step.as_str().into(), &object);
    }
}

fn number(value: usize) -> JsValue {
    JsValue::from_f64(value as f64)
}
