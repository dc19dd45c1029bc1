//! A WebSocket.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::chat::limits as chat_limits;
use wasm_bindgen::JsValue;

use super::{ANSWER, CONNECT, Events, PING, Transport, kind};
use crate::js;
use crate::ui::{EventListener, Interval, Timeout, after, listen};
use crate::wire::{Json, object, print};

/// A socket and what it listens to.
pub struct Socket {
    inner: Rc<Inner>,
    _listeners: [EventListener; 3],
    _beat: Interval,
}

struct Inner {
    socket: JsValue,
    events: Events,
    /// Ends the socket when no answer comes.
    late: RefCell<Option<Timeout>>,
    ended: Cell<bool>,
}

/// What happens at an event of the socket.
type Run = Box<dyn Fn(&Inner, &JsValue)>;

impl Socket {
    /// Connects; an error where the page's policy forbids sockets. `hello` is the first frame.
    pub fn connect(url: &str, hello: JsValue, events: Events) -> Result<Self, JsValue> {
        let socket = js::construct("WebSocket", &url.into(), &JsValue::UNDEFINED)?;
        let inner = Rc::new(Inner { socket, events, late: RefCell::default(), ended: Cell::default() });
        inner.expect(CONNECT);
        let on = |name: &'static str, run: Run| {
            let weak = Rc::downgrade(&inner);
            listen(&inner.socket, name, move |event| {
                if let Some(inner) = weak.upgrade() {
                    run(&inner, event);
                }
            })
        };
        let listeners = [
            on("open", Box::new(move |inner, _| inner.send(&hello))),
            on("message", Box::new(|inner, event| inner.receive(&js::text(event, "data")))),
            on("close", Box::new(|inner, event| inner.end(js::number(event, "code") as u16))),
        ];
        let weak = Rc::downgrade(&inner);
        let beat = Interval::new(chat_limits::HEARTBEAT as u32 * 1000, move || {
            if let Some(inner) = weak.upgrade() {
                inner.ask(&object(&[("t", "ping".into())]), PING);
            }
        });
        Ok(Self { inner, _listeners: listeners, _beat: beat })
    }
}

impl Transport for Socket {
    fn ask(&self, frame: &JsValue, patience: Option<u32>) {
        self.inner.ask(frame, patience.unwrap_or(ANSWER));
    }

    fn end(&self) {
        self.inner.end(0);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.ended.set(true);
        self.inner.late.take();
        js::invoke(&self.inner.socket, "close", &[]);
    }
}

impl Inner {
    fn send(&self, frame: &JsValue) {
        js::invoke(&self.socket, "send", &[print(frame).into()]);
    }

    fn ask(self: &Inner, frame: &JsValue, patience: u32) {
        if js::number(&self.socket, "readyState") != 1.0 {
            return;
        }
        self.send(frame);
        let answered = matches!(kind(frame).as_str(), "send" | "ping" | "csat" | "callback");
        // Every question that is answered is answered soon, or the connection is dead and does not know it.
        if answered && self.late.borrow().is_none() {
            self.expect(patience);
        }
    }

    fn expect(&self, patience: u32) {
        let on_end = self.events.on_end.clone();
        *self.late.borrow_mut() = Some(after(patience, move || on_end(0)));
    }

    fn receive(&self, data: &str) {
        self.late.take();
        if let Some(frame) = Json::parse(data)
            && !self.ended.get()
        {
            (self.events.on_frame)(frame.value());
        }
    }

    fn end(&self, code: u16) {
        if !self.ended.replace(true) {
            self.late.take();
            (self.events.on_end)(code);
        }
    }
}
