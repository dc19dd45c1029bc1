//! Who said "later" to which step, and until when: the people whom a call would help.

use js_sys::Date;
use leptos::prelude::*;
use protocol::{Millis, Postponed};

use crate::format::datetime::moment;
use crate::i18n::Texts;
use crate::ui::charts::table;

/// The list, the next first; a sentence when nobody put anything off.
pub fn list(texts: &'static Texts, locale: &str, all: &[Postponed]) -> AnyView {
    let now = Date::now() as Millis;
    let row = |one: &Postponed| {
        let name = one.name.clone().unwrap_or_else(|| one.account.to_string());
        let is_due = one.until <= now;
        view! {
            <tr class:due=is_due>
                <th scope="row">{name}</th>
                <td>{one.step.clone()}</td>
                <td>{moment(one.until, locale)} {is_due.then(|| view! { " " <strong>{texts.due}</strong> })}</td>
                <td>{one.by.clone().unwrap_or_else(|| texts.none.to_owned())}</td>
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
