//! A section of the security page, for administrators: what happened to access, the newest first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::{SecurityEntry, SecurityKind};

use crate::api::account;
use crate::context::{Language, language};
use crate::format::moment;
use crate::i18n::Texts;
use crate::ui::charts::table;

/// Entries that the collector sends at a time.
const PAGE: usize = 50;

/// The log, page by page.
#[component]
pub fn SecurityLog() -> impl IntoView {
    let language = language();
    let texts = language.texts;
    // None until it is asked for: few who come to this page want it.
    let entries = RwSignal::new(None::<Vec<SecurityEntry>>);
    let (has_more, has_failed) = (RwSignal::new(true), RwSignal::new(false));
    let load = move |_| {
        let before = entries.with_untracked(|known| Some(known.as_ref()?.last()?.id));
        spawn_local(async move {
            let answer = account::security_log(before).await;
            // The page may be gone by now.
            let _ = has_failed.try_set(answer.is_err());
            let Ok(page) = answer else { return };
            let _ = has_more.try_set(page.len() == PAGE);
            let _ = entries.try_update(|known| known.get_or_insert_default().extend(page));
        });
    };
    let heads = [texts.log_when, texts.log_what, texts.log_who, texts.log_about];
    let shown = move || {
        let draw = |known: &Vec<SecurityEntry>| {
            table(texts.security_log, &heads, known.iter().map(|one| row(language, one)))
        };
        entries.with(|known| known.as_ref().map(draw))
    };
    let name = move || if entries.with(Option::is_none) { texts.log_show } else { texts.log_more };
    view! {
        <section class="report security-log" aria-labelledby="security-log">
            <h2 id="security-log">{texts.security_log}</h2>
            <p class="facts">{texts.security_log_hint}</p>
            {shown}
            {move || has_failed.get().then(|| view! { <p class="wrong" role="alert">{texts.failed}</p> })}
            {move || has_more.get().then(|| view! {
                <button type="button" class="plain more-log" on:click=load>{name}</button>
            })}
        </section>
    }
}

fn row(Language { texts, locale }: Language, one: &SecurityEntry) -> AnyView {
    let count = if one.count > 1 { [" × ", &one.count.to_string()].concat() } else { String::new() };
    let about = one.site.iter().chain(Some(&one.about)).filter(|part| !part.is_empty()).cloned();
    view! {
        <tr>
            <td>{moment(one.at, locale)}</td>
            <th scope="row">{what(texts, one.kind)}{count}</th>
            <td>{who(texts, &one.by)}</td>
            <td>{about.collect::<Vec<_>>().join(" · ")}</td>
        </tr>
    }
    .into_any()
}

fn who(texts: &'static Texts, by: &str) -> String {
    match by {
        "" => texts.log_stranger.to_owned(),
        "cli" => texts.log_cli.to_owned(),
        "backend" => texts.log_backend.to_owned(),
        operator => operator.to_owned(),
    }
}

fn what(texts: &'static Texts, kind: SecurityKind) -> &'static str {
    match kind {
        SecurityKind::SignIn => texts.log_sign_in,
        SecurityKind::SignInFailed => texts.log_sign_in_failed,
        SecurityKind::SignOut => texts.log_sign_out,
        SecurityKind::LinkMade => texts.log_link_made,
        SecurityKind::LinkUsed => texts.log_link_used,
        SecurityKind::PasswordChanged => texts.log_password,
        SecurityKind::CodesOn => texts.log_codes_on,
        SecurityKind::CodesOff => texts.log_codes_off,
        SecurityKind::GrantChanged => texts.log_grant,
        SecurityKind::OperatorRemoved => texts.log_removed,
        SecurityKind::RoleRefused => texts.log_refused,
        SecurityKind::TranscriptRead => texts.log_transcript,
        SecurityKind::Exported => texts.log_exported,
        SecurityKind::Erased => texts.log_erased,
        SecurityKind::KeysRotated => texts.log_keys,
        SecurityKind::SiteAdded => texts.log_site_added,
        SecurityKind::SiteChanged => texts.log_site_changed,
        SecurityKind::SiteRemoved => texts.log_site_removed,
        SecurityKind::Other => texts.log_other,
    }
}
