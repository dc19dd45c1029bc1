//! The sign-in page: a one-time link sets the password, later the password signs in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use protocol::console::SignInRequest;

use crate::api::{ApiError, account};
use crate::base::use_path;
use crate::context::current_texts;
use crate::page::{Page, with_query};

/// Asks for address and password; with `#secret` in the address it also sets the password.
#[component]
pub fn SignInPage<F: Fn() + Copy + 'static>(
    /// Runs when the person is signed in.
    on_signed_in: F,
) -> impl IntoView {
    let texts = current_texts();
    let link = one_time_link();
    let forget_link = forget_link();
    let email = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let needs_code = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(false);
    if let Some(link) = link.clone() {
        spawn_local(async move {
            if let Err(refused) = account::check_link(&link).await {
                error.set(Some(refused));
            }
        });
    }
    let first_time = link.is_some();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let form = SignInRequest {
            link: link.clone(),
            name: Some(name.get_untracked()).filter(|name| !name.is_empty()),
            email: email.get_untracked(),
            password: password.get_untracked(),
            code: Some(code.get_untracked()).filter(|code| !code.is_empty()),
        };
        busy.set(true);
        let forget_link = forget_link.clone();
        spawn_local(async move {
            match account::sign_in(&form).await {
                Ok(()) => {
                    forget_link();
                    on_signed_in();
                }
                Err(refused) if refused.tag() == Some("code_needed") => {
                    needs_code.set(true);
                    error.set(None);
                }
                Err(refused) => error.set(Some(refused)),
            }
            busy.set(false);
        });
    };
    let (title, text, button) = if first_time {
        (texts.welcome, texts.welcome_text, texts.start)
    } else {
        (texts.sign_in, texts.sign_in_text, texts.sign_in)
    };
    view! {
        <main class="door">
            <p class="brand" translate="no">"旅路 "<span>"Tabiji"</span></p>
            <form on:submit=submit aria-labelledby="door-title">
                <h1 id="door-title">{title}</h1>
                <p>{text}</p>
                <label>
                    {texts.email}
                    <input type="email" name="email" autocomplete="username" required=true autofocus=true
                        on:input=move |event| email.set(event_target_value(&event)) />
                </label>
                {first_time.then(|| view! {
                    <label>
                        {texts.own_name}
                        <input type="text" name="name" autocomplete="name" maxlength="60" required=true
                            on:input=move |event| name.set(event_target_value(&event)) />
                        <small>{texts.own_name_hint}</small>
                    </label>
                })}
                <label>
                    {texts.password}
                    <input type="password" name="password" required=true
                        autocomplete=if first_time { "new-password" } else { "current-password" }
                        on:input=move |event| password.set(event_target_value(&event)) />
                    {first_time.then(|| view! { <small>{texts.password_hint}</small> })}
                </label>
                {move || needs_code.get().then(|| view! {
                    <label>
                        {texts.code}
                        <input type="text" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8"
                            required=true autofocus=true on:input=move |event| code.set(event_target_value(&event)) />
                        <small>{texts.code_hint}</small>
                    </label>
                })}
                <div role="alert">
                    {move || error.get().map(|error| view! { <p class="wrong">{error.sentence(texts).unwrap_or(texts.failed)}</p> })}
                </div>
                <button type="submit" class="action" disabled=busy>{button}</button>
            </form>
        </main>
    }
}

/// Returns the secret of a one-time link, when the page was opened by one.
fn one_time_link() -> Option<String> {
    let hash = window().location().hash().unwrap_or_default();
    Some(hash.trim_start_matches('#').to_owned()).filter(|link| !link.is_empty())
}

/// Returns what puts the page's own address into the address bar, where a used secret must not stay. A one-time link
/// without a page of its own leads to the first one.
fn forget_link() -> impl Fn() + Clone {
    let (navigate, path, search) = (use_navigate(), use_path(), use_location().search);
    move || {
        let path = path.get_untracked();
        let is_first = Page::at(&path) == Page::Journey;
        let path = if is_first { Page::Journey.path() } else { &path };
        let address = with_query(path, &search.get_untracked());
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    }
}
