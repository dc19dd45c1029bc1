//! How a conversation went: five faces, as surveys have them.

use std::rc::Rc;

use super::comment_form;
use super::texts::Texts;
use crate::card::{face, paragraph};
use crate::chat::session::Place;
use crate::ui::{Handle, Tag, tag};

/// The question and its faces.
pub fn draw(place: &Rc<dyn Place>, texts: &'static Texts) -> Vec<Tag> {
    let faces = texts.faces.iter().zip(1u8..).map(|(name, score)| {
        let handle = Handle::to(place);
        tag("BUTTON", "")
            .with("type=button part=answer")
            .on("click", move |_| handle.with(|place| rate(place, texts, score)))
            .made(move |button| face::draw(button, score.into()))
            .add(tag("SPAN", "").text(*name))
    });
    vec![paragraph("hint", texts.rate), tag("DIV", "answers mood").add_all(faces)]
}

/// The score counts at once, and once.
fn rate(place: &Rc<dyn Place>, texts: &'static Texts, score: u8) {
    if let Some(session) = place.session() {
        session.rate(score, String::new());
        comment_form::show(place, texts, score);
    }
}
