//! One step of the integration: what it is, how to get there, and what was seen.

use leptos::prelude::*;

use crate::context::current_texts;
use crate::ui::Code;

/// How a step is taken.
pub struct How {
    /// In a sentence.
    pub text: String,
    /// What to copy.
    pub lines: Vec<String>,
}

/// A step. Its instructions are open when it is the next one, and one press away otherwise.
#[component]
pub fn Step(
    /// What works.
    name: &'static str,
    /// What was seen of it; none until it works.
    detail: Memo<Option<String>>,
    /// Whether it is the first one that does not work.
    is_next: Memo<bool>,
    /// How to get there.
    how: How,
) -> impl IntoView {
    let texts = current_texts();
    let is_done = Memo::new(move |_| detail.with(Option::is_some));
    let How { text, lines } = how;
    let codes = lines.into_iter().map(|text| view! { <Code text /> }).collect_view();
    view! {
        <li class:done=move || is_done.get()>
            <i class="tick" aria-hidden="true"></i>
            <div>
                <h3>{name}</h3>
                <p class="facts seen">{move || detail.get().unwrap_or_default()}</p>
                <details prop:open=move || is_next.get()>
                    <summary>{texts.integration_how}</summary>
                    <p>{text}</p>
                    {codes}
                </details>
            </div>
        </li>
    }
}
