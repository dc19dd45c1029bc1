//! A guide on its way: which stop, whether its control is there, and what comes next.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use journey::condition::path_matches;
use js_sys::Reflect;
use protocol::{Stop, Wait};
use texts::fill;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Window};

use crate::Page;
use crate::card::{Ask, Card, Face, Words, focus};
use crate::host::{self, Sight, Until};
use crate::keys;
use crate::layer::Layer;
use crate::plan::{self, field};
use crate::score;
use crate::texts::{Texts, texts};

/// How long a control may take to appear, in milliseconds.
const PATIENCE: u32 = 5_000;
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
    /// The furthest stop that was reached.
    furthest: Cell<usize>,
    phase: Cell<Phase>,
    /// The address that the stop began at.
    path: RefCell<String>,
    /// Whether the person waits for an answer to a press.
    asked: Cell<bool>,
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
            layer: RefCell::new(Layer::new(&document, &page.sheets(), &page.locale(), &page.theme())),
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
        run.hear_keys();
        let (show, lost) = (run.weakly(|run| run.enter()), run.weakly(|run| run.end("replaced")));
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

    fn here(&self) -> String {
        self.window.location().pathname().unwrap_or_default()
    }

    fn is_here(&self, stop: &Stop<String>) -> bool {
        stop.page.as_ref().is_none_or(|page| path_matches(page, &self.here()))
    }

    fn rtl(&self) -> bool {
        let root = self.document.document_element();
        let style = root.and_then(|root| self.window.get_computed_style(&root).ok().flatten());
        style.is_some_and(|style| style.get_property_value("direction").is_ok_and(|way| way == "rtl"))
    }

    /// The place is this tab's: on from where it stood.
    fn enter(self: &Rc<Self>) {
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
        self.go(self.at.get() + 1);
    }

    fn remember(&self, at: usize) {
        self.page.stand(&self.step, u32::try_from(at + 1).unwrap_or(1), &self.here());
    }

    /// Looks for the control of this stop.
    fn look(self: &Rc<Self>) {
        let Some(stop) = self.stop() else { return };
        let is_there = stop.wait == Wait::Navigation
            && stop.to.as_ref().is_some_and(|to| path_matches(to, &self.here()));
        if is_there || stop.wait == Wait::Fact && plan::holds(stop, &self.page.facts()) {
            return self.onwards();
        }
        if !self.is_here(stop) {
            self.phase.set(Phase::Away);
            // Whoever has just pressed something is on the way there, or wants to be told the way.
            let was_here = self.asked.get() || self.furthest.get() > 0;
            if was_here {
                let wait = if self.asked.get() { 0 } else { ROUTE };
                self.later(wait, |run| run.face(&Face::Away(run.address().as_deref())));
            }
            return;
        }
        self.phase.set(Phase::Seeking);
        let changed = self.weakly(|run| run.attach());
        self.going.borrow_mut().push(host::watching(changed));
        self.later(PATIENCE, |run| run.give_up());
        self.later(QUIET, |run| run.say(run.texts.seeking));
        self.attach();
    }

    /// Where the stop's page is, when that can be told.
    fn address(&self) -> Option<String> {
        let page = self.stop()?.page.as_ref()?;
        let fits = |link: &&String| path_matches(page, link.split(['?', '#']).next().unwrap_or_default());
        self.link.as_ref().filter(fits).or_else(|| (!page.contains('*')).then_some(page)).cloned()
    }

    /// Points at the control when it is there and can be reached.
    fn attach(self: &Rc<Self>) {
        if self.phase.get() != Phase::Seeking {
            return;
        }
        let Some(stop) = self.stop() else { return };
        let Some(element) = host::find(&stop.target) else { return };
        let reach = || Sight::of(&element).filter(|sight| sight.is_reachable());
        // What can be seen is left where it is.
        let seen = reach().filter(|sight| sight.complete).or_else(|| {
            host::reveal(&element);
            reach()
        });
        let Some(sight) = seen else { return };
        self.settle();
        self.phase.set(Phase::Shown);
        *self.target.borrow_mut() = Some(element.clone());
        let heard = self.me.clone();
        let done = move |kind: &str, value: &str| {
            if let Some(run) = heard.upgrade() {
                run.heard(kind, value);
            }
        };
        self.face(&Face::Stop { wait: stop.wait, text: &stop.text, frame: sight.frame });
        let mut going = vec![host::hearing(&element, done)];
        if stop.blocking
            && let Some(layer) = &*self.layer.borrow()
        {
            going.push(host::holding(&element, layer.host()));
        }
        going.push(host::following(&element, self.weakly(|run| run.moved())));
        self.going.borrow_mut().extend(going);
        let data = [("stop", number(self.at.get() + 1)), ("of", number(self.stops.len()))];
        self.tell("guide.started", &data);
    }

    /// The control may have moved, changed or gone.
    fn moved(self: &Rc<Self>) {
        if self.phase.get() != Phase::Shown {
            return;
        }
        let target = self.target.borrow().clone();
        let sight = target.as_ref().and_then(Sight::of);
        let is_out_of_view = sight.is_some_and(|sight| sight.seen.area() == 0.0);
        match sight {
            Some(sight) if sight.is_reachable() || is_out_of_view => self.draw(Some(sight)),
            // At once, so that nothing points at where it was.
            _ => {
                self.leave_stop();
                self.look();
            }
        }
    }

    fn draw(&self, sight: Option<Sight>) {
        let blocking = self.stop().is_some_and(|stop| stop.blocking);
        if let (Some(layer), Some(card)) = (&*self.layer.borrow(), &*self.card.borrow()) {
            layer.draw(sight, blocking, card, self.rtl());
        }
    }

    /// It did not come in time.
    fn give_up(self: &Rc<Self>) {
        if self.phase.get() != Phase::Seeking {
            return;
        }
        self.phase.set(Phase::Missing);
        let tried = self.stop().map(|stop| score::names(score::declared(&stop.target))).unwrap_or_default();
        let data =
            [("stop", number(self.at.get() + 1)), ("tried", tried.into()), ("waited", PATIENCE.into())];
        self.tell("guide.target_missing", &data);
        self.face(&Face::Missing);
    }

    /// Shows a card.
    fn face(self: &Rc<Self>, face: &Face<'_>) {
        let Some(stop) = self.stop() else { return };
        let me = self.me.clone();
        let ask: Rc<dyn Fn(Ask)> = Rc::new(move |ask| {
            if let Some(run) = me.upgrade() {
                run.asked(ask);
            }
        });
        let is_stop = matches!(face, Face::Stop { .. });
        let words = Words {
            title: stop.title.as_ref().unwrap_or(&self.title),
            at: self.at.get(),
            of: self.stops.len(),
            blocking: stop.blocking && is_stop,
        };
        let layer = self.layer.borrow();
        let (Some(layer), Some(card)) = (&*layer, Card::new(&self.document, self.texts, &words, face, &ask))
        else {
            return;
        };
        let had_focus = layer.has_focus();
        let target = self.target.borrow().clone().filter(|_| is_stop);
        layer.open(target.as_ref(), self.rtl());
        layer.show(&card);
        let title = words.title.to_owned();
        let takes_focus = had_focus || words.blocking || self.asked.take() || self.nobody_is_busy();
        *self.card.borrow_mut() = Some(card);
        self.draw(target.as_ref().and_then(Sight::of));
        if takes_focus && let Some(card) = &*self.card.borrow() {
            card.focus();
        }
        let (n, m) = ((words.at + 1).to_string(), words.of.to_string());
        layer.say(&fill(self.texts.announce, &[("title", &title), ("n", &n), ("m", &m)]));
    }

    fn say(&self, text: &str) {
        if let Some(layer) = &*self.layer.borrow() {
            if !layer.is_open() {
                layer.open(None, self.rtl());
            }
            layer.say(text);
        }
    }

    /// Whether the focus is nowhere that a person could miss it.
    fn nobody_is_busy(&self) -> bool {
        self.document
            .active_element()
            .is_none_or(|active| active.tag_name() == "BODY" || active.id() == "tabiji")
    }

    /// People did something to the control.
    fn heard(self: &Rc<Self>, kind: &str, value: &str) {
        let Some(stop) = self.stop() else { return };
        let left = kind == "change" || kind == "focusout";
        let done = match stop.wait {
            Wait::Click => kind == "click",
            Wait::Input => left && !value.trim().is_empty(),
            Wait::Value => stop.value.as_deref() == Some(value),
            Wait::Navigation | Wait::Fact | Wait::Read => false,
        };
        if done && self.phase.get() == Phase::Shown {
            // The page may go away by this very press: what is next is remembered before it does.
            match self.at.get() + 1 {
                next if next < self.stops.len() => self.remember(next),
                _ => self.page.stand(&self.step, 0, ""),
            }
            // The page's own listeners come first.
            self.going.borrow_mut().clear();
            self.later(0, Self::onwards);
        }
    }

    /// The collector knows more than before.
    pub fn news(self: &Rc<Self>) {
        let waits =
            self.stop().is_some_and(|stop| stop.wait == Wait::Fact && plan::holds(stop, &self.page.facts()));
        if waits && self.phase.get() != Phase::Elsewhere {
            self.onwards();
        }
    }

    /// The page's address may have changed.
    pub fn routed(self: &Rc<Self>) {
        let Some(stop) = self.stop() else { return };
        let phase = self.phase.get();
        if phase == Phase::Elsewhere {
            return;
        }
        let came = match &stop.to {
            Some(to) => path_matches(to, &self.here()),
            None => *self.path.borrow() != self.here(),
        };
        if stop.wait == Wait::Navigation && came {
            return self.onwards();
        }
        match (phase, self.is_here(stop)) {
            (Phase::Away, true) => {
                self.leave_stop();
                self.look();
            }
            (Phase::Away, false) | (_, true) => {}
            (_, false) => {
                self.leave_stop();
                self.phase.set(Phase::Away);
                self.tell(
                    "guide.ended",
                    &[("reason", "navigated".into()), ("stop", number(self.at.get() + 1))],
                );
            }
        }
    }

    fn asked(self: &Rc<Self>, ask: Ask) {
        let at = self.at.get();
        let reads = self.stop().is_some_and(|stop| stop.wait == Wait::Read);
        match ask {
            Ask::Close if self.phase.get() == Phase::Missing => self.end("target_missing"),
            Ask::Close => self.end("closed"),
            Ask::Skip if at + 1 == self.stops.len() => self.end("skipped"),
            Ask::Skip => self.go(at + 1),
            // Forward only over what needs nothing done, or was passed before.
            Ask::Next if reads || at < self.furthest.get() => self.go(at + 1),
            Ask::Next => {}
            Ask::Back => self.go(at.saturating_sub(1)),
            Ask::Retry => {
                self.leave_stop();
                self.look();
            }
        }
    }

    /// Over, for one of six reasons.
    pub fn end(self: &Rc<Self>, reason: &str) {
        let was_here = self.phase.get() != Phase::Elsewhere;
        let (focused, target) = (self.has_focus(), self.target.take());
        self.leave_stop();
        self.phase.set(Phase::Elsewhere);
        self.layer.take();
        self.keys.take();
        self.lock.take();
        if was_here {
            self.tell("guide.ended", &[("reason", reason.into()), ("stop", number(self.at.get() + 1))]);
        }
        if reason != "replaced" {
            self.page.stand(&self.step, 0, "");
            let control = target.as_ref().and_then(host::focusable).filter(|_| focused && reason != "closed");
            if let Some(control) = &control {
                focus(control);
            }
            self.page.over(focused && control.is_none());
        }
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
        let going = self.going.take();
        drop(going);
        self.timers.borrow_mut().clear();
    }

    fn later(&self, wait: u32, run: impl Fn(&Rc<Self>) + 'static) {
        let timer = Timeout::new(wait, self.weakly(run));
        self.timers.borrow_mut().push(timer);
    }

    fn hear_keys(self: &Rc<Self>) {
        let me = self.me.clone();
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
        let pressed = EventListener::new_with_options(&self.window, "keydown", options, move |event| {
            if let Some(run) = me.upgrade() {
                run.pressed(event);
            }
        });
        *self.keys.borrow_mut() = Some(pressed);
    }

    fn pressed(self: &Rc<Self>, event: &web_sys::Event) {
        let blocking = self.phase.get() == Phase::Shown && self.stop().is_some_and(|stop| stop.blocking);
        let target = self.target.borrow().clone();
        let card = self.card.borrow().as_ref().map(|card| card.element().clone());
        let Some(card) = card else { return };
        if blocking && let Some(target) = &target {
            keys::cycle(event, &card, target);
        }
        // Keys belong to the guide inside its card, and Escape where nothing else has the focus, too.
        let nowhere = self.nobody_is_busy();
        let Some(ask) =
            keys::asked(event, self.rtl()).filter(|ask| self.has_focus() || nowhere && *ask == Ask::Close)
        else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        self.asked(ask);
    }

    fn tell(&self, kind: &str, data: &[(&str, JsValue)]) {
        let object = js_sys::Object::new();
        for (name, value) in data {
            let _ = Reflect::set(&object, &JsValue::from_str(name), value);
        }
        // A widget that is gone needs no report.
        let _ = self.page.tell().call3(&JsValue::NULL, &kind.into(), &self.step.as_str().into(), &object);
    }
}

fn number(value: usize) -> JsValue {
    JsValue::from_f64(value as f64)
}
