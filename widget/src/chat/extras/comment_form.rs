//! Words beside a score: welcome, and not needed.

use std::rc::Rc;

use super::texts::Texts;
use crate::card::{actions, field, submit};
use crate::chat::thread::{Thread, on};
use crate::ui::{Handle, button, tag};

/// Characters of a comment.
const COMMENT: &str = "1000";

/// Asks for a comment; the score counts already.
pub fn show(thread: &Rc<Thread>, texts: &Texts, score: u8) {
    let (handle, sends) = (Handle::to(thread), Handle::to(thread));
    let why = tag("TEXTAREA", "").set("rows", "2").set("maxlength", COMMENT);
    let leave = button("quiet", texts.not_now, on(&handle, |thread, _| thread.restore()));
    let buttons = actions(vec![submit(texts.send), leave]);
    let form = tag("FORM", "comment").add(field(texts.why, why)).add(buttons).on("submit", move |event| {
        crate::ui::prevent(event);
        sends.with(|thread| {
            let comment = thread.card().value(".comment textarea");
            if let Some(session) = thread.session().filter(|_| !comment.is_empty()) {
                session.rate(score, comment);
            }
            thread.restore();
        });
    });
    thread.replace(form);
    thread.card().focus(".comment textarea");
}
