//! Server-sent events with posts beside them, for networks that let no socket through.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lazy::{settled, spawn_local};
use protocol::Millis;
use protocol::chat::limits as chat_limits;
use wasm_bindgen::prelude::*;

use super::post::{post_frames, refusal};
use super::{ANSWER, CONNECT, Events, Transport, kind};
use crate::browser;
use crate::chat::bridge;
use crate::i18n::concat;
use crate::ui::{Abort, Callback};
use crate::ui::{Timeout, after};
use crate::wire::print;

/// A stream that is read, and where frames are posted.
struct EventStream(Rc<Inner>);

struct Inner {
    base: String,
    hello: JsValue,
    events: Events,
    ending: Abort,
    ended: Cell<bool>,
    late: RefCell<Option<Timeout>>,
    last: Cell<Millis>,
    receiver: RefCell<Option<Callback>>,
}

/// Begins to read.
pub fn connect(base: String, hello: JsValue, events: Events) -> Rc<dyn Transport> {
    let inner = Rc::new(Inner {
        base,
        hello,
        events,
        ending: Abort::default(),
        ended: Cell::default(),
        late: RefCell::default(),
        last: Cell::default(),
        receiver: RefCell::default(),
    });
    inner.expect(CONNECT);
    let weak = Rc::downgrade(&inner);
    let receiver: Callback = Closure::new(move |frame: JsValue| {
        if let Some(inner) = weak.upgrade() {
            inner.receive(&frame);
        }
    });
    let url = concat(&[&inner.base, "v1/chat/stream"]);
    let function: &JsValue = receiver.as_ref();
    let over = bridge::stream(&url, &print(&inner.hello), &inner.ending.signal(), function);
    *inner.receiver.borrow_mut() = Some(receiver);
    let weak = Rc::downgrade(&inner);
    spawn_local(async move {
        let end = settled(&over).await;
        if let Some(inner) = weak.upgrade() {
            inner.end(refusal(end.err().and_then(|status| status.as_f64())));
        }
    });
    Rc::new(EventStream(inner))
}

impl Transport for EventStream {
    fn ask(&self, frame: &JsValue, _: Option<u32>) {
        let inner = &self.0;
        if kind(frame) == "ping" {
            let silence = browser::now() - inner.last.get();
            // The stream itself brings signs of life.
            if silence > (chat_limits::HEARTBEAT * 1000) as Millis + Millis::from(ANSWER) {
                inner.end(0);
            }
            return;
        }
        let answers = post_frames(&inner.base, &inner.hello, frame, &inner.ending.signal());
        let weak = Rc::downgrade(inner);
        spawn_local(async move {
            let answers = answers.await;
            let Some(inner) = weak.upgrade().filter(|inner| !inner.ended.get()) else { return };
            match answers {
                Ok(frames) => frames.iter().for_each(|frame| (inner.events.on_frame)(frame)),
                Err(code) => inner.end(code),
            }
        });
    }

    fn end(&self) {
        self.0.end(0);
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.0.ended.set(true);
        self.0.late.take();
        self.0.ending.abort();
    }
}

impl Inner {
    fn expect(&self, patience: u32) {
        let on_end = self.events.on_end.clone();
        *self.late.borrow_mut() = Some(after(patience, move || on_end(0)));
    }

    /// Some networks hold a stream back until it ends, and phones sleep: signs of life come all the time.
    fn receive(&self, frame: &JsValue) {
        if self.ended.get() {
            return;
        }
        self.last.set(browser::now());
        self.expect(chat_limits::SILENCE as u32 * 1000);
        if !frame.is_undefined() {
            (self.events.on_frame)(frame);
        }
    }

    fn end(&self, code: u16) {
        if !self.ended.replace(true) {
            self.late.take();
            self.ending.abort();
            (self.events.on_end)(code);
        }
    }
}
