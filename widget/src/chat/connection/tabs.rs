//! What tabs of one person tell each other.

use std::rc::Rc;

use journey::chat_client::Link;
use wasm_bindgen::JsValue;

use super::Inner;
use crate::js;
use crate::ui::{EventListener, listen};
use crate::wire::object;

/// A link as tabs name it to each other.
const LINKS: [(&str, Link); 4] =
    [("waiting", Link::Waiting), ("open", Link::Open), ("slow", Link::Slow), ("refused", Link::Refused)];

fn name(link: Link) -> &'static str {
    LINKS.iter().find(|(_, known)| *known == link).map_or("", |(name, _)| name)
}

impl Inner {
    pub(super) fn listen(self: &Rc<Self>) -> Vec<EventListener> {
        let on = |target: &JsValue, name: &'static str, run: fn(&Rc<Self>, &JsValue)| {
            let weak = Rc::downgrade(self);
            listen(target, name, move |event| {
                if let Some(inner) = weak.upgrade() {
                    run(&inner, event);
                }
            })
        };
        let window = js::window();
        let mut all = vec![
            on(&js::document(), "visibilitychange", |inner, _| inner.wake()),
            on(&window, "online", |inner, _| inner.wake()),
            on(&window, "pageshow", |inner, event| {
                if js::is(event, "persisted") {
                    inner.wake();
                }
            }),
        ];
        if !self.tabs.is_undefined() {
            all.push(on(&self.tabs, "message", |inner, event| inner.receive(&js::get(event, "data"))));
        }
        all
    }

    fn post(&self, name: &str, value: &JsValue) {
        js::invoke(&self.tabs, "postMessage", &[object(&[(name, value.clone())])]);
    }

    /// Asks the leader to tell what it knows.
    pub(super) fn greet(&self) {
        self.post("hi", &true.into());
    }

    /// Gives a frame to this tab and to the others.
    pub(super) fn share(&self, frame: &JsValue) {
        if self.ending.is_aborted() {
            return;
        }
        if let Some(peer) = self.peer.upgrade() {
            peer.receive(frame);
        }
        self.post("frame", frame);
    }

    /// Tells this tab and the others how the connection stands.
    pub(super) fn tell_link(&self, code: u16) {
        let link = self.link();
        if let Some(peer) = self.peer.upgrade() {
            peer.link_changed(link, code);
        }
        let state = object(&[("state", name(link).into()), ("code", code.into())]);
        js::invoke(&self.tabs, "postMessage", &[state]);
    }

    fn receive(self: &Rc<Self>, data: &JsValue) {
        let (ask, frame, state) = (js::get(data, "ask"), js::get(data, "frame"), js::text(data, "state"));
        if self.leads() {
            if let Some(transport) = self.transport().filter(|_| !ask.is_undefined()) {
                transport.ask(&ask, None);
            }
            if js::is(data, "hi") {
                self.welcome_tab();
            }
            return;
        }
        // Another tab that only asks says nothing of the leader.
        if frame.is_undefined() && state.is_empty() {
            return;
        }
        self.asleep.take();
        let Some(peer) = self.peer.upgrade() else { return };
        if !frame.is_undefined() {
            peer.receive(&frame);
        }
        if let Some((_, link)) = LINKS.iter().find(|(name, _)| *name == state) {
            peer.link_changed(*link, js::number(data, "code") as u16);
        }
    }

    /// A tab has come: it receives everything, and a person looks, so that this is no time to wait in.
    fn welcome_tab(self: &Rc<Self>) {
        if let Some(peer) = self.peer.upgrade() {
            peer.transcript().iter().for_each(|frame| self.post("frame", frame));
        }
        self.post("state", &name(self.link()).into());
        self.connect();
    }

    pub(super) fn ask(self: &Rc<Self>, frame: &JsValue) {
        if self.leads() {
            if let Some(transport) = self.transport() {
                transport.ask(frame, None);
            }
            return;
        }
        self.post("ask", frame);
        if matches!(js::text(frame, "t").as_str(), "send" | "callback" | "csat") {
            self.send_if_unanswered(frame);
        }
    }
}
