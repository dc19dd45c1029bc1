//! Keeps events on disk and gets them to the collector, from one tab at a time.

mod device;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use lazy::spawn_local;
use protocol::Millis;
use protocol::widget::{BatchReply, Event, limits};
use wasm_bindgen::JsValue;

use super::news::News;
use super::queue::Queue;
use crate::backoff::Backoff;
use crate::browser::{self, Db};
use crate::i18n::concat;
use crate::js;
use crate::ui::{EventListener, Timeout, listen};
use crate::wire::{self, Json, Read, Sender};

/// How long an event waits for company, in milliseconds.
const GATHER: u32 = 200;
/// How long an answer may take, in milliseconds.
const LIMIT: u32 = 10_000;
/// How long a tab waits while another one sends, in milliseconds.
const BUSY: u32 = 1_000;
/// After so many attempts that the network did not let through, it is asked rarely.
const ATTEMPTS: u32 = 3;

/// The outbox of one page. Dropping it ends its timers and listeners; the events stay on disk.
pub struct Outbox(Rc<Inner>);

struct Inner {
    base: String,
    sender: RefCell<Sender>,
    /// Whose events these are: nothing of one person is ever sent as another.
    owner: RefCell<String>,
    queue: RefCell<Queue>,
    backoff: RefCell<Backoff>,
    db: RefCell<Option<Db>>,
    sending: Cell<bool>,
    /// The collector does not want this sender; nothing is sent until there is another.
    refused: Cell<bool>,
    /// Events that were given up since that was last reported.
    dropped: Cell<usize>,
    /// Whether the device's storage refused to keep something.
    degraded: Cell<bool>,
    /// Whether something on it could not be read, which was not reported yet.
    damaged: Cell<bool>,
    timer: RefCell<Option<Timeout>>,
    /// When the timer rings.
    due: Cell<Millis>,
    listeners: RefCell<Vec<EventListener>>,
    notify: Box<dyn Fn(News)>,
}

impl Outbox {
    /// An empty outbox that belongs to nobody yet.
    pub fn new(base: String, notify: impl Fn(News) + 'static) -> Self {
        Self(Rc::new(Inner {
            base,
            sender: RefCell::default(),
            owner: RefCell::default(),
            queue: RefCell::default(),
            backoff: RefCell::default(),
            db: RefCell::default(),
            sending: Cell::default(),
            refused: Cell::default(),
            dropped: Cell::default(),
            degraded: Cell::default(),
            damaged: Cell::default(),
            timer: RefCell::default(),
            due: Cell::default(),
            listeners: RefCell::default(),
            notify: Box::new(notify),
        }))
    }

    /// From now on events are those of `owner`, sent as `sender`. What the owner left here, in this
    /// tab or another, is taken up again.
    pub fn set_owner(&self, owner: String, sender: Sender) {
        let inner = &self.0;
        if inner.listeners.borrow().is_empty() {
            inner.listen();
        }
        let before = inner.sender.replace(sender);
        inner.refused.set(false);
        inner.backoff.borrow_mut().hurry();
        if *inner.owner.borrow() != owner {
            inner.flush_on_hide(&before);
            *inner.owner.borrow_mut() = owner;
            *inner.queue.borrow_mut() = Queue::default();
            let weak = Rc::downgrade(inner);
            spawn_local(async move {
                device::load_pending(&weak).await;
            });
        } else {
            inner.schedule(GATHER);
        }
    }

    /// Writes an event down and sends it soon.
    pub fn push(&self, event: &Event) {
        let json = wire::event(event);
        if json.len() > limits::EVENT_BYTES {
            return (self.0.notify)(News::Dropped("too_large", 1));
        }
        let id = event.id.text();
        self.0.keep(&id, &json);
        self.0.queue.borrow_mut().add(id, event.kind.as_str(), json);
        self.0.drop_excess();
        self.0.schedule(GATHER);
    }

    /// The collector was away and is back: what waits for a long pause to end waits no longer.
    pub fn hurry(&self) {
        self.0.backoff.borrow_mut().hurry();
        self.0.schedule(0);
    }
}

impl Inner {
    /// Gives up what is beyond the limits of what is kept; not while a request has events that might be among it.
    fn drop_excess(&self) {
        if self.sending.get() {
            return;
        }
        let dropped = self.queue.borrow_mut().drop_excess();
        self.dropped.set(self.dropped.get() + dropped.len());
        self.forget(&dropped);
    }

