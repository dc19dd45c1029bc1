//! One connection for all tabs of a person (docs/decisions/0009-chat.md).
//!
//! The tab that holds a Web Lock leads: it has the transport. The others receive frames over a `BroadcastChannel`
//! and send through it, and steal the lock when the leader does not answer.

mod lead;
mod tabs;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use journey::chat_client::Link;
use protocol::Millis;
use wasm_bindgen::JsValue;

use super::transport::{Events, PING, STREAM, Socket, Transport};
use crate::backoff::Backoff;
use crate::browser;
use crate::i18n::concat;
use crate::js;
use crate::part::Name;
use crate::state::State;
use crate::ui::Abort;
use crate::ui::{EventListener, Timeout, after};
use crate::wire::object;

/// Milliseconds between two attempts: the first pause and the longest.
const FIRST_PAUSE: Millis = 500;
const LONGEST_PAUSE: Millis = 30_000;
/// Sockets that failed without a word before the event stream is tried.
const PATIENCE: u32 = 2;
/// Milliseconds after which a socket is tried again while an event stream stands.
const SLOW_FOR: u32 = 5 * 60 * 1000;
/// A connection that stood for so many milliseconds was a good one.
const STOOD: Millis = 10_000;
/// The code of a refused token, which only the page can renew, and the milliseconds until it is tried again.
const REFUSED: u16 = 4401;
const REFUSED_PAUSE: u32 = 60_000;

/// The session that uses a connection.
pub trait Peer {
    /// What is said first: who is there and what they know.
    fn hello(&self) -> JsValue;
    /// A frame came.
    fn receive(&self, frame: &JsValue);
    /// The connection is another now; `code` ended the last one.
    fn link_changed(&self, link: Link, code: u16);
    /// Frames that tell another tab everything that is known.
    fn transcript(&self) -> Vec<JsValue>;
}

/// A connection of one person. Dropping it ends lock, channel, transport, listeners and timers.
pub struct Connection {
    inner: Rc<Inner>,
    _listeners: Vec<EventListener>,
}

struct Inner {
    state: State,
    base: String,
    site: String,
    name: String,
    peer: Weak<dyn Peer>,
    tabs: JsValue,
    ending: Abort,
    transport: RefCell<Option<Rc<dyn Transport>>>,
    /// A function that releases the lock, or nothing where there are no locks; there while this tab leads.
    release: RefCell<Option<JsValue>>,
    backoff: RefCell<Backoff>,
    /// Milliseconds that the collector asked for.
    asked_pause: Cell<Option<u32>>,
    /// Sockets in a row that never stood.
    failures: Cell<u32>,
    slow: Cell<bool>,
    refused: Cell<bool>,
    stands: Cell<Option<Millis>>,
    /// The next attempt, or the end of an event stream.
    timer: RefCell<Option<Timeout>>,
    /// Steals the lock from a leader that does not answer.
    asleep: RefCell<Option<Timeout>>,
}

impl Connection {
    /// Keeps a connection of `owner` for as long as this lives.
    pub fn new(state: State, owner: &str, peer: Weak<dyn Peer>) -> Self {
        let site = state.site();
        let name = concat(&["tabiji:chat:", &site, ":", owner]);
        let tabs = js::construct("BroadcastChannel", &name.as_str().into(), &JsValue::UNDEFINED);
        let inner = Rc::new(Inner {
            state,
            base: state.base(),
            site,
            name,
            peer,
            tabs: tabs.unwrap_or(JsValue::UNDEFINED),
            ending: Abort::default(),
            transport: RefCell::default(),
            release: RefCell::default(),
            backoff: RefCell::new(Backoff::new(FIRST_PAUSE, LONGEST_PAUSE)),
            asked_pause: Cell::default(),
            failures: Cell::default(),
            slow: Cell::default(),
            refused: Cell::default(),
            stands: Cell::default(),
            timer: RefCell::default(),
            asleep: RefCell::default(),
        });
        let listeners = inner.listen();
        inner.begin();
        Self { inner, _listeners: listeners }
    }

    /// Sends a frame over whichever connection there is; an answer comes as a frame.
    pub fn ask(&self, frame: &JsValue) {
        self.inner.ask(frame);
    }

    /// Says hello again.
    pub fn again(&self) {
        let inner = &self.inner;
        if inner.leads() {
            match inner.transport() {
                Some(transport) => transport.end(),
                None => inner.connect(),
            }
        }
    }

    /// Whether this tab has the transport: one tab makes a sound.
    pub fn leads(&self) -> bool {
        self.inner.leads()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let inner = &self.inner;
        inner.ending.abort();
        inner.timer.take();
        inner.asleep.take();
        inner.transport.take();
        inner.release();
        js::invoke(&inner.tabs, "close", &[]);
    }
}

