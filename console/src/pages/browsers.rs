//! A section of the security page: the browsers in which the person is signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::SignedInBrowser;

use crate::api::account;
use crate::context::Language;
use crate::format::moment;
use crate::ui::charts::table;

/// Draws the browsers, the last used first, each with a button that signs it out.
pub fn section(language: Language, browsers: &[SignedInBrowser], reload: Callback<()>) -> AnyView {
    let texts = language.texts;
    let rows = browsers.iter().map(|one| row(language, one, reload));
    let heads = [texts.browser, texts.signed_in, texts.last_used, ""];
    view! {
        <section class="report browsers" aria-labelledby="browsers">
            <h2 id="browsers">{texts.browsers}</h2>
            <p class="facts">{texts.browsers_hint}</p>
            {table(texts.browsers, &heads, rows)}
        </section>
    }
    .into_any()
}

fn row(Language { texts, locale }: Language, one: &SignedInBrowser, reload: Callback<()>) -> AnyView {
    let id = one.id.clone();
    let end = move |_| {
        let id = id.clone();
        spawn_local(async move {
            // A session that has ended already is as good. The page may be gone by now.
            let _ = account::end_browser(&id).await;
            let _ = reload.try_run(());
        });
    };
    let last = if one.current {
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

/// Marks of browsers in a user agent, the more special first: Edge and Opera also call themselves Chrome, and
/// Chrome Safari.
const BROWSERS: [(&str, &str); 5] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks of systems in a user agent, the more special first: iPhones also name Mac OS, and Android names Linux.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Returns a browser's name for people: its maker and the system; the beginning of the user agent when both
/// are unknown.
fn name(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (first(&BROWSERS), first(&SYSTEMS)) {
        (Some(browser), Some(system)) => [browser, " · ", system].concat(),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn browsers_that_call_themselves_another_one_are_told_apart() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
                "Chrome · Android",
            ),
            ("curl/8.5", "curl/8.5"),
        ];
        for (agent, expected) in cases {
            assert_eq!(name(agent), expected);
        }
    }
}
