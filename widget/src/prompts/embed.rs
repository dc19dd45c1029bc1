//! `<tabiji-checklist>`: a place in the host's own page where the checklist stands instead of floating.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{HtmlElement, ShadowRoot};

use super::local_time::monotonic;
use crate::browser;
use crate::js::{document, get, invoke, is, list, number, set, text};
use crate::state::State;
use crate::ui::{EventListener, Observer, Timeout, after, is_escape, listen, next_frame};
use crate::wire::object;

/// Moves within a time, in milliseconds, after which a page that takes the checklist out again is let.
const MOVES: usize = 8;
const WITHIN: f64 = 5_000.0;
const PLACE: &str = "tabiji-checklist";
/// What hides a place.
const HIDES: [&str; 4] = ["hidden", "class", "style", "open"];

/// Moves the widget between its place in the page and its corner.
pub struct Embed {
    state: State,
    /// The widget's element and what is in it: they outlive the state at the end.
    host: HtmlElement,
    root: ShadowRoot,
    me: Weak<Self>,
    /// Whether the widget floats in the browser's top layer when it has no place.
    floats: bool,
    /// Every place in the page, as a live list.
    places: JsValue,
    home: RefCell<JsValue>,
    within: RefCell<Option<JsValue>>,
    moves: RefCell<Vec<f64>>,
    waiting: Cell<Option<Timeout>>,
    due: Cell<bool>,
    tree: OnceCell<Observer>,
    keys: Cell<Option<EventListener>>,
}

impl Embed {
    /// Looks for a place from now on.
    pub fn new(state: State) -> Rc<Self> {
        let host = state.host();
        let embed = Rc::new_cyclic(|me| Self {
            state,
            host: host.clone(),
            root: state.root(),
            me: me.clone(),
            floats: !text(&host, "popover").is_empty(),
            places: invoke(&document(), "getElementsByTagName", &[PLACE.into()]),
            home: RefCell::new(get(&host, "parentNode")),
            within: RefCell::default(),
            moves: RefCell::default(),
            waiting: Cell::default(),
            due: Cell::default(),
            tree: OnceCell::new(),
            keys: Cell::default(),
        });
        embed.listen();
        embed.watch();
        embed.settle();
        embed
    }

    /// Moves the widget to where it belongs now.
    pub fn settle(&self) {
        let host = &self.host;
        let is_lost = self.within.borrow().is_none() && !is(host, "isConnected");
        // A page that was written again has a widget of its own.
        let other = invoke(&document(), "getElementById", &[get(host, "id")]);
        if is_lost || other.is_object() && other != *AsRef::<JsValue>::as_ref(host) {
            return;
        }
        // Without a parent the page took it out. When that was its end, that is known in a moment.
        let waited = self.waiting.take().is_some();
        if get(host, "parentNode").is_null() && !waited {
            let me = self.me.clone();
            let again = after(0, move || {
                if let Some(embed) = me.upgrade() {
                    embed.settle();
                }
            });
            self.waiting.set(Some(again));
            return;
        }
        self.move_to_place();
        self.open();
    }

    fn move_to_place(&self) {
        let now = monotonic();
        self.moves.borrow_mut().retain(|at| now - at < WITHIN);
        let place = if self.moves.borrow().len() < MOVES { self.place() } else { None };
        let within = self.within.borrow().clone();
        let is_same = match (&place, &within) {
            (Some(place), Some(within)) => place == within && get(&self.host, "parentNode") == *within,
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            self.moves.borrow_mut().push(now);
            *self.within.borrow_mut() = place.clone();
            self.put(place);
        }
    }

    /// The first place that can be seen.
    fn place(&self) -> Option<JsValue> {
        let all = (0..number(&self.places, "length") as u32).map(|at| get(&self.places, &at.to_string()));
        all.into_iter().find(|place| invoke(place, "checkVisibility", &[]).is_truthy())
    }

    /// Puts the widget into a place, or back to its corner.
    fn put(&self, place: Option<JsValue>) {
        let host = &self.host;
        let active = browser::active(&self.root);
        let shows = || invoke(host, "matches", &[":popover-open".into()]).is_truthy();
        if self.floats && is(host, "isConnected") && shows() {
            invoke(host, "hidePopover", &[]);
        }
        invoke(host, "toggleAttribute", &["data-inline".into(), place.is_some().into()]);
        if self.floats {
            set(host, "popover", if place.is_some() { JsValue::NULL } else { "manual".into() });
        }
        if !is(&self.home.borrow(), "isConnected") {
            *self.home.borrow_mut() = get(&document(), "body");
        }
        let floats = self.floats && place.is_none();
        invoke(&place.unwrap_or_else(|| self.home.borrow().clone()), "append", &[host.into()]);
        if floats {
            invoke(host, "showPopover", &[]);
        }
        // Moving takes the focus away.
        if let Some(active) = active {
            crate::ui::focus_element(&active);
        }
    }

    /// The panel stands where it was put: there is nothing to close.
    fn open(&self) {
        if self.within.borrow().is_some() && !self.state.open.get_untracked() {
            self.state.open_in_place();
        }
    }

    fn listen(&self) {
        let me = self.me.clone();
        let keys = listen(&self.root, "keydown", move |event| {
            if let Some(embed) = me.upgrade()
                && embed.within.borrow().is_some()
                && embed.state.place().is_none()
                && is_escape(event)
            {
                crate::ui::stop(event);
            }
        });
        self.keys.set(Some(keys));
        let me = self.me.clone();
        let changed = move || {
            if let Some(embed) = me.upgrade() {
                embed.changed();
            }
        };
        // Nothing observes yet.
        let _ = self.tree.set(Observer::new("MutationObserver", &JsValue::UNDEFINED, Box::new(changed)));
    }

    /// Looks once a frame at most.
    fn changed(&self) {
        let is_free = number(&self.places, "length") == 0.0 && self.within.borrow().is_none();
        if is_free || self.due.replace(true) {
            return;
        }
        let me = self.me.clone();
        next_frame(move || {
            if let Some(embed) = me.upgrade() {
                embed.due.set(false);
                embed.watch();
                embed.settle();
            }
        });
    }

    /// Looks at what hides only where there is something to hide.
    fn watch(&self) {
        let mut options = vec![("childList", JsValue::TRUE), ("subtree", JsValue::TRUE)];
        if number(&self.places, "length") > 0.0 {
            options.push(("attributeFilter", list(HIDES.into_iter().map(JsValue::from))));
        }
        if let Some(tree) = self.tree.get() {
            tree.observe(&get(&document(), "documentElement"), &object(&options));
        }
    }
}

impl Drop for Embed {
    fn drop(&mut self) {
        // What comes in its place, if anything does, floats.
        if self.within.take().is_some() && is(&self.host, "isConnected") {
            self.put(None);
        }
    }
}
