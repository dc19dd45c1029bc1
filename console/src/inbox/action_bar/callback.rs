//! The callback that the customer waits for.

use leptos::prelude::*;
use protocol::chat::LogEntryBody;
use protocol::console::Conversation;

use crate::format::{moment, time};
use crate::i18n::fill;
use crate::inbox::actions::Action;
use crate::inbox::state::InboxState;

/// Shows the number, when a call suits the customer, by when it was promised, and a button that says it was
/// made.
pub fn callback(inbox: InboxState, one: &Conversation) -> Option<impl IntoView + use<>> {
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let (_, call) = one.state.callback.clone()?;
    let window = |[from, to]: &[_; 2]| [moment(*from, locale), "–".into(), time(*to, locale)].concat();
    let windows: Vec<String> = call.windows.iter().map(window).collect();
    let windows = if windows.is_empty() { texts.call_any.to_owned() } else { windows.join(" / ") };
    let due = one.callback_due.map(|due| fill(texts.call_until, &[("time", &moment(due, locale))]));
    let made = move |_| inbox.actions.perform(Action::Append(LogEntryBody::Called));
    Some(view! {
        <div class="wants-call">
            <b>{texts.call_wanted}</b>
            <a href=["tel:", &call.phone.replace(' ', "")].concat()>{call.phone.clone()}</a>
            <span>{windows}</span>
            <span class="due">{due}</span>
            <button type="button" class="plain" on:click=made>{texts.called}</button>
        </div>
    })
}
