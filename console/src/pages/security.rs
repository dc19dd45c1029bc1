//! The security page: where the person is signed in, and the second factor.

use leptos::prelude::*;
use protocol::console::{Role, SecuritySettings};

use super::browsers;
use super::profile::{Password, Profile};
use super::second_factor::SecondFactor;
use super::security_log::SecurityLog;
use crate::api::account;
use crate::context::{Language, language, session};
use crate::ui::{Load, Loaded};

/// The person's own sign-in settings; they belong to no site.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let language = language();
    let load = Load::begin(account::security);
    let reload = Callback::new(move |()| load.reload());
    let empty = |_: &SecuritySettings| None;
    let content = move |security: &SecuritySettings| settings(language, security, reload);
    view! {
        <header class="head">
            <h1>{language.texts.security}</h1>
        </header>
        <Profile />
        <Password />
        <Loaded load empty content />
        {(session().role == Role::Admin).then(|| view! { <SecurityLog /> })}
    }
}

fn settings(language: Language, security: &SecuritySettings, reload: Callback<()>) -> AnyView {
    let texts = language.texts;
    let is_on = security.two_factor;
    view! {
        {browsers::section(language, &security.browsers, reload)}
        <section class="report codes" aria-labelledby="codes">
            <h2 id="codes">{texts.codes}</h2>
            <p class="facts">{if is_on { texts.codes_on } else { texts.codes_off }}</p>
            <SecondFactor is_on on_changed=reload />
        </section>
    }
    .into_any()
}
