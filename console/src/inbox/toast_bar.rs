//! The sentence at the foot of the window, with its way back.

use leptos::prelude::*;

use super::state::inbox;

/// The sentence at the foot of the window.
#[component]
pub fn ToastBar() -> impl IntoView {
    let inbox = inbox();
    let (toast, texts) = (inbox.toast, inbox.agent.texts);
    view! {
        <div class="toast" role="status">
            {move || toast.shown().map(|(text, has_undo)| view! {
                <p>
                    {text}
                    {has_undo.then(|| view! {
                        <button type="button" on:click=move |_| toast.undo()>{texts.undo}</button>
                    })}
                </p>
            })}
        </div>
    }
}