    fn listen(self: &Rc<Self>) {
        let (window, document) = (js::window(), js::document());
        let on = |target: &JsValue, name: &'static str, run: fn(&Rc<Self>)| {
            let weak = Rc::downgrade(self);
            listen(target, name, move |_| {
                if let Some(inner) = weak.upgrade() {
                    run(&inner);
                }
            })
        };
        *self.listeners.borrow_mut() = vec![
            on(&window, "pagehide", |inner| inner.flush_on_hide(&inner.sender.borrow())),
            on(&window, "online", |inner| {
                (inner.notify)(News::Offline(false));
                inner.backoff.borrow_mut().hurry();
                inner.schedule(0);
            }),
            on(&window, "offline", |inner| (inner.notify)(News::Offline(true))),
            on(&window, "pageshow", Self::resume),
            on(&document, "visibilitychange", |inner| {
                if browser::is_hidden() {
                    inner.flush_on_hide(&inner.sender.borrow())
                } else {
                    inner.resume()
                }
            }),
        ];
    }

    fn schedule(self: &Rc<Self>, millis: u32) {
        if self.sending.get() || self.refused.get() {
            return;
        }
        let now = browser::now();
        let pause = self.backoff.borrow().left(now).max(millis.into());
        // A timer that is due earlier stays: a page that reports without end must not put it off.
        if self.timer.borrow().is_some() && (now..=now + pause).contains(&self.due.get()) {
            return;
        }
        self.due.set(now + pause);
        let millis = u32::try_from(pause).unwrap_or(millis);
        let weak = Rc::downgrade(self);
        let send = move || spawn_local(send(weak));
        *self.timer.borrow_mut() = Some(Timeout::new(millis, send));
    }

    /// The page or its person may be going away for good: what was not sent is handed to the browser.
    fn flush_on_hide(&self, sender: &Sender) {
        if self.refused.get() || self.backoff.borrow().is_asked(browser::now()) {
            return;
        }
        let mut queue = self.queue.borrow_mut();
        let (ids, events) = queue.beacon_batch();
        if ids.is_empty() {
            return;
        }
        let url = concat(&[&self.base, "v1/events"]);
        if browser::beacon(&url, &wire::sender(sender, browser::now(), &events)) {
            queue.mark_beaconed(&ids);
        }
    }

    fn resume(self: &Rc<Self>) {
        self.queue.borrow_mut().back();
        if !self.queue.borrow().is_empty() {
            self.schedule(GATHER);
        }
    }

    /// Reads an answer; gives the pause before the next try, if there is to be one.
    fn take_answer(&self, answer: Result<browser::Answer, JsValue>) -> Option<u32> {
        let (status, asked) = match &answer {
            Ok(answer) => (answer.status(), answer.wait()),
            Err(_) => (0, 0),
        };
        let reply = answer.as_ref().ok().filter(|_| status == 200);
        let reply = reply.and_then(|answer| BatchReply::read(&Json::parse(&answer.text())?));
        if let Some(reply) = reply {
            let stored = self.queue.borrow_mut().settle(&reply);
            let again = !self.queue.borrow().is_empty();
            if stored.is_empty() {
                let pause = self.backoff.borrow_mut().pause(asked);
                return again.then_some(pause);
            }
            self.backoff.borrow_mut().reset();
            self.forget(&stored);
            (self.notify)(News::Offline(false));
            (self.notify)(News::Stored(stored));
            match self.dropped.take() {
                0 => {}
                n => (self.notify)(News::Dropped("full", n)),
            }
            return again.then_some(GATHER);
        }
        match status {
            413 => {
                let alone = self.queue.borrow_mut().halve();
                if let Some(id) = alone {
                    self.forget(&[id]);
                    (self.notify)(News::Dropped("too_large", 1));
                }
            }
            400..=403 => {
                self.refused.set(true);
                let text = answer.as_ref().map(|answer| answer.text()).unwrap_or_default();
                (self.notify)(News::Refused(status, text));
                return None;
            }
            _ => (self.notify)(News::Offline(true)),
        }
        if answer.is_err() && self.backoff.borrow().failures() + 1 >= ATTEMPTS && browser::is_online() {
            (self.notify)(News::Unreachable);
            return Some(self.backoff.borrow_mut().rarely());
        }
        Some(self.backoff.borrow_mut().pause(asked))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(db) = &*self.db.borrow() {
            db.close();
        }
    }
}

async fn send(weak: Weak<Inner>) {
    let Some(inner) = weak.upgrade() else { return };
    let (ids, events) = inner.queue.borrow().batch();
    if ids.is_empty() || inner.sending.replace(true) {
        return;
    }
    let url = concat(&[&inner.base, "v1/events"]);
    let body = wire::sender(&inner.sender.borrow(), browser::now(), &events);
    let sender = inner.sender.borrow().clone();
    *inner.timer.borrow_mut() = None;
    // The outbox may go away meanwhile: only the answer needs it again.
    drop(inner);
    let answer = browser::post_alone(&url, &body, LIMIT).await.transpose();
    let Some(inner) = weak.upgrade() else { return };
    inner.sending.set(false);
    let Some(answer) = answer else { return inner.schedule(BUSY) };
    // An answer to another person, or to an old token, says nothing about who is there now.
    if *inner.sender.borrow() != sender {
        return inner.schedule(GATHER);
    }
    if let Some(pause) = inner.take_answer(answer) {
        inner.schedule(pause);
    }
}
