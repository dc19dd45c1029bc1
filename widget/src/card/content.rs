//! What cards are made of.

use crate::ui::{Tag, tag};

/// A field under its label.
pub fn field(label: &str, input: Tag) -> Tag {
    tag("LABEL", "").text(label).add(input)
}

/// A line of text.
pub fn paragraph(class: &'static str, text: &str) -> Tag {
    tag("P", class).text(text)
}

/// The button that sends a form.
pub fn submit(text: &str) -> Tag {
    tag("BUTTON", "action").with("part=action type=submit").text(text)
}

/// Buttons and links in a row.
pub fn actions(all: Vec<Tag>) -> Tag {
    tag("DIV", "actions").add_all(all.into_iter())
}
