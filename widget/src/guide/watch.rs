//! Watches the host's page: whether a control may have moved, whether the page changed, and what a person does.
//! Reasons: `docs/decisions/0006-guide.md`.

use std::cell::Cell;
use std::rc::Rc;

use journey::guide::placement::Rect;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::dom::{ancestors, rect};
use crate::i18n::concat;
use crate::js::{document, get, invoke, list, number, window};
use crate::ui::{EventListener, Handle, Interval, Observer, Timeout, after, next_frame};
use crate::wire::object;

/// Frames without a move after which nothing is looked at until something wakes it.
const STILL: u32 = 10;
/// A page that changes all the time is looked at this often, in milliseconds.
const OFTEN: u32 = 60;
/// Inside shadow roots and frames nobody tells of a change, in milliseconds.
const POLL: u32 = 300;
/// What may move a control, or bring it.
const MOVES: &str =
    "scroll resize load toggle transitionrun transitionend animationstart animationend fullscreenchange";
/// The same of a window.
const SHIFTS: &str = "scroll resize";

/// Calls a function whenever a control may have moved, and on every frame until it stands still, until this is dropped.
/// Costs nothing while nothing moves.
pub struct Follow {
    element: JsValue,
    moved: Box<dyn Fn()>,
    still: Cell<u32>,
    last: Cell<Rect>,
    due: Cell<bool>,
    silent: Cell<Option<Observer>>,
    kept: Cell<Option<([Observer; 2], Vec<EventListener>)>>,
}

impl Follow {
    /// Begins to follow an element.
    pub fn new(element: &JsValue, moved: Box<dyn Fn()>) -> Rc<Self> {
        let follow = Rc::new(Self {
            element: element.clone(),
            moved,
            still: Cell::default(),
            last: Cell::default(),
            due: Cell::default(),
            silent: Cell::default(),
            kept: Cell::default(),
        });
        follow.listen();
        follow.step_soon();
        follow
    }

    fn waker(self: &Rc<Self>) -> Box<dyn Fn()> {
        let me = Handle::to(self);
        Box::new(move || me.with(|follow| follow.wake()))
    }

    fn listen(self: &Rc<Self>) {
        let owner = get(&self.element, "ownerDocument");
        let root = invoke(&self.element, "getRootNode", &[]);
        let tree = Observer::new("MutationObserver", &JsValue::UNDEFINED, self.waker());
        let size = Observer::new("ResizeObserver", &JsValue::UNDEFINED, self.waker());
        let wake = self.waker();
        let wake: Rc<dyn Fn(&Event)> = Rc::new(move |_| wake());
        let mut listeners = Vec::new();
        let mut last = JsValue::UNDEFINED;
        for target in [document(), owner, root] {
            if target != last {
                tree.observe_all(&target);
                listeners.extend(EventListener::all(&target, MOVES, &wake));
            }
            last = target;
        }
        for up in ancestors(&self.element) {
            size.observe(&up, &JsValue::UNDEFINED);
        }
        for target in [window(), get(&window(), "visualViewport")] {
            listeners.extend(EventListener::all(&target, SHIFTS, &wake));
        }
        self.kept.set(Some(([tree, size], listeners)));
    }

    fn wake(self: &Rc<Self>) {
        self.still.set(0);
        (self.moved)();
        self.step_soon();
    }

    fn step_soon(self: &Rc<Self>) {
        if !self.due.replace(true) {
            let me = Handle::to(self);
            next_frame(move || me.with(|follow| follow.step()));
        }
    }

    fn step(self: &Rc<Self>) {
        self.due.set(false);
        (self.moved)();
        let now = rect(&self.element);
        self.still.set(if self.last.replace(now) == now { self.still.get() + 1 } else { 0 });
        if self.still.get() < STILL { self.step_soon() } else { self.aim(now) }
    }

    /// Tells of a move that nothing else tells of: the window of this observer is cut to exactly the control's box.
    fn aim(self: &Rc<Self>, rect: Rect) {
        let owner = get(&self.element, "ownerDocument");
        let root = get(&owner, "documentElement");
        let (width, height) = (number(&root, "clientWidth"), number(&root, "clientHeight"));
        let mut margin = String::new();
        for edge in [rect.y, width - rect.right(), height - rect.bottom(), rect.x] {
            // A cast to a whole number saturates.
            margin = concat(&[&margin, &(-(edge + 0.5).floor() as i32).to_string(), "px "]);
        }
        let options = object(&[
            ("root", owner),
            ("rootMargin", margin.into()),
            ("threshold", list([0.0, 0.99, 1.0].into_iter().map(JsValue::from))),
        ]);
        let (wake, first) = (self.waker(), Cell::new(true));
        let tell = move || {
            if !first.replace(false) {
                wake();
            }
        };
        // Dropped first: it would tell of itself.
        self.silent.take();
        let silent = Observer::new("IntersectionObserver", &options, Box::new(tell));
        silent.observe(&self.element, &JsValue::UNDEFINED);
        self.silent.set(Some(silent));
    }
}

/// Calls a function while the page changes, at most every so often, until this is dropped.
pub struct Watch {
    changed: Box<dyn Fn()>,
    timer: Cell<Option<Timeout>>,
    is_due: Cell<bool>,
    kept: Cell<Option<(Observer, Vec<EventListener>, Interval)>>,
}

impl Watch {
    /// Begins to watch.
    pub fn new(changed: Box<dyn Fn()>) -> Rc<Self> {
        let (timer, is_due, kept) = Default::default();
        let watch = Rc::new(Self { changed, timer, is_due, kept });
        let me = Handle::to(&watch);
        let soon: Rc<dyn Fn(&Event)> = Rc::new(move |_| me.with(Self::soon));
        let mut listeners = EventListener::all(&document(), MOVES, &soon);
        listeners.extend(EventListener::all(&window(), "resize", &soon));
        let (me, again) = (Handle::to(&watch), Handle::to(&watch));
        let tree =
            Observer::new("MutationObserver", &JsValue::UNDEFINED, Box::new(move || me.with(Self::soon)));
        tree.observe_all(&document());
        let poll = Interval::new(POLL, move || again.with(Self::soon));
        watch.kept.set(Some((tree, listeners, poll)));
        watch
    }

    fn soon(self: &Rc<Self>) {
        if self.is_due.replace(true) {
            return;
        }
        let me = Handle::to(self);
        let changed = move || {
            me.with(|watch| {
                watch.is_due.set(false);
                (watch.changed)();
            });
        };
        self.timer.set(Some(after(OFTEN, changed)));
    }
}
