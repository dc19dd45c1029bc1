//! The card beside the control: what to do here, which stop this is, and the ways on.

use super::texts::Texts;
use crate::ui::{Tag, tag};

/// A button of the card: its class, its text, and what it asks for: `next`, `back`, `skip`, `retry` or `close`.
pub type Button = (&'static str, &'static str, &'static str);

/// What a card says.
#[derive(Default)]
pub struct Content<'a> {
    pub title: &'a str,
    pub text: &'a str,
    pub hint: &'a str,
    /// Whether something is to be put right.
    pub is_refusal: bool,
    /// Whether everything else is out of reach.
    pub is_blocking: bool,
    /// Where a link to the page of this stop leads.
    pub address: Option<&'a str>,
    pub buttons: Vec<Button>,
}

/// Describes a card; `nth` says which stop it is.
pub fn card(texts: &'static Texts, lang: &str, nth: &str, content: &Content) -> Tag {
    let mut ways = tag("DIV", "actions").add_all(content.buttons.iter().map(button));
    if let Some(address) = content.address {
        ways = ways.add(tag("A", "action").with("part=action").set("href", address).text(texts.away_go));
    }
    let body = tag("DIV", "body")
        .add(tag("P", "nth").text(nth))
        .add(tag("H2", "").with("id=title").text(content.title))
        .add(tag("P", if content.is_refusal { "refused" } else { "" }).with("id=text").text(content.text))
        .add(tag("P", "hint").text(content.hint));
    tag("DIV", "stop")
        .with("part=guide role=dialog tabindex=-1 aria-labelledby=title aria-describedby=text")
        .set("lang", lang)
        .maybe("aria-modal", content.is_blocking.then_some("true"))
        .add(body.add(ways))
        .add(button(&("close", texts.close, "close")))
}

fn button(&(class, text, ask): &Button) -> Tag {
    let button = tag("BUTTON", class).with("type=button").set("part", class).set("data-do", ask);
    if class == "close" { button.set("aria-label", text) } else { button.text(text) }
}
