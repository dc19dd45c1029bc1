//! Asks for a call: a number, and when it suits.

use std::rc::Rc;

use journey::chat_client::text::trim;
use protocol::Millis;
use protocol::chat::SupportHours;
use protocol::chat::limits as chat_limits;
use web_sys::Event;

use super::on;
use super::texts::Texts;
use crate::browser::narrow;
use crate::card::{Card, actions, field, paragraph, submit};
use crate::chat::hours::{moment, span};
use crate::chat::session::{Place, Session};
use crate::i18n::fill;
use crate::js;
use crate::ui::{Handle, Tag, button, tag};

/// Shows a form for a call in the place of the message.
pub fn show(place: &Rc<dyn Place>, session: &Rc<Session>, texts: &'static Texts) {
    if let Some(hours) = session.hours() {
        Rc::clone(place).replace(form(place, session, texts, &hours));
        focus(place.card());
    }
}

fn form(place: &Rc<dyn Place>, session: &Rc<Session>, texts: &'static Texts, hours: &SupportHours) -> Tag {
    let (locale, now) = (session.state.locale(), session.server_now());
    let number = tag("INPUT", "")
        .with("type=tel autocomplete=tel inputmode=tel")
        .set("maxlength", chat_limits::PHONE.to_string())
        .with("required aria-describedby=call-wrong")
        .on("input", |event| {
            js::invoke(&js::get(event, "target"), "removeAttribute", &["aria-invalid".into()]);
        });
    let mut windows: Vec<[Millis; 2]> = Vec::new();
    let mut times = tag("FIELDSET", "").add(tag("LEGEND", "").text(texts.call_when));
    for window in &hours.callback_windows {
        let [_, to] = *window;
        if to > now {
            windows.push(*window);
            // The first one suits most people; who leaves all empty may be called at any time.
            let first = (windows.len() == 1).then_some("");
            let check = tag("INPUT", "").set("type", "checkbox").maybe("checked", first);
            times = times.add(tag("LABEL", "").add(check).text(span(*window, &locale, session.texts)));
        }
    }
    let times = Some(times).filter(|_| !windows.is_empty());
    // What is chosen is what is promised.
    let by = hours.callback_due.map(|by| fill(texts.call_by, &[("time", &moment(by, &locale))]));
    let by = by.unwrap_or_default();
    let hint = if windows.is_empty() { by.clone() } else { texts.call_chosen.to_owned() };
    let (handle, sends, chooses) = (Handle::to(place), Handle::to(place), Handle::to(place));
    let offered = windows.clone();
    let leave = button("quiet", texts.cancel, on(&handle, |place| Rc::clone(place).restore()));
    tag("FORM", "call")
        .set("novalidate", "")
        .add(field(texts.phone, number))
        .add_maybe(times)
        .add(paragraph("hint", &hint).with("role=status"))
        .add(paragraph("wrong", "").with("role=alert id=call-wrong"))
        .add(actions(vec![submit(texts.call_send), leave]))
        .on("change", move |_| {
            chooses.with(|place| {
                let is_any = chosen(place.card(), &offered).is_empty();
                place.card().write(".call .hint", if is_any { &by } else { texts.call_chosen });
            });
        })
        .on("submit", move |event: &Event| {
            crate::ui::prevent(event);
            sends.with(|place| send(place, &windows, texts));
        })
}

fn send(place: &Rc<dyn Place>, windows: &[[Millis; 2]], texts: &Texts) {
    let card = place.card();
    let phone = plain_number(card);
    if is_number(&phone) {
        if let Some(session) = place.session() {
            session.request_callback(phone, chosen(card, windows));
        }
        return Rc::clone(place).restore();
    }
    card.write(".call .wrong", texts.failed_bad_call);
    if let Some(field) = card.find(TEL) {
        js::invoke(&field, "setAttribute", &["aria-invalid".into(), "true".into()]);
    }
    card.focus(TEL);
}

const TEL: &str = ".call [type=tel]";

/// Brings the form into view, with the focus in its first field, once it is drawn.
fn focus(card: &Card) {
    let card = card.clone();
    crate::ui::next_frame(move || {
        if let Some(form) = card.find(".call") {
            let nearest = crate::wire::object(&[("block", "nearest".into())]);
            js::invoke(&form, "scrollIntoView", &[nearest]);
        }
        card.focus(TEL);
    });
}

/// The times whose boxes are checked.
fn chosen(card: &Card, windows: &[[Millis; 2]]) -> Vec<[Millis; 2]> {
    let Some(form) = card.find(".call") else { return Vec::new() };
    let boxes = js::call(&form, "querySelectorAll", &["[type=checkbox]".into()]).unwrap_or_default();
    let mut chosen = Vec::new();
    for (at, window) in windows.iter().enumerate() {
        if js::is(&js::get(&boxes, &at.to_string()), "checked") {
            chosen.push(*window);
        }
    }
    chosen
}

/// Japanese keyboards write numbers in full width, and several kinds of dashes.
fn plain_number(card: &Card) -> String {
    let mut number = String::new();
    for letter in narrow(&card.value(TEL)).chars() {
        // A text that is searched for a letter brings the standard library's whole search.
        let is_dash = matches!(letter, '‐' | '‑' | '‒' | '–' | '—' | '―' | 'ー' | '−');
        number.push(if is_dash { '-' } else { letter });
    }
    trim(&number).to_owned()
}

/// A number that can be dialled. The collector checks it as well; this is a hint.
fn is_number(text: &str) -> bool {
    let mut digits = 0;
    for letter in text.bytes() {
        match letter {
            b'0'..=b'9' => digits += 1,
            b'+' | b'-' | b'(' | b')' | b' ' => {}
            _ => return false,
        }
    }
    (6..=15).contains(&digits) && text.len() <= chat_limits::PHONE
}
