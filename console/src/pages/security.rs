//! The viewer's own door: where they are signed in, and codes of an authenticator.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{SecondReply, Security, SignedBrowser};
use web_sys::SubmitEvent;

use crate::api;
use crate::format::datetime::moment;
use crate::i18n::Texts;
use crate::ui::charts::table;

/// The page.
#[component]
pub fn SecurityPage(texts: &'static Texts, locale: String, leave: Callback<()>) -> impl IntoView {
    let known = RwSignal::new(None::<Security>);
    let wrong = RwSignal::new(None::<&'static str>);
    let look = Callback::new(move |()| {
        spawn_local(async move {
            match api::security().await {
                Ok(security) => known.set(Some(security)),
                Err(tag) if tag == "signed_out" => leave.run(()),
                Err(_) => wrong.set(Some(texts.failed)),
            }
        });
    });
    look.run(());
    let locale = StoredValue::new(locale);
    view! {
        <header class="head">
            <h1>{texts.security}</h1>
        </header>
        <p class="wrong" role="alert">{move || wrong.get()}</p>
        {move || match known.get() {
            None => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
            Some(security) => {
                let rows = security.browsers.iter().map(|one| row(texts, &locale.get_value(), one, look));
                view! {
                    <section class="report browsers" aria-labelledby="browsers">
                        <h2 id="browsers">{texts.browsers}</h2>
                        <p class="facts">{texts.browsers_hint}</p>
                        {table(texts.browsers, &[texts.browser, texts.signed_in, texts.last_used, ""], rows)}
                    </section>
                    <section class="report codes" aria-labelledby="codes">
                        <h2 id="codes">{texts.codes}</h2>
                        <p class="facts">{if security.codes { texts.codes_on } else { texts.codes_off }}</p>
                        {codes(texts, security.codes, look)}
                    </section>
                }
                .into_any()
            }
        }}
    }
}

fn row(texts: &'static Texts, locale: &str, one: &SignedBrowser, look: Callback<()>) -> AnyView {
    let id = one.id.clone();
    let end = move |_| {
        let id = id.clone();
        spawn_local(async move {
            // What is ended already is ended.
            let _ = api::end_browser(&id).await;
            look.run(());
        });
    };
    let last = if one.here {
        view! { <b>{texts.this_browser}</b> }.into_any()
    } else {
        view! { <button type="button" class="plain" on:click=end>{texts.sign_out}</button> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{name(&one.browser)}</th>
            <td>{moment(one.created, locale)}</td>
            <td>{moment(one.used, locale)}</td>
            <td>{last}</td>
        </tr>
    }
    .into_any()
}

/// What a browser is, for people: its maker and the system, out of what it says of itself.
fn name(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => [browser, " · ", system].concat(),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

/// Switching codes on, with the secret for the authenticator, or off.
fn codes(texts: &'static Texts, on: bool, look: Callback<()>) -> impl IntoView {
    let secret = RwSignal::new(None::<SecondReply>);
    let asking = RwSignal::new(false);
    let code = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<&'static str>);
    let says = move |tag: String| {
        // The page may be gone by now.
        let _ = wrong.try_set(Some(match tag.as_str() {
            "wrong_code" => texts.wrong_code,
            "wrong_password" => texts.wrong_password,
            "too_many_tries" => texts.too_many_tries,
            _ => texts.failed,
        }));
    };
    let begin = move |event: SubmitEvent| {
        event.prevent_default();
        wrong.set(None);
        if on {
            return asking.set(true);
        }
        spawn_local(async move {
            match api::begin_codes(code.get_untracked()).await {
                Ok(reply) => {
                    secret.set(Some(reply));
                    code.set(String::new());
                    asking.set(true);
                }
                Err(tag) => says(tag),
            }
        });
    };
    let give = move |event: SubmitEvent| {
        event.prevent_default();
        wrong.set(None);
        spawn_local(async move {
            match api::give_code(code.get_untracked(), !on).await {
                Ok(()) => look.run(()),
                Err(tag) => says(tag),
            }
        });
    };
    move || {
        if !asking.get() {
            let text = if on { texts.codes_end } else { texts.codes_begin };
            // Whoever only found the browser open shuts nobody out.
            let password = (!on).then(|| {
                view! {
                    <label>
                        {texts.password}
                        <input type="password" autocomplete="current-password" required=true
                            on:input=move |event| code.set(event_target_value(&event)) />
                    </label>
                }
            });
            return view! {
                <form class="give" on:submit=begin>
                    {password}
                    <p class="wrong" role="alert">{move || wrong.get()}</p>
                    <button type="submit" class="action">{text}</button>
                </form>
            }
            .into_any();
        }
        let secret = secret.get().map(|reply| {
            let (path, size) = reply.drawing;
            view! {
                <p>{texts.codes_scan}</p>
                // A QR code needs a quiet edge of four dots.
                <svg class="qr" role="img" aria-label=texts.codes viewBox=format!("-4 -4 {0} {0}", size + 8)>
                    <path d=path></path>
                </svg>
                <p class="facts">{texts.codes_type} " " <code translate="no">{reply.secret}</code></p>
            }
        });
        view! {
            {secret}
            <form class="give" on:submit=give>
                <label>
                    {texts.code}
                    <input type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="8" required=true
                        on:input=move |event| code.set(event_target_value(&event)) />
                </label>
                <p class="wrong" role="alert">{move || wrong.get()}</p>
                <button type="submit" class="action">{if on { texts.codes_end } else { texts.codes_confirm }}</button>
            </form>
        }
        .into_any()
    }
}
