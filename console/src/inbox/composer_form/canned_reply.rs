//! Canned replies: chosen from a list, filled with what is known of the customer, and changed before they are
//! sent.

use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::files::CannedReply;
use web_sys::HtmlSelectElement;

use crate::i18n::fill;
use crate::inbox::state::{InboxState, inbox};

/// The canned replies, those for the customer's step first; the chosen one is appended to the text.
#[component]
pub fn CannedReplies(field: NodeRef<Textarea>, quick_replies: RwSignal<Vec<String>>) -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let step = Memo::new(move |_| inbox.conversation.current().and_then(|one| one.context.step));
    let known = Memo::new(move |_| inbox.options.with(|known| known.replies.clone()));
    move || {
        let mut replies = known.get();
        let step = step.get();
        replies.sort_by_key(|reply| !step.as_ref().is_some_and(|step| reply.steps.contains(step)));
        if replies.is_empty() {
            return None;
        }
        let options = replies.iter().enumerate();
        let options =
            options.map(|(n, reply)| view! { <option value=n.to_string()>{reply.title.clone()}</option> });
        let options = options.collect_view();
        let choose = move |event: web_sys::Event| {
            let reply = event_target_value(&event).parse().ok().and_then(|n: usize| replies.get(n));
            let Some((reply, field)) = reply.zip(field.get_untracked()) else { return };
            let Some((text, quick)) = filled(inbox, reply) else { return };
            quick_replies.set(quick);
            let before = field.value();
            let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
            field.set_value(&[&before, gap, &text].concat());
            inbox.composer.keep_draft(field.value());
            // A field of our own page: this cannot fail.
            let _ = field.focus();
            event_target::<HtmlSelectElement>(&event).set_value("");
        };
        Some(view! {
            <label>
                {texts.reply}
                <select on:change=choose>
                    <option value="">{texts.reply_none}</option>
                    {options}
                </select>
            </label>
        })
    }
}

/// Returns text and quick replies in the customer's language, with the names in their places.
fn filled(inbox: InboxState, reply: &CannedReply) -> Option<(String, Vec<String>)> {
    let one = untrack(|| inbox.conversation.current())?;
    let agent = inbox.agent.id();
    let values = [
        ("user", one.user.as_str()),
        ("account", one.account.as_str()),
        // A customer who is at no step is on some page.
        ("step", if one.step.is_empty() { one.context.page.as_str() } else { one.step.as_str() }),
        ("agent", agent.split('@').next().unwrap_or_default()),
    ];
    let locales = (&one.context.locale, inbox.agent.locale);
    let text = fill(reply.text.pick(locales.0, locales.1), &values);
    let quick = reply.quick_replies.iter().map(|text| text.pick(locales.0, locales.1).to_owned()).collect();
    Some((text, quick))
}
