//! The actions of the open conversation: buttons with their keys, and a menu of those that are needed less often.

mod callback;
mod labels;

use leptos::prelude::*;
use protocol::console::Conversation;

use super::state::inbox;
use super::topic::Topic;
use crate::ui::Icon;

pub use callback::callback;
pub use labels::Labels;

/// One button for each action that is needed often, then the menu.
#[component]
pub fn ActionButtons(
    /// The open conversation.
    one: Conversation,
) -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let buttons = inbox.buttons(&one).into_iter().map(|(name, key, action)| {
        let press = move |_| inbox.perform(action.clone());
        view! { <button type="button" class="plain" title=[name, " ", key].concat() on:click=press>{name}</button> }
    });
    view! {
        <div class="acts">
            {buttons.collect_view()}
            <button
                type="button"
                class="icon"
                aria-label=texts.more
                title=texts.more
                on:click=move |_| inbox.finder.show(Topic::More)
            >
                {Icon::More.draw()}
            </button>
        </div>
    }
}
