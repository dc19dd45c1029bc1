//! The frame around every page: who is signed in, which site, which language.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::Viewer;

use crate::api;
use crate::i18n::{Texts, texts};
use crate::inbox::Inbox;
use crate::pages::{Clips, Help, Journey, SecurityPage, SignInPage};

/// Whether somebody is signed in.
#[derive(Clone, PartialEq)]
enum Door {
    /// Not known yet.
    Looking,
    /// Nobody is.
    Closed,
    /// Somebody is.
    Open(Viewer),
}

/// The whole console.
#[component]
pub fn Frame() -> impl IntoView {
    let locale = locale();
    let texts = texts(&locale);
    if let Some(root) = document().document_element() {
        // An attribute of our own page: this cannot fail.
        let _ = root.set_attribute("lang", &locale);
    }
    let door = RwSignal::new(Door::Looking);
    let look = move || {
        spawn_local(async move {
            door.set(api::viewer().await.map_or(Door::Closed, Door::Open));
        });
    };
    look();
    move || match door.get() {
        Door::Looking => ().into_any(),
        Door::Closed => view! { <SignInPage texts on_entered=look /> }.into_any(),
        Door::Open(viewer) => {
            let leave = Callback::new(move |()| door.set(Door::Closed));
            view! { <Inside texts locale=locale.clone() viewer leave /> }.into_any()
        }
    }
}

#[component]
fn Inside(texts: &'static Texts, locale: String, viewer: Viewer, leave: Callback<()>) -> impl IntoView {
    let Viewer { email, sites } = viewer;
    let site = RwSignal::new(sites.first().map(|(key, _)| key.clone()));
    let sign_out = move |_| {
        spawn_local(async move {
            // Already signed out is signed out.
            let _ = api::sign_out().await;
            leave.run(());
        });
    };
    let here = window().location().pathname().unwrap_or_default();
    let [clips, help, inbox, security] =
        ["/clips", "/help", "/inbox", "/security"].map(|page| here.ends_with(page));
    let me = email.clone();
    let choices =
        sites.into_iter().map(|(key, name)| view! { <option value=key>{name}</option> }).collect_view();
    view! {
        <a class="skip" href="#main">{texts.skip}</a>
        <div class="frame">
            <nav class="rail" aria-label="Tabiji">
                <p class="brand" translate="no">"旅路 "<span>"Tabiji"</span></p>
                <label class="site">
                    {texts.site}
                    <select on:change=move |event| site.set(Some(event_target_value(&event)))>{choices}</select>
                </label>
                <div class="pages">
                    {page("/console", texts.journey, !(clips || help || inbox || security))}
                    {page("/console/inbox", texts.inbox, inbox)}
                    {page("/console/clips", texts.clips, clips)}
                    {page("/console/help", texts.help, help)}
                </div>
                <div class="viewer">
                    <span>{email}</span>
                    {page("/console/security", texts.security, security)}
                    <button type="button" class="plain" on:click=sign_out>{texts.sign_out}</button>
                </div>
            </nav>
            <main id="main" tabindex="-1">
                {move || match site.get() {
                    _ if security => view! { <SecurityPage texts locale=locale.clone() leave /> }.into_any(),
                    Some(site) if inbox => {
                        view! { <Inbox texts locale=locale.clone() site me=me.clone() leave /> }.into_any()
                    }
                    Some(site) if help => view! { <Help texts locale=locale.clone() site leave /> }.into_any(),
                    Some(site) if clips => view! { <Clips texts locale=locale.clone() site leave /> }.into_any(),
                    Some(site) => view! { <Journey texts locale=locale.clone() site leave /> }.into_any(),
                    None => view! {
                        <h1>{texts.no_sites_title}</h1>
                        <p>{texts.no_sites_text}</p>
                    }
                    .into_any(),
                }}
            </main>
        </div>
    }
}

/// A link to a page of the console; what was asked for in the address goes along.
fn page(path: &str, name: &'static str, here: bool) -> AnyView {
    let asked = window().location().search().unwrap_or_default();
    view! { <a class="page" href=[path, &asked].concat() aria-current=here.then_some("page")>{name}</a> }
        .into_any()
}

/// `?lang=en` wins, then the browser's language.
fn locale() -> String {
    let window = window();
    let search = window.location().search().unwrap_or_default();
    let asked = search.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("lang="));
    asked.map(str::to_owned).or_else(|| window.navigator().language()).unwrap_or_else(|| "en".to_owned())
}
