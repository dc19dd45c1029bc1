//! Lines to copy: a tag, a command.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::context::current_texts;

/// How long the button says that it was done.
const SAID_FOR: Duration = Duration::from_secs(3);

/// Lines with a button that copies them, where the browser permits that.
#[component]
pub fn Code(
    /// The lines.
    text: String,
) -> impl IntoView {
    let texts = current_texts();
    let is_copied = RwSignal::new(false);
    let lines = text.clone();
    let copy = move |_| {
        let written = window().navigator().clipboard().write_text(&lines);
        spawn_local(async move {
            // A browser that refuses leaves the lines to be selected. The page may be gone by now.
            if JsFuture::from(written).await.is_ok() && is_copied.try_set(true).is_none() {
                let forget = move || {
                    let _ = is_copied.try_set(false);
                };
                set_timeout(forget, SAID_FOR);
            }
        });
    };
    // Without it there is no clipboard.
    let button = window().is_secure_context().then(|| {
        let name = move || if is_copied.get() { texts.copied } else { texts.copy };
        view! { <button type="button" class="plain" on:click=copy aria-live="polite">{name}</button> }
    });
    view! {
        <div class="code">
            <pre translate="no" tabindex="0"><code>{text}</code></pre>
            {button}
        </div>
    }
}
