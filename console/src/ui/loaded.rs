//! The frame of everything that is loaded: a skeleton, a failure with a retry, a sentence when there is
//! nothing, or the content.

use leptos::prelude::*;

use super::load::{Load, LoadState};
use crate::context::current_texts;

/// Shows how far a request is, and its answer.
#[component]
pub fn Loaded<T, E, C>(
    /// The request.
    load: Load<T>,
    /// What stands in place of an answer that has nothing in it; none when there is content.
    empty: E,
    /// Draws the answer.
    content: C,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    E: Fn(&T) -> Option<AnyView> + Send + 'static,
    C: Fn(&T) -> AnyView + Send + 'static,
{
    let texts = current_texts();
    move || {
        load.with(|state| match state {
            LoadState::Loading => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
            LoadState::Failed => view! {
                <div class="failed">
                    <p role="alert">{texts.failed}</p>
                    <button type="button" class="plain" on:click=move |_| load.retry()>{texts.retry}</button>
                </div>
            }
            .into_any(),
            LoadState::Ready(answer) => empty(answer).unwrap_or_else(|| content(answer)),
        })
    }
}
