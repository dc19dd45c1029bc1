//! The card beside the control: what to do here, which stop this is, and the ways on.

use std::rc::Rc;

use protocol::Wait;
use texts::fill;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use crate::element::{Made, Make};
use crate::texts::Texts;

/// What a button of the card asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To the next stop.
    Next,
    /// To the stop before.
    Back,
    /// To the next stop although this one was not done.
    Skip,
    /// To look for the control again.
    Retry,
    /// No more.
    Close,
}

/// Which card.
pub enum Face<'a> {
    /// Beside the control.
    Stop {
        /// What ends the stop.
        wait: Wait,
        /// The sentence.
        text: &'a str,
        /// Whether the control is a frame that nobody can look into.
        frame: bool,
    },
    /// The control is not there.
    Missing,
    /// The control is on another page; its address, when it is known.
    Away(Option<&'a str>),
}

/// Everything a card says.
pub struct Words<'a> {
    /// The title of the stop.
    pub title: &'a str,
    /// Which stop, from 0.
    pub at: usize,
    /// How many there are.
    pub of: usize,
    /// Whether there is a stop to go back to.
    pub back: bool,
    /// Whether everything else is out of reach.
    pub blocking: bool,
}

/// A card; it leaves the layer when it is dropped.
pub struct Card(Made);

impl Card {
    /// Makes a card.
    pub fn new(
        document: &Document,
        texts: &'static Texts,
        words: &Words<'_>,
        face: &Face<'_>,
        ask: &Rc<dyn Fn(Ask)>,
    ) -> Option<Self> {
        let (title, text) = match face {
            Face::Stop { text, .. } => (words.title, *text),
            Face::Missing => (texts.missing_title, texts.missing_text),
            Face::Away(_) => (texts.away_title, texts.away_text),
        };
        let hint = match face {
            Face::Stop { frame: true, .. } => texts.frame,
            Face::Stop { wait: Wait::Click, .. } => texts.wait_click,
            Face::Stop { wait: Wait::Input, .. } => texts.wait_input,
            Face::Stop { wait: Wait::Value, .. } => texts.wait_value,
            Face::Stop { wait: Wait::Navigation, .. } => texts.wait_navigation,
            Face::Stop { wait: Wait::Fact, .. } => texts.wait_fact,
            _ => "",
        };
        let button = |name: &str, text: &str, does: Ask| {
            let ask = Rc::clone(ask);
            let button =
                Make::new(document, "button")?.set(&[("type", "button"), ("class", name), ("part", name)]);
            Some(button.text(text).on("click", move |_| ask(does)))
        };
        let is_last = words.at + 1 == words.of;
        let next = match face {
            Face::Stop { wait: Wait::Read, .. } => {
                button("action", if is_last { texts.finish } else { texts.next }, Ask::Next)
            }
            Face::Stop { .. } => button("plain", texts.skip, Ask::Skip),
            Face::Missing => button("action", texts.retry, Ask::Retry),
            Face::Away(address) => address.and_then(|address| {
                let link = Make::new(document, "a")?.set(&[
                    ("class", "action"),
                    ("part", "action"),
                    ("href", address),
                ]);
                Some(link.text(texts.away_go))
            }),
        };
        let back = if words.back && matches!(face, Face::Stop { .. }) {
            button("plain", texts.back, Ask::Back)
        } else {
            None
        };
        let skip = if matches!(face, Face::Missing) { button("plain", texts.skip, Ask::Skip) } else { None };
        let count = if words.of == 1 {
            String::new()
        } else {
            fill(texts.count, &[("n", &(words.at + 1).to_string()), ("m", &words.of.to_string())])
        };
        let paragraph =
            |class: &str, text: &str| Some(Make::new(document, "p")?.set(&[("class", class)]).text(text));
        let close = button("close", "", Ask::Close)?.set(&[("aria-label", texts.close)]);
        let mut card = Make::new(document, "div")?.set(&[
            ("class", "stop"),
            ("part", "guide"),
            ("role", "dialog"),
            ("tabindex", "-1"),
            ("aria-labelledby", "title"),
            ("aria-describedby", "text"),
        ]);
        if words.blocking {
            card = card.set(&[("aria-modal", "true")]);
        }
        let heading = Make::new(document, "h2")?.set(&[("id", "title")]).text(title);
        let body = Make::new(document, "p")?.set(&[("id", "text")]).text(text);
        let actions = Make::new(document, "div")?.set(&[("class", "actions")]).add(back).add(skip).add(next);
        let hint = if hint.is_empty() { None } else { paragraph("hint", hint) };
        let inner = Make::new(document, "div")?.set(&[("class", "body")]);
        let inner = inner.add(paragraph("nth", &count)).add(Some(heading)).add(Some(body)).add(hint);
        Some(Self(card.add(Some(inner.add(Some(actions)))).add(Some(close)).made()))
    }

    /// The element.
    pub fn element(&self) -> &Element {
        &self.0.element
    }

    /// Its width and height.
    pub fn size(&self) -> (f64, f64) {
        let element: &HtmlElement = self.0.element.unchecked_ref();
        (element.offset_width().into(), element.offset_height().into())
    }
}

/// Gives the focus without scrolling the page.
pub fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element that is gone again needs no focus.
    let _ = element.focus_with_options(&options);
}
