//! The door: a one-time link sets the password, later the password opens.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::SignIn;
use wasm_bindgen::JsValue;

use crate::api;
use crate::i18n::Texts;

/// Asks for address and password; with `#secret` in the address also sets them.
#[component]
pub fn SignInPage<F: Fn() + Copy + 'static>(
    texts: &'static Texts,
    /// Runs when somebody came in.
    on_entered: F,
) -> impl IntoView {
    let hash = window().location().hash().unwrap_or_default();
    let link = Some(hash.trim_start_matches('#').to_owned()).filter(|link| !link.is_empty());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let needs_code = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    if let Some(link) = link.clone() {
        spawn_local(async move {
            if let Err(tag) = api::check_link(&link).await {
                wrong.set(Some(tag));
            }
        });
    }
    let first_time = link.is_some();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let form = SignIn {
            link: link.clone(),
            email: email.get_untracked(),
            password: password.get_untracked(),
            code: Some(code.get_untracked()).filter(|code| !code.is_empty()),
        };
        busy.set(true);
        spawn_local(async move {
            match api::sign_in(&form).await {
                Ok(()) => {
                    forget_link();
                    on_entered();
                }
                Err(tag) if tag == "code_needed" => {
                    needs_code.set(true);
                    wrong.set(None);
                }
                Err(tag) => wrong.set(Some(tag)),
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
                    {move || wrong.get().map(|tag| view! { <p class="wrong">{say(texts, &tag)}</p> })}
                </div>
                <button type="submit" class="action" disabled=busy>{button}</button>
            </form>
        </main>
    }
}

fn say(texts: &'static Texts, tag: &str) -> &'static str {
    match tag {
        "wrong_password" => texts.wrong_password,
        "too_many_tries" => texts.too_many_tries,
        "dead_link" => texts.dead_link,
        "wrong_code" => texts.wrong_code,
        "address_taken" => texts.address_taken,
        "weak_password" => texts.weak_password,
        _ => texts.failed,
    }
}

/// A used secret must not stay in the address bar.
fn forget_link() {
    if let Ok(history) = window().history() {
        // Replacing the address with one of the same origin cannot fail.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("/console"));
    }
}
