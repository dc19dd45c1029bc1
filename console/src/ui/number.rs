//! A number that leads to those behind it.

use leptos::prelude::*;

/// Draws a number; a press calls `on_press`. `shows` says in words what a press shows. Nobody is behind 0.
pub fn number(n: u64, shows: &str, on_press: impl Fn() + 'static) -> AnyView {
    let label = [&n.to_string(), " ", shows].concat();
    view! {
        <button type="button" class="number" aria-label=label title=shows.to_owned() prop:disabled=n == 0
            on:click=move |_| on_press()>
            {n}
        </button>
    }
    .into_any()
}
