//! The card beside the control: what to do here, which stop this is, and the ways on.

use std::rc::Rc;

use super::texts::Texts;
use crate::ui::{Tag, tag};

/// What a button or a key asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Next,
    Back,
    Skip,
    Retry,
    Close,
}

/// A way on.
pub enum Way {
    /// A button with its class.
    Button(&'static str, &'static str, Ask),
    /// A link.
    Link(&'static str, String),
}

/// What a card says.
#[derive(Default)]
pub struct Content {
    /// Which stop this is.
    pub nth: String,
    pub title: String,
    pub text: String,
    pub hint: String,
    /// Whether something is to be put right.
    pub is_refusal: bool,
    /// Whether everything else is out of reach.
    pub blocking: bool,
    pub ways: Vec<Way>,
}

/// Describes a card; `ask` receives what its buttons ask for.
pub fn card(texts: &'static Texts, lang: String, content: Content, ask: &Rc<dyn Fn(Ask)>) -> Tag {
    let line = |class: &'static str, text: String| (!text.is_empty()).then(|| tag("P", class).text(text));
    let press = |button: Tag, what: Ask| {
        let ask = Rc::clone(ask);
        button.set("type", "button").on("click", move |_| ask(what))
    };
    let way = |way: Way| match way {
        Way::Button(class, text, what) => press(tag("BUTTON", class).set("part", class).text(text), what),
        Way::Link(text, address) => tag("A", "action").with("part=action").set("href", address).text(text),
    };
    let body = tag("DIV", "body")
        .add(tag("P", "nth").text(content.nth))
        .add(tag("H2", "").with("id=title").text(content.title))
        .add(tag("P", if content.is_refusal { "refused" } else { "" }).with("id=text").text(content.text))
        .add_maybe(line("hint", content.hint))
        .add(tag("DIV", "actions").add_all(content.ways.into_iter().map(way)));
    let close = press(tag("BUTTON", "close").with("part=close").set("aria-label", texts.close), Ask::Close);
    tag("DIV", "stop")
        .with("part=guide role=dialog tabindex=-1 aria-labelledby=title aria-describedby=text")
        .set("lang", lang)
        .maybe("aria-modal", content.blocking.then_some("true"))
        .add(body)
        .add(close)
}
