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

/// A button of the card: its class, its text, and what it asks for.
pub type Button = (&'static str, &'static str, Ask);

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
    pub is_blocking: bool,
    /// Where a link to the page of this stop leads.
    pub address: Option<String>,
    pub buttons: Vec<Button>,
}

/// Describes a card; `ask` receives what its buttons ask for.
pub fn card(texts: &'static Texts, lang: String, content: Content, ask: &Rc<dyn Fn(Ask)>) -> Tag {
    let press = |(class, text, what): Button| {
        let ask = Rc::clone(ask);
        let button = tag("BUTTON", class).with("type=button").set("part", class);
        let button = button.on("click", move |_| ask(what));
        if class == "close" { button.set("aria-label", text) } else { button.text(text) }
    };
    let mut ways = tag("DIV", "actions").add_all(content.buttons.into_iter().map(press));
    if let Some(address) = content.address {
        ways = ways.add(tag("A", "action").with("part=action").set("href", address).text(texts.away_go));
    }
    let mut body = tag("DIV", "body")
        .add(tag("P", "nth").text(content.nth))
        .add(tag("H2", "").with("id=title").text(content.title))
        .add(tag("P", if content.is_refusal { "refused" } else { "" }).with("id=text").text(content.text));
    if !content.hint.is_empty() {
        body = body.add(tag("P", "hint").text(content.hint));
    }
    tag("DIV", "stop")
        .with("part=guide role=dialog tabindex=-1 aria-labelledby=title aria-describedby=text")
        .set("lang", lang)
        .maybe("aria-modal", content.is_blocking.then_some("true"))
        .add(body.add(ways))
        .add(press(("close", texts.close, Ask::Close)))
}
