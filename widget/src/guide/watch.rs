//! Watches the host's page: whether a control may have moved, whether the page changed, and what a person does.
//! Reasons: `docs/decisions/0006-guide.md`.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use super::dom::{Edges, ancestors, edges};
use crate::js::{document, get, invoke, list, number, window};
use crate::ui::{Handle, Interval, Observer, Timeout, after, listen, next_frame};
use crate::wire::object;

/// Frames without a move after which nothing is looked at until something wakes it.
const STILL: u32 = 10;
/// A page that changes all the time is looked at this often, in milliseconds.
const OFTEN: u32 = 60;
/// Inside shadow roots and frames nobody tells of a change, in milliseconds.
const POLL: u32 = 300;
/// What may move a control.
const MOVES: [&str; 8] = [
    "scroll",
    "load",
    "toggle",
    "transitionrun",
    "transitionend",
    "animationstart",
    "animationend",
    "fullscreenchange",
];

type Kept = RefCell<Vec<Box<dyn Any>>>;

fn keep(kept: &Kept, value: impl Any) {
    kept.borrow_mut().push(Box::new(value));
}

/// Calls a function whenever a control may have moved, and on every frame until it stands still, until this is dropped.
/// Costs nothing while nothing moves.
pub struct Follow {
    element: JsValue,
    moved: Box<dyn Fn()>,
    still: Cell<u32>,
    last: Cell<Edges>,
    due: Cell<bool>,
    silent: Cell<Option<Observer>>,
    kept: Kept,
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
            kept: Kept::default(),
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
        let mut roots = vec![document()];
        for other in [owner, root] {
            if !roots.contains(&other) {
                roots.push(other);
            }
        }
        let tree = Observer::new("MutationObserver", &JsValue::UNDEFINED, self.waker());
        for root in roots {
            tree.observe_all(&root);
            for name in MOVES {
                self.hear(&root, name);
            }
        }
        let size = Observer::new("ResizeObserver", &JsValue::UNDEFINED, self.waker());
        for up in ancestors(&self.element) {
            size.observe(&up, &JsValue::UNDEFINED);
        }
        self.hear(&window(), "resize");
        self.hear(&get(&window(), "visualViewport"), "resize");
        self.hear(&get(&window(), "visualViewport"), "scroll");
        keep(&self.kept, tree);
        keep(&self.kept, size);
    }

    fn hear(self: &Rc<Self>, target: &JsValue, name: &'static str) {
        if target.is_object() {
            let wake = self.waker();
            keep(&self.kept, listen(target, name, move |_| wake()));
        }
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
        let now = edges(&self.element);
        self.still.set(if self.last.replace(now) == now { self.still.get() + 1 } else { 0 });
        if self.still.get() < STILL { self.step_soon() } else { self.aim(now) }
    }

    /// Tells of a move that nothing else tells of: the window of this observer is cut to exactly the control's box.
    fn aim(self: &Rc<Self>, [left, top, right, bottom]: Edges) {
        let owner = get(&self.element, "ownerDocument");
        let root = get(&owner, "documentElement");
        let (width, height) = (number(&root, "clientWidth"), number(&root, "clientHeight"));
        let mut margin = String::new();
        for edge in [top, width - right, height - bottom, left] {
            // A cast to a whole number saturates.
            margin = [&margin, &(-edge.round() as i32).to_string(), "px "].concat();
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
    kept: Kept,
}

impl Watch {
    /// Begins to watch.
    pub fn new(changed: Box<dyn Fn()>) -> Rc<Self> {
        let watch =
            Rc::new(Self { changed, timer: Cell::default(), is_due: Cell::default(), kept: Kept::default() });
        let soon = || {
            let me = Handle::to(&watch);
            move || me.with(|watch| watch.soon())
        };
        let tree = Observer::new("MutationObserver", &JsValue::UNDEFINED, Box::new(soon()));
        tree.observe_all(&document());
        keep(&watch.kept, tree);
        for (target, name) in [
            (document(), "load"),
            (document(), "transitionend"),
            (document(), "animationend"),
            (document(), "toggle"),
            (document(), "scroll"),
            (window(), "resize"),
        ] {
            let soon = soon();
            keep(&watch.kept, listen(&target, name, move |_| soon()));
        }
        keep(&watch.kept, Interval::new(POLL, soon()));
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

/// Calls a function with each event of these names in an element's tree, before the page's own listeners.
pub fn hear(element: &JsValue, names: &[&'static str], run: Rc<dyn Fn(&Event)>) -> Box<dyn Any> {
    // Some events do not leave a shadow root.
    let root = invoke(element, "getRootNode", &[]);
    let mut all = Vec::new();
    for name in names {
        let run = Rc::clone(&run);
        all.push(listen(&root, name, move |event| run(event)));
    }
    Box::new(all)
}
