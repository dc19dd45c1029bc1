//! Server-sent events with posts beside them, for networks that let no socket through.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lazy::{settled, spawn_local};
use protocol::Millis;
use protocol::chat::limits as chat_limits;
use wasm_bindgen::prelude::*;

use super::{ANSWER, CONNECT, Events, Transport, kind};
use crate::browser;
use crate::chat::bridge::{self, Abort, Callback};
use crate::js::{self, list};
use crate::ui::{Timeout, after};
use crate::wire::{object, print};

/// A stream that is read, and where frames are posted.
pub struct EventStream(Rc<Inner>);

struct Inner {
    base: String,
    hello: JsValue,
    events: Events,
    ending: Abort,
    ended: Cell<bool>,
    late: RefCell<Option<Timeout>>,
    last: Cell<Millis>,
    heard: RefCell<Option<Callback>>,
}

impl EventStream {
    /// Begins to read.
    pub fn connect(base: String, hello: JsValue, events: Events) -> Self {
        let inner = Rc::new(Inner {
            base,
            hello,
            events,
            ending: Abort::default(),
            ended: Cell::default(),
            late: RefCell::default(),
            last: Cell::default(),
            heard: RefCell::default(),
        });
        inner.expect(CONNECT);
        let weak = Rc::downgrade(&inner);
        let heard: Callback = Closure::new(move |frame: JsValue| {
            if let Some(inner) = weak.upgrade() {
                inner.receive(&frame);
            }
        });
        let url = [&inner.base, "v1/chat/stream"].concat();
        let function: &JsValue = heard.as_ref();
        let over = bridge::stream(&url, &print(&inner.hello), &inner.ending.signal(), function);
        *inner.heard.borrow_mut() = Some(heard);
        let weak = Rc::downgrade(&inner);
        spawn_local(async move {
            let end = settled(&over).await;
            if let Some(inner) = weak.upgrade() {
                inner.end(refusal(end.err().and_then(|status| status.as_f64())));
            }
        });
        Self(inner)
    }
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
                Ok(frames) => frames.iter().for_each(|frame| (inner.events.heard)(frame)),
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
        let over = self.events.over.clone();
        *self.late.borrow_mut() = Some(after(patience, move || over(0)));
    }

    /// Some networks hold a stream back until it ends, and phones sleep: signs of life come all the time.
    fn receive(&self, frame: &JsValue) {
        if self.ended.get() {
            return;
        }
        self.last.set(browser::now());
        self.expect(chat_limits::SILENCE as u32 * 1000);
        if !frame.is_undefined() {
            (self.events.heard)(frame);
        }
    }

    fn end(&self, code: u16) {
        if !self.ended.replace(true) {
            self.late.take();
            self.ending.abort();
            (self.events.over)(code);
        }
    }
}

/// The code that a socket would have been closed with.
fn refusal(status: Option<f64>) -> u16 {
    if matches!(status, Some(401.0 | 403.0)) { 4401 } else { 0 }
}

/// Posts a frame without a connection; returns the collector's frames, or a closing code.
pub fn post_frames(
    base: &str,
    hello: &JsValue,
    frame: &JsValue,
    signal: &JsValue,
) -> impl Future<Output = Result<Vec<JsValue>, u16>> + use<> {
    let body = print(&object(&[("hello", hello.clone()), ("frames", list([frame.clone()].into_iter()))]));
    let posted = bridge::send(&[base, "v1/chat/send"].concat(), &body.into(), signal, ANSWER);
    async move {
        let answer = settled(&posted).await.map_err(|_| 0u16)?;
        let status = js::get(&answer, "0").as_f64();
        match js::items(&js::get(&answer, "1")) {
            Some(frames) if status == Some(200.0) => Ok(frames),
            _ => Err(refusal(status)),
        }
    }
}
