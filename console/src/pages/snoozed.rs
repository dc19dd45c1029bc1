//! A section of the journey page: who snoozed which step, and until when. A call would help
//! these people.

use leptos::prelude::*;
use protocol::console::SnoozedStep;

use crate::clock::now;
use crate::context::Language;
use crate::format::moment;
use crate::ui::charts::table;

/// Draws the list, the next to resume first; a sentence says so when no step is snoozed.
pub fn section(Language { texts, locale }: Language, all: &[SnoozedStep]) -> AnyView {
    let now = now();
    let row = |one: &SnoozedStep| {
        let name = one.name.clone().unwrap_or_else(|| one.account.to_string());
        let is_due = one.until <= now;
        view! {
            <tr class:due=is_due>
                <th scope="row">{name}</th>
                <td>{one.step.clone()}</td>
                <td>{moment(one.until, locale)} {is_due.then(|| view! { " " <strong>{texts.due}</strong> })}</td>
                <td>
                    {one.by.clone().unwrap_or_else(|| texts.none.to_owned())}
                    {one.guest.then(|| view! { " " <small>{texts.guest}</small> })}
                </td>
                <td>{if one.reason.is_empty() { texts.none.to_owned() } else { one.reason.clone() }}</td>
            </tr>
        }
        .into_any()
    };
    let content = if all.is_empty() {
        view! { <p class="facts">{texts.nobody_later}</p> }.into_any()
    } else {
        let heads = [texts.account, texts.step, texts.until, texts.who, texts.why];
        table(texts.postponed, &heads, all.iter().map(row))
    };
    view! {
        <section class="report postponed" aria-labelledby="postponed">
            <h2 id="postponed">{texts.postponed}</h2>
            {content}
        </section>
    }
    .into_any()
}
