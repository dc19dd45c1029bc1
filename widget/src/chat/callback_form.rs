//! Asks for a call: a number, and when it suits.

use std::rc::Rc;

use protocol::Millis;
use protocol::chat::SupportHours;
use protocol::chat::limits as chat_limits;
use web_sys::Event;

use super::bridge::narrow;
use super::hours::{moment, span};
use super::session::Session;
use crate::card::{Card, actions, field, paragraph};
use crate::i18n::fill;
use crate::js;
use crate::ui::{Tag, button, tag};

/// A call that was asked for.
pub struct Request {
    pub phone: String,
    pub windows: Vec<[Millis; 2]>,
}

/// A form for a call; `done` gets what was asked for, or nothing when it is not wanted.
pub fn form(
    session: &Rc<Session>,
    card: &Card,
    hours: &SupportHours,
    done: impl Fn(Option<Request>) + 'static,
) -> Tag {
    let (texts, locale, now) = (session.texts, session.state.locale(), session.server_now());
    let number = tag("INPUT", "")
        .set("type", "tel")
        .set("autocomplete", "tel")
        .set("inputmode", "tel")
        .set("maxlength", chat_limits::PHONE.to_string())
        .set("required", "")
        .set("aria-describedby", "call-wrong")
        .on("input", |event| {
            js::invoke(&js::get(event, "target"), "removeAttribute", &["aria-invalid".into()]);
        });
    let windows: Vec<[Millis; 2]> =
        hours.callback_windows.iter().copied().filter(|[_, to]| *to > now).collect();
    let mut times = tag("FIELDSET", "").add(tag("LEGEND", "").text(texts.call_when));
    for window in &windows {
        let check = tag("INPUT", "").set("type", "checkbox");
        times = times.add(tag("LABEL", "").add(check).text(span(*window, &locale, texts)));
    }
    let times = Some(times).filter(|_| !windows.is_empty());
    let by = hours.callback_due.map(|by| fill(texts.call_by, &[("time", &moment(by, &locale))]));
    let send = tag("BUTTON", "action").set("part", "action").set("type", "submit").text(texts.call_send);
    let done = Rc::new(done);
    let leaves = Rc::clone(&done);
    let (card, wrong) = (card.clone(), texts.failed_bad_call);
    tag("FORM", "call")
        .set("novalidate", "")
        .add(field(texts.phone, number))
        .add_maybe(times)
        .add(paragraph("hint", &by.unwrap_or_default()))
        .add(paragraph("wrong", "").set("role", "alert").set("id", "call-wrong"))
        .add(actions(vec![send, button("quiet", texts.cancel, move |_| leaves(None))]))
        .on("submit", move |event: &Event| {
            crate::ui::prevent(event);
            let phone = plain_number(&card);
            if is_number(&phone) {
                return done(Some(Request { phone, windows: chosen(&card, &windows) }));
            }
            card.write(".call .wrong", wrong);
            if let Some(field) = card.find(TEL) {
                js::invoke(&field, "setAttribute", &["aria-invalid".into(), "true".into()]);
            }
            card.focus(TEL);
        })
}

const TEL: &str = ".call [type=tel]";

/// Brings the form into view, with the focus in its first field, once it is drawn.
pub fn focus(card: &Card) {
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
    let is_checked = |at: usize| js::is(&js::get(&boxes, &at.to_string()), "checked");
    windows.iter().enumerate().filter(|(at, _)| is_checked(*at)).map(|(_, window)| *window).collect()
}

/// Japanese keyboards write numbers in full width, and several kinds of dashes.
fn plain_number(card: &Card) -> String {
    let dash = |letter: char| if "‐‑‒–—―ー−".contains(letter) { '-' } else { letter };
    narrow(&card.value(TEL)).chars().map(dash).collect::<String>().trim().to_owned()
}

/// A number that somebody can dial. The collector judges it as well; this is a hint.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text.chars().all(|letter| letter.is_ascii_digit() || "+-() ".contains(letter));
    signs && (6..=15).contains(&digits) && text.len() <= chat_limits::PHONE
}
