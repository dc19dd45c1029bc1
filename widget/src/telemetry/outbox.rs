//! Keeps events on disk and gets them to the collector.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use lazy::{settled, spawn_local};
use protocol::Millis;
use protocol::widget::{BatchReply, Event, limits};
use wasm_bindgen::JsValue;

use super::backoff::Backoff;
use super::early;
use super::news::News;
use super::queue::Queue;
use crate::browser::{self, Db};
use crate::js;
use crate::ui::{EventListener, Timeout, listen, sleep};
use crate::wire::{self, Json, Read, Sender};

/// How long an event waits for company, in milliseconds.
const GATHER: u32 = 200;
/// How long an answer may take, in milliseconds.
const LIMIT: u32 = 10_000;

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
        inner.backoff.borrow_mut().reset();
        if *inner.owner.borrow() != owner {
            inner.flush_on_hide(&before);
            *inner.owner.borrow_mut() = owner;
            *inner.queue.borrow_mut() = Queue::default();
            let weak = Rc::downgrade(inner);
            spawn_local(async move {
                load_pending(&weak).await;
            });
        } else {
            inner.schedule(GATHER);
        }
    }

    /// Writes an event down and sends it soon.
    pub fn push(&self, event: &Event) {
        let json = wire::event(event);
        if json.len() > limits::EVENT_BYTES {
            return (self.0.notify)(News::TooLarge);
        }
        let id = event.id.text();
        self.0.keep(&id, &json);
        self.0.queue.borrow_mut().add(id, json);
        self.0.schedule(GATHER);
    }
}

/// Opens the database when that was not done, and adds what the owner left in it and outside it. The page may have
/// the main thread first.
async fn load_pending(weak: &Weak<Inner>) {
    sleep(0).await;
    let Some(open) = weak.upgrade().map(|inner| inner.db.borrow().clone()) else { return };
    let db = match open {
        Some(db) => Some(db),
        // Refused storage: everything works from memory.
        None => Db::open().await.ok(),
    };
    let Some(inner) = weak.upgrade() else {
        // The widget ended while the database was opened.
        return db.iter().for_each(Db::close);
    };
    let owner = inner.owner.borrow().clone();
    if let Some(db) = db {
        if inner.db.borrow().is_none() {
            *inner.db.borrow_mut() = Some(db.clone());
            inner.keep_all();
        }
        for (id, event) in db.load(&owner).await {
            if *inner.owner.borrow() == owner {
                inner.queue.borrow_mut().add(id, event);
            }
        }
    }
    if *inner.owner.borrow() == owner {
        inner.take_early(&owner);
    }
    inner.schedule(0);
}

impl Inner {
    /// Takes over what happened before the outbox was there, on this page or one that ended too soon.
    fn take_early(&self, owner: &str) {
        for (id, event) in browser::recall_all(&early::prefix(owner)) {
            self.keep(&id, &event);
            self.queue.borrow_mut().add(id, event);
        }
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
                inner.backoff.borrow_mut().reset();
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

    fn keep(&self, id: &str, event: &str) {
        let Some(db) = self.db.borrow().clone() else {
            // Until the database is open, or where there is none.
            return early::keep(&self.owner.borrow(), id, event);
        };
        // A full disk or a closed database: the event is in memory and is sent from there.
        if let Ok(kept) = db.put(id, &self.owner.borrow(), event) {
            let early = early::key(&self.owner.borrow(), id);
            spawn_local(async move {
                if settled(&kept).await.is_ok() {
                    browser::remember(&early, None);
                }
            });
        }
    }

    /// Writes down what came before the database was open.
    fn keep_all(&self) {
        self.queue.borrow().all().for_each(|(id, event)| self.keep(id, event));
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
        let mut queue = self.queue.borrow_mut();
        let (ids, events) = queue.beacon_batch();
        if ids.is_empty() || self.refused.get() {
            return;
        }
        let url = format!("{}v1/events", self.base);
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
                let pause = self.backoff.borrow_mut().fail(browser::now(), asked, browser::chance());
                return again.then(|| u32::try_from(pause).unwrap_or(GATHER));
            }
            self.backoff.borrow_mut().reset();
            if let Some(db) = &*self.db.borrow() {
                db.delete(&stored);
            }
            let owner = self.owner.borrow();
            stored.iter().for_each(|id| browser::remember(&early::key(&owner, id), None));
            (self.notify)(News::Offline(false));
            (self.notify)(News::Stored(stored));
            return again.then_some(GATHER);
        }
        match status {
            413 => self.queue.borrow_mut().halve(),
            400..=403 => {
                self.refused.set(true);
                let text = answer.map(|answer| answer.text()).unwrap_or_default();
                (self.notify)(News::Refused(status, text));
                return None;
            }
            _ => (self.notify)(News::Offline(true)),
        }
        let pause = self.backoff.borrow_mut().fail(browser::now(), asked, browser::chance());
        u32::try_from(pause).ok()
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
    let url = format!("{}v1/events", inner.base);
    let body = wire::sender(&inner.sender.borrow(), browser::now(), &events);
    let sender = inner.sender.borrow().clone();
    *inner.timer.borrow_mut() = None;
    // The outbox may go away meanwhile: only the answer needs it again.
    drop(inner);
    let answer = browser::post(&url, &body, LIMIT).await;
    let Some(inner) = weak.upgrade() else { return };
    inner.sending.set(false);
    // An answer to another person, or to an old token, says nothing about who is there now.
    if *inner.sender.borrow() != sender {
        return inner.schedule(GATHER);
    }
    if let Some(pause) = inner.take_answer(answer) {
        inner.schedule(pause);
    }
}
