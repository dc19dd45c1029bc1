//! What a person changes about themselves: the name that customers see, the language, and the password.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::PasswordChange;
use web_sys::SubmitEvent;

use super::picture::PictureForm;
use crate::api::{ApiError, account};
use crate::context::{Language, language, remember_language, session};

/// The languages that the console speaks, by tag and own name.
const LANGUAGES: [(&str, &str); 2] = [("ja", "日本語"), ("en", "English")];

/// Name and language.
#[component]
pub fn Profile() -> impl IntoView {
    let (language, session) = (language(), session());
    let texts = language.texts;
    let name = RwSignal::new(session.name.get_untracked());
    let outcome = RwSignal::new(None::<Result<(), ApiError>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            let done = account::set_name(name.get_untracked()).await;
            if done.is_ok() {
                session.name.set(name.get_untracked());
            }
            outcome.set(Some(done));
        });
    };
    view! {
        <section class="report own" aria-labelledby="profile">
            <h2 id="profile">{texts.profile}</h2>
            <PictureForm />
            <form class="give" on:submit=submit>
                <label>
                    {texts.own_name}
                    <input type="text" name="name" autocomplete="name" maxlength="60"
                        prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event)) />
                    <small>{texts.own_name_hint}</small>
                </label>
                <Outcome language outcome />
                <button type="submit" class="plain">{texts.save}</button>
            </form>
            <label class="give">
                {texts.language}
                <select on:change=move |event| remember_language(&event_target_value(&event))>
                    {LANGUAGES.map(|(tag, own)| {
                        let is_chosen = language.locale.starts_with(tag);
                        view! { <option value=tag lang=tag selected=is_chosen>{own}</option> }
                    }).into_iter().collect_view()}
                </select>
            </label>
        </section>
    }
}

/// Another password.
#[component]
pub fn Password() -> impl IntoView {
    let language = language();
    let texts = language.texts;
    let (password, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let outcome = RwSignal::new(None::<Result<(), ApiError>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = PasswordChange { password: password.get_untracked(), new: new.get_untracked() };
        spawn_local(async move {
            let done = account::set_password(&change).await;
            if done.is_ok() {
                password.set(String::new());
                new.set(String::new());
            }
            outcome.set(Some(done));
        });
    };
    view! {
        <section class="report own" aria-labelledby="password">
            <h2 id="password">{texts.password_change}</h2>
            <p class="facts">{texts.password_change_hint}</p>
            <form class="give" on:submit=submit>
                <label>
                    {texts.password_now}
                    <input type="password" name="password" autocomplete="current-password" required=true
                        prop:value=move || password.get() on:input=move |event| password.set(event_target_value(&event)) />
                </label>
                <label>
                    {texts.password_new}
                    <input type="password" name="new" autocomplete="new-password" required=true
                        prop:value=move || new.get() on:input=move |event| new.set(event_target_value(&event)) />
                    <small>{texts.password_hint}</small>
                </label>
                <Outcome language outcome />
                <button type="submit" class="plain">{texts.password_change}</button>
            </form>
        </section>
    }
}

/// Whether it was done, or why not.
#[component]
fn Outcome(language: Language, outcome: RwSignal<Option<Result<(), ApiError>>>) -> impl IntoView {
    let texts = language.texts;
    view! {
        <div role="status">
            {move || outcome.get().map(|outcome| match outcome {
                Ok(()) => view! { <p class="facts">{texts.saved}</p> }.into_any(),
                Err(error) => {
                    view! { <p class="wrong">{error.sentence(texts).unwrap_or(texts.failed)}</p> }.into_any()
                }
            })}
        </div>
    }
}
