//! Those behind a count of a report, in a dialog: every count leads to people.

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::console::{CountedAccount, CountedAccounts};

use crate::api::Site;
use crate::api::reports::{self, CountQuery};
use crate::context::{Language, language, site};
use crate::format::recent;
use crate::i18n::{Texts, fill};
use crate::ui::{self, Load, Loaded, charts};

/// A count that can be pressed.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// What it counts.
    pub heading: String,
    /// What the time of each row is.
    pub when: &'static str,
    /// How the collector is asked who is behind it.
    pub query: CountQuery,
}

/// The count whose dialog is open.
pub type ChosenCount = RwSignal<Option<Count>>;

/// Draws the number of a count; a press opens its dialog.
pub fn number(n: u64, count: Count, chosen: ChosenCount) -> AnyView {
    let heading = count.heading.clone();
    ui::number(n, &heading, move || chosen.set(Some(count.clone())))
}

/// The dialog, closed while no count is chosen.
#[component]
pub fn CountedDialog(chosen: ChosenCount) -> impl IntoView {
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
            {move || chosen.get().map(|count| view! {
                <header>
                    <h2 id="behind">{count.heading.clone()}</h2>
                    <button type="button" class="plain" on:click=close>{language.texts.close}</button>
                </header>
                <Counted site=site.clone() count />
            })}
        </dialog>
    }
}

#[component]
fn Counted(site: Site, count: Count) -> impl IntoView {
    let language = language();
    let Count { when, query, .. } = count;
    let load = Load::begin(move || {
        let (site, query) = (site.clone(), query.clone());
        async move { reports::counted(&site, &query).await }
    });
    let empty = move |found: &CountedAccounts| {
        let text = language.texts.no_accounts_there;
        found.accounts.is_empty().then(|| view! { <p class="facts">{text}</p> }.into_any())
    };
    view! { <Loaded load empty content=move |found: &CountedAccounts| table(language, when, found) /> }
}

fn table(Language { texts, locale }: Language, when: &'static str, found: &CountedAccounts) -> AnyView {
    let has = |column: fn(&CountedAccount) -> bool| found.accounts.iter().any(column);
    let (people, scores) = (has(|one| one.by.is_some()), has(|one| one.score.is_some()));
    let heads =
        [Some(texts.account), people.then_some(texts.person), scores.then_some(texts.score), Some(when)];
    let row = |one: &CountedAccount| {
        view! {
            <tr>
                <th scope="row">{account(texts, one)}</th>
                {people.then(|| view! { <td>{one.by.as_ref().map(|by| known(texts, by))}</td> })}
                {scores.then(|| view! { <td>{one.score}</td> })}
                <td>{recent(one.at, locale)}</td>
            </tr>
        }
        .into_any()
    };
    let more = found.n.saturating_sub(found.accounts.len() as u64);
    let more = (more > 0).then(|| fill(texts.more_accounts, &[("n", &more.to_string())]));
    let heads: Vec<&'static str> = heads.into_iter().flatten().collect();
    view! {
        {charts::table(texts.account, &heads, found.accounts.iter().map(row))}
        {more.map(|text| view! { <p class="facts">{text}</p> })}
    }
    .into_any()
}

/// Draws an account by its name, with its id beside it.
fn account(texts: &'static Texts, one: &CountedAccount) -> AnyView {
    let id = one.account.to_string();
    let name = one.name.clone().unwrap_or_else(|| known(texts, &id));
    let id = (name != id).then(|| view! { " " <small>{id}</small> });
    view! { {name} {id} }.into_any()
}

/// Returns a name, or what a guest is called: their ids mean nothing to anybody.
fn known(texts: &'static Texts, name: &str) -> String {
    if name.starts_with('~') { texts.guest.to_owned() } else { name.to_owned() }
}

/// Says how many guests stand beside a count; nothing when there is none.
pub fn guests_beside(texts: &'static Texts, n: u64) -> Option<String> {
    (n > 0).then(|| fill(texts.guests_beside, &[("n", &n.to_string())]))
}
