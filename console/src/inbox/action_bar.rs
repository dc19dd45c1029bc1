//! The actions above the entries: buttons, and a list of those that are needed less often.

mod callback;
mod labels;

use leptos::prelude::*;
use protocol::console::Conversation;
use web_sys::SubmitEvent;

use super::actions::Action;
use super::state::inbox;

pub use callback::callback;
pub use labels::Labels;

/// One button for each action that is needed often.
#[component]
pub fn ActionButtons(
    /// The open conversation.
    one: Conversation,
) -> impl IntoView {
    let inbox = inbox();
    let buttons = inbox.buttons(&one).into_iter().map(|(name, said)| {
        let press = move |_| inbox.actions.perform(Action::Append(said.clone()));
        view! { <button type="button" class="plain" on:click=press>{name}</button> }
    });
    view! { <div class="acts">{buttons.collect_view()}</div> }
}

/// The other actions: chosen first, done by a press. Stands beside what is drawn with each change of the
/// conversation, so that the open list does not close under the agent's hand.
#[component]
pub fn MoreActions() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let chosen = RwSignal::new(String::new());
    let actions =
        move || inbox.conversation.current().map(|one| inbox.more_actions(&one)).unwrap_or_default();
    let names = Memo::new(move |_| actions().into_iter().map(|(name, _)| name).collect::<Vec<_>>());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = chosen.get_untracked();
        if let Some((_, action)) = untrack(actions).into_iter().find(|(known, _)| *known == name) {
            inbox.actions.perform(action);
        }
        chosen.set(String::new());
    };
    view! {
        <form class="pick" on:submit=submit>
            <select
                aria-label=texts.more
                prop:value=move || chosen.get()
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                <option value="">{texts.more}</option>
                <For each=move || names.get() key=Clone::clone let(name)>
                    <option value=name.clone()>{name.clone()}</option>
                </For>
            </select>
            <button type="submit" class="plain" prop:disabled=move || chosen.with(String::is_empty)>{texts.do_it}</button>
        </form>
        <p class="wrong" role="alert">{move || inbox.actions.error()}</p>
    }
}
