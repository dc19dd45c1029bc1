//! Live feeds: server-sent events of the collector, with one rule for reconnecting.
//!
//! A browser reconnects on its own when a connection is cut, and never after a refusal (a session that has
//! ended, a collector that is starting). Then the feed is opened again after [`RETRY_DELAY`], as long as the
//! page is there.

use std::time::Duration;

use gloo_events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

/// How long after a refusal a feed is opened again.
const RETRY_DELAY: Duration = Duration::from_secs(3);

/// What a feed's owner does with it.
#[derive(Clone)]
pub struct FeedHandler<M, R> {
    /// Whether messages arrive; false from a cut connection to the next message.
    pub is_online: RwSignal<bool>,
    /// Takes a message.
    pub on_message: M,
    /// Runs after a refusal: an ordinary request tells why the feed was refused.
    pub on_refused: R,
}

/// Follows the feed at `address` until the owner is cleaned up.
pub fn follow<M, R>(address: String, handler: FeedHandler<M, R>)
where
    M: Fn(String) + Clone + 'static,
    R: Fn() + Clone + 'static,
{
    let feed = StoredValue::new_local(None::<LiveFeed>);
    let attempts = RwSignal::new(0u32);
    Effect::new(move |_| {
        attempts.track();
        feed.set_value(LiveFeed::open(&address, handler.clone(), attempts));
    });
    // A page that the browser keeps for going back would keep its connection, and a browser has six for a host.
    let hidden = EventListener::new(&window(), "pagehide", move |_| feed.set_value(None));
    let shown = EventListener::new(&window(), "pageshow", move |_| {
        if feed.with_value(Option::is_none) {
            attempts.update(|attempts| *attempts += 1);
        }
    });
    let listeners = StoredValue::new_local([hidden, shown]);
    on_cleanup(move || {
        listeners.dispose();
        feed.dispose();
    });
}

/// An open connection; closed when it is dropped.
struct LiveFeed {
    source: EventSource,
    _listeners: [EventListener; 2],
}

impl LiveFeed {
    fn open<M, R>(address: &str, handler: FeedHandler<M, R>, attempts: RwSignal<u32>) -> Option<Self>
    where
        M: Fn(String) + 'static,
        R: Fn() + 'static,
    {
        let source = EventSource::new(address).ok()?;
        let FeedHandler { is_online, on_message, on_refused } = handler;
        let message = EventListener::new(&source, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            if let Some(data) = data {
                is_online.set(true);
                on_message(data);
            }
        });
        let error = EventListener::new(&source, "error", move |event| {
            is_online.set(false);
            let source = event.target().and_then(|target| target.dyn_into::<EventSource>().ok());
            if source.is_some_and(|source| source.ready_state() == EventSource::CLOSED) {
                on_refused();
                // Does nothing when the page is gone by then.
                let reopen = move || attempts.update(|attempts| *attempts += 1);
                set_timeout(reopen, RETRY_DELAY);
            }
        });
        Some(Self { source, _listeners: [message, error] })
    }
}

impl Drop for LiveFeed {
    fn drop(&mut self) {
        self.source.close();
    }
}
