//! The inbox: who asks what, who has it, and what is said.
//!
//! The list and the thread are asked for; what happens after that comes over one feed, line by line. What an
//! agent says is shown when the collector has it on disk.

mod actions;
mod alerts;
mod attachment;
mod command_palette;
mod composer;
mod conversation;
mod filter;
mod list;
mod state;
mod sync;
mod thread;

use std::time::Duration;

use gloo_events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use protocol::Tell;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, KeyboardEvent, MessageEvent};

use crate::i18n::Texts;
use state::Desk;

/// How long after a refusal the feed is asked for again.
const AGAIN: Duration = Duration::from_secs(3);

/// The conversations of one site.
#[component]
pub fn Inbox(
    texts: &'static Texts,
    locale: String,
    site: String,
    me: String,
    leave: Callback<()>,
) -> impl IntoView {
    let desk = Desk::new(texts, locale, site, me, leave);
    let feed = StoredValue::new_local(None::<Feed>);
    let tries = RwSignal::new(0);
    Effect::new(move |_| {
        tries.track();
        feed.set_value(Feed::open(desk, tries));
    });
    on_cleanup(move || feed.dispose());
    view! {
        <header class="head">
            <h1>{texts.inbox}</h1>
            <p class="facts">{texts.inbox_keys}</p>
            <button
                type="button"
                class="plain bell"
                on:click=move |_| desk.toggle_bell()
            >
                {move || if desk.bell.get() { texts.bell_off } else { texts.bell_on }}
            </button>
            <p class="live" role="status" class:broken=move || !desk.live.get()>
                {move || if desk.live.get() { texts.live } else { texts.not_live }}
            </p>
        </header>
        <div class="inbox" class:reading=move || desk.chosen.get().is_some()>
            {list::list(desk)}
            {thread::thread(desk)}
        </div>
        {command_palette::menu(desk)}
    }
}

/// What happens, as it happens.
struct Feed {
    source: EventSource,
    _listeners: Vec<EventListener>,
}

impl Feed {
    fn open(desk: Desk, tries: RwSignal<u32>) -> Option<Self> {
        let source = EventSource::new(&["/api/inbox/live?site=", &desk.site()].concat()).ok()?;
        let _listeners = vec![
            EventListener::new(&source, "message", move |event| {
                let data = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
                if let Some(tell) = data.and_then(|data| serde_json::from_str::<Tell>(&data).ok()) {
                    desk.heard(tell);
                }
            }),
            EventListener::new(&source, "error", move |event| {
                desk.live.set(false);
                // A browser comes back by itself when the line is cut, and never after a refusal.
                let source = event.target().and_then(|target| target.dyn_into::<EventSource>().ok());
                if source.is_some_and(|source| source.ready_state() == EventSource::CLOSED) {
                    desk.look();
                    // The page may be gone by then.
                    let again = move || {
                        let _ = tries.try_update(|tries| *tries += 1);
                    };
                    set_timeout(again, AGAIN);
                }
            }),
            EventListener::new_with_options(
                &window(),
                "keydown",
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                        keys(desk, event);
                    }
                },
            ),
        ];
        Some(Self { source, _listeners })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// `j` and `k` move in the list, `r` goes to the answer, Ctrl+K or ⌘K shows all commands. Never while somebody types.
fn keys(desk: Desk, event: &KeyboardEvent) {
    if event.key() == "k" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        return command_palette::show();
    }
    let typing = document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if typing || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return;
    }
    match event.key().as_str() {
        "j" => desk.step(1),
        "k" => desk.step(-1),
        "r" => {
            event.prevent_default();
            to_answer();
        }
        _ => {}
    }
}

/// Goes to where one answers.
fn to_answer() {
    if let Ok(Some(field)) = document().query_selector(".answer textarea") {
        // A field of our own page: this cannot fail.
        let _ = field.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}
