//! The tabs of one browser: a guide is shown in one of them.

use std::cell::Cell;
use std::rc::Rc;

use lazy::{settled, spawn_local};
use protocol::Millis;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::i18n::concat;
use crate::ui::{Abort, Callback, CloneCell, EventListener, Handle, Timeout, after, listen};
use crate::wire::object;
use crate::{browser, js};

/// How long a lock takes when nobody has it, at most; milliseconds.
const HELD: Millis = 300;
/// How long a write takes to get to another tab of a busy browser, at most; milliseconds.
const ARRIVES: u32 = 1_000;

/// This tab's turn to show a guide; it lets go when it is dropped.
pub struct Turn {
    name: String,
    /// Takes the turn from another tab.
    steals: bool,
    asked: Millis,
    began: Cell<bool>,
    show: Box<dyn Fn()>,
    lost: Box<dyn Fn()>,
    /// Lets go of the lock; undefined while it is not held.
    release: CloneCell<JsValue>,
    ending: Abort,
    waits: Cell<Option<Timeout>>,
    seen: Cell<Option<EventListener>>,
}

impl Turn {
    /// Calls `show` when no other tab of this browser shows a guide to this person; one that `steals` makes the other
    /// tab give way. `lost` is called when another tab took over.
    pub fn take(owner: &str, steals: bool, show: Box<dyn Fn()>, lost: Box<dyn Fn()>) -> Rc<Self> {
        let turn = Rc::new(Self {
            name: concat(&["tabiji:", owner]),
            steals,
            asked: browser::now(),
            began: Cell::default(),
            show,
            lost,
            release: CloneCell::default(),
            ending: Abort::default(),
            waits: Cell::default(),
            seen: Cell::default(),
        });
        if !steals {
            let me = Handle::to(&turn);
            let seen = listen(&js::document(), "visibilitychange", move |_| me.with(Self::request));
            turn.seen.set(Some(seen));
        }
        turn.request();
        turn
    }

    /// Requests the lock. A tab that nobody sees leaves it to the one that loads its next page.
    fn request(self: &Rc<Self>) {
        let is_hidden = browser::is_hidden() && !self.steals;
        if self.began.get() || is_hidden {
            return;
        }
        let options = match self.steals {
            true => object(&[("steal", true.into())]),
            false => object(&[("signal", self.ending.signal())]),
        };
        let me = Handle::to(self);
        let led: Callback = Closure::new(move |release: JsValue| {
            match me.get() {
                Some(turn) => turn.begin(release),
                // Nobody waits for it any longer.
                None => drop(js::run(&release, &[])),
            }
        });
        let requested = browser::lock(&self.name, &options, led.as_ref());
        let me = Handle::to(self);
        spawn_local(async move {
            let ended = settled(&requested).await.ok().and_then(|name| name.as_string());
            drop(led);
            me.with(|turn| turn.ended(ended.as_deref()));
        });
    }

    fn begin(self: &Rc<Self>, release: JsValue) {
        if self.began.get() || browser::is_hidden() && !self.steals {
            let _ = js::run(&release, &[]);
            return;
        }
        self.release.set(release);
        self.start();
    }

    fn start(self: &Rc<Self>) {
        self.began.set(true);
        let waited = browser::now() - self.asked;
        let me = Handle::to(self);
        // What the other tab remembered last may come later than its lock.
        let pause = if waited < HELD { 0 } else { ARRIVES };
        self.waits.set(Some(after(pause, move || me.with(|turn| (turn.show)()))));
    }

    fn ended(self: &Rc<Self>, error: Option<&str>) {
        match error {
            _ if self.ending.is_aborted() => {}
            // Let go of while nobody saw it.
            Some("") => {}
            _ if self.began.get() => (self.lost)(),
            // Where a browser has no locks, or gives none to this page, there is nobody to share with.
            _ => self.start(),
        }
    }

    /// Lets go.
    pub fn release(&self) {
        self.ending.abort();
        // Nothing happens where it is not held.
        let _ = js::run(&self.release.take(), &[]);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.release();
    }
}
