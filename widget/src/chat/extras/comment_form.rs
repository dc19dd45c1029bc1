//! Words beside a score: welcome, and not needed.

use std::rc::Rc;

use super::on;
use super::texts::Texts;
use crate::card::{actions, field, submit};
use crate::chat::session::Place;
use crate::ui::{Handle, button, tag};

/// Characters of a comment.
const COMMENT: &str = "1000";

/// Asks for a comment; the score counts already.
pub fn show(place: &Rc<dyn Place>, texts: &Texts, score: u8) {
    let (handle, sends) = (Handle::to(place), Handle::to(place));
    let why = tag("TEXTAREA", "").set("rows", "2").set("maxlength", COMMENT);
    let leave = button("quiet", texts.not_now, on(&handle, |place| Rc::clone(place).restore()));
    let buttons = actions(vec![submit(texts.send), leave]);
    let form = tag("FORM", "comment").add(field(texts.why, why)).add(buttons).on("submit", move |event| {
        crate::ui::prevent(event);
        sends.with(|place| {
            let comment = place.card().value(".comment textarea");
            if let Some(session) = place.session().filter(|_| !comment.is_empty()) {
                session.rate(score, comment);
            }
            Rc::clone(place).restore();
        });
    });
    Rc::clone(place).replace(form);
    place.card().focus(".comment textarea");
}
