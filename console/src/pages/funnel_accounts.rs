//! The accounts behind one part of a bar of the funnel, in a dialog: a report leads to people.

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::console::{FunnelAccount, FunnelAccounts, FunnelFate, FunnelMode};

use crate::api::{Site, reports};
use crate::context::{Language, language, site};
use crate::format::recent;
use crate::i18n::{Texts, fill};
use crate::ui::{Load, Loaded, charts};

/// One part of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The kind of the bar, and its id.
    pub bar: (&'static str, String),
    /// The title of the bar.
    pub title: String,
    /// What became of the accounts.
    pub fate: FunnelFate,
}

impl Part {
    /// Says what it counts.
    pub fn heading(&self, texts: &Texts) -> String {
        let fate = match self.fate {
            FunnelFate::Converted => texts.converted,
            FunnelFate::InProgress => texts.in_progress,
            FunnelFate::Dropped => texts.dropped,
        };
        fill(texts.behind, &[("title", &self.title), ("fate", fate)])
    }
}

/// The dialog, closed while no part is chosen.
#[component]
pub fn FunnelAccountsDialog(mode: RwSignal<FunnelMode>, chosen: RwSignal<Option<Part>>) -> impl IntoView {
    let (language, site) = (language(), site());
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|dialog| chosen.get().is_some() && !dialog.open()) {
            // Closed before: this cannot fail.
            let _ = dialog.show_modal();
        }
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog class="behind" aria-labelledby="behind" node_ref=dialog on:close=move |_| chosen.set(None)>
            {move || chosen.get().map(|part| {
                let heading = part.heading(language.texts);
                view! {
                    <header>
                        <h2 id="behind">{heading}</h2>
                        <button type="button" class="plain" on:click=close>{language.texts.close}</button>
                    </header>
                    <Accounts site=site.clone() mode=mode.get_untracked() part />
                }
            })}
        </dialog>
    }
}

#[component]
fn Accounts(site: Site, mode: FunnelMode, part: Part) -> impl IntoView {
    let language = language();
    let load = Load::begin(move || {
        let (site, part) = (site.clone(), part.clone());
        async move {
            let bar = (part.bar.0, part.bar.1.as_str());
            reports::funnel_accounts(&site, mode, bar, part.fate).await
        }
    });
    let empty = move |found: &FunnelAccounts| {
        let text = language.texts.no_accounts_there;
        found.accounts.is_empty().then(|| view! { <p class="facts">{text}</p> }.into_any())
    };
    view! { <Loaded load empty content=move |found: &FunnelAccounts| table(language, found) /> }
}

fn table(Language { texts, locale }: Language, found: &FunnelAccounts) -> AnyView {
    let row = |one: &FunnelAccount| {
        let id = one.account.to_string();
        let name = one.name.clone().unwrap_or_else(|| id.clone());
        let id = (name != id).then(|| view! { " " <small>{id}</small> });
        view! {
            <tr>
                <th scope="row">{name} {id}</th>
                <td>{recent(one.moved, locale)}</td>
            </tr>
        }
        .into_any()
    };
    let more = found.n - (found.accounts.len() as u64).min(found.n);
    let more = (more > 0).then(|| fill(texts.more_accounts, &[("n", &more.to_string())]));
    view! {
        {charts::table(texts.account, &[texts.account, texts.moved], found.accounts.iter().map(row))}
        {more.map(|text| view! { <p class="facts">{text}</p> })}
    }
    .into_any()
}
