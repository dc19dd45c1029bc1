//! Which tab has the transport: the one that holds the lock.

use std::rc::Rc;

use lazy::{settled, spawn_local};
use wasm_bindgen::prelude::*;

use super::Inner;
use crate::ui::{Callback, after};
use crate::wire::object;
use crate::{browser, js};

/// Milliseconds that a leader may be silent before its lock is stolen.
pub(super) const ASLEEP: u32 = 1_500;

impl Inner {
    /// Waits for the lock. Where there are no locks, every tab has a connection of its own.
    pub(super) fn begin(self: &Rc<Self>) {
        let locks = js::get(&js::get(&js::window(), "navigator"), "locks");
        if locks.is_undefined() {
            let weak = Rc::downgrade(self);
            spawn_local(async move {
                if let Some(inner) = weak.upgrade() {
                    inner.lead(&JsValue::UNDEFINED);
                }
            });
            return;
        }
        self.follow(false);
        self.greet();
        self.expect_leader();
    }

    fn lead(self: &Rc<Self>, release: &JsValue) {
        *self.release.borrow_mut() = Some(release.clone());
        self.asleep.take();
        self.connect();
    }

    /// Lets the lock go.
    pub(super) fn release(&self) {
        if let Some(release) = self.release.take() {
            // Where there are no locks, there is no function.
            let _ = js::run(&release, &[]);
        }
    }

    /// Requests the lock, and requests it again when it is stolen from this tab.
    fn follow(self: &Rc<Self>, steal: bool) {
        let options = match steal {
            true => object(&[("steal", true.into())]),
            false => object(&[("signal", self.ending.signal())]),
        };
        let weak = Rc::downgrade(self);
        let leads = weak.clone();
        let led: Callback = Closure::new(move |release: JsValue| {
            if let Some(inner) = leads.upgrade() {
                inner.lead(&release);
            }
        });
        let requested = browser::lock(&self.name, &options, led.as_ref());
        spawn_local(async move {
            let ended = settled(&requested).await.ok().and_then(|name| name.as_string());
            drop(led);
            let Some(inner) = weak.upgrade() else { return };
            inner.release.take();
            inner.transport.take();
            if inner.ending.is_aborted() {
                return;
            }
            match ended.as_deref() {
                // The browser allows this page no locks.
                Some("SecurityError" | "NotSupportedError") => inner.lead(&JsValue::UNDEFINED),
                _ => inner.follow(false),
            }
        });
    }

    fn steal(self: &Rc<Self>) {
        self.asleep.take();
        if !self.leads() && !self.ending.is_aborted() {
            self.follow(true);
        }
    }

    /// Steals the lock unless the leader gives a sign of life in time.
    pub(super) fn expect_leader(self: &Rc<Self>) {
        if self.asleep.borrow().is_none() {
            self.expect(|inner| inner.steal());
        }
    }

    fn expect(self: &Rc<Self>, run: impl FnOnce(&Rc<Self>) + 'static) {
        let weak = Rc::downgrade(self);
        let timer = after(ASLEEP, move || {
            if let Some(inner) = weak.upgrade() {
                run(&inner);
            }
        });
        *self.asleep.borrow_mut() = Some(timer);
    }

    /// The leader does not answer: a frame goes out by itself, under the same id, and this tab takes the lock.
    pub(super) fn send_if_unanswered(self: &Rc<Self>, frame: &JsValue) {
        let frame = frame.clone();
        self.expect(move |inner| {
            if let Some(peer) = inner.peer.upgrade() {
                let signal = inner.ending.signal();
                let posted =
                    super::super::transport::post_frames(&inner.base, &peer.hello(), &frame, &signal);
                let weak = Rc::downgrade(inner);
                spawn_local(async move {
                    if let (Ok(frames), Some(inner)) = (posted.await, weak.upgrade()) {
                        frames.iter().for_each(|frame| inner.share(frame));
                    }
                });
            }
            inner.steal();
        });
    }
}