impl Inner {
    fn leads(&self) -> bool {
        self.release.borrow().is_some()
    }

    /// Taken out of its cell, because a transport that ends calls back.
    fn transport(&self) -> Option<Rc<dyn Transport>> {
        self.transport.borrow().clone()
    }

    fn link(&self) -> Link {
        match (self.refused.get(), self.stands.get(), self.slow.get()) {
            (true, ..) => Link::Refused,
            (_, None, _) => Link::Waiting,
            (_, _, true) => Link::Slow,
            _ => Link::Open,
        }
    }

    fn connect(self: &Rc<Self>) {
        if !self.leads() || self.transport.borrow().is_some() {
            return;
        }
        let Some(peer) = self.peer.upgrade() else { return };
        self.timer.take();
        self.stands.set(None);
        self.refused.set(false);
        let (receives, ends) = (Rc::downgrade(self), Rc::downgrade(self));
        let events = Events {
            on_frame: Rc::new(move |frame| {
                if let Some(inner) = receives.upgrade() {
                    inner.arrived(frame);
                }
            }),
            on_end: Rc::new(move |code| {
                if let Some(inner) = ends.upgrade() {
                    inner.lost(code);
                }
            }),
        };
        let hello = peer.hello();
        let stream = if self.slow.get() { STREAM.get() } else { None };
        // A stream that is still on its way, or cannot be fetched, has its turn later.
        self.slow.set(stream.is_some());
        let transport: Rc<dyn Transport> = if let Some(connect) = stream {
            connect(self.base.clone(), hello, events)
        } else {
            js::set(&hello, "t", "hello");
            match Socket::connect(&self.socket_url(), hello, events) {
                Ok(socket) => Rc::new(socket),
                // The page's policy forbids sockets.
                Err(_) => return self.lost(0),
            }
        };
        *self.transport.borrow_mut() = Some(transport);
    }

    fn socket_url(&self) -> String {
        let site = js::invoke(&js::window(), "encodeURIComponent", &[self.site.as_str().into()])
            .as_string()
            .unwrap_or_default();
        // `http` becomes `ws`, and `https` becomes `wss`.
        let rest = self.base.strip_prefix("http").unwrap_or(&self.base);
        concat(&["ws", rest, "v1/chat?site=", &site])
    }

    fn arrived(self: &Rc<Self>, frame: &JsValue) {
        match js::text(frame, "t").as_str() {
            "welcome" => {
                self.stands.set(Some(browser::now()));
                self.failures.set(0);
                self.share(frame);
                self.tell_link(0);
                if self.slow.get() {
                    self.after(SLOW_FOR, |inner| {
                        inner.slow.set(false);
                        if let Some(transport) = inner.transport() {
                            transport.end();
                        }
                    });
                }
                return;
            }
            "drain" => self.asked_pause.set(Some(js::number(frame, "reconnect_in") as u32)),
            _ => {}
        }
        self.share(frame);
    }

    fn lost(self: &Rc<Self>, code: u16) {
        let ended = self.transport.take();
        self.timer.take();
        if !self.leads() {
            return;
        }
        let now = browser::now();
        let stood = self.stands.take();
        self.refused.set(code == REFUSED);
        // Neither way may get through, so they take turns.
        if stood.is_none() && !self.refused.get() {
            // It is there before it has its turn.
            self.state.bring(Name::ChatStream);
            let to_stream = !self.slow.get() && {
                self.failures.set(self.failures.get() + 1);
                self.failures.get().is_multiple_of(PATIENCE)
            };
            self.slow.set(to_stream);
        }
        // A connection that breaks at once would be broken again at once.
        if stood.is_some_and(|since| now - since > STOOD) {
            self.backoff.borrow_mut().reset();
        }
        self.tell_link(code);
        let pause = self.asked_pause.take().unwrap_or_else(|| {
            if self.refused.get() {
                return REFUSED_PAUSE;
            }
            self.backoff.borrow_mut().pause(0)
        });
        self.after(pause, |inner| inner.connect());
        drop(ended);
    }

    fn after(self: &Rc<Self>, millis: u32, run: fn(&Rc<Self>)) {
        let weak = Rc::downgrade(self);
        let timer = after(millis, move || {
            if let Some(inner) = weak.upgrade() {
                run(&inner);
            }
        });
        *self.timer.borrow_mut() = Some(timer);
    }

    /// A phone that wakes up has a connection that looks open.
    fn wake(self: &Rc<Self>) {
        if browser::is_hidden() {
            return;
        }
        match (self.leads(), self.transport()) {
            (true, Some(transport)) => transport.ask(&object(&[("t", "ping".into())]), Some(PING)),
            (true, None) => self.connect(),
            (false, _) => {
                self.greet();
                self.expect_leader();
            }
        }
    }
}
