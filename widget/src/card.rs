//! A card in the panel's place: one at a time, named by its heading, left by Escape or its button.
//!
//! Every part that shows something goes through here, so that cards look and behave the same. The core knows
//! only that the place is taken; see `State::take_place`. Reasons: `docs/decisions/0007-asks.md`.

mod content;
pub mod face;
mod shown;

use std::rc::Rc;

use journey::paste_parser::trim;
use web_sys::HtmlElement;

use crate::js;
use crate::part::Tab;
use crate::state::State;
use crate::ui::{Handle, Lasting, Tag};

pub use content::{actions, field, paragraph, submit};
use shown::Shown;

/// The place's name for cards of this crate.
const PLACE: &str = "card";

/// A card that is or was shown. It is cheap to clone and keeps nothing alive: when the card is gone, every
/// method does nothing.
#[derive(Clone)]
pub struct Card(Handle<Shown>);

impl Card {
    /// Shows an empty card in place of whatever is there. A `quiet` one leaves the focus where the person
    /// is busy; a screen reader announces its title instead.
    pub fn open(state: State, title: &str, quiet: bool) -> Self {
        Self::mount(state, title, quiet, None)
    }

    /// Shows an empty card as a tab of the panel: its cross closes the panel.
    pub fn open_tab(state: State, title: &str, tab: Tab) -> Self {
        Self::mount(state, title, false, Some(tab))
    }

    fn mount(state: State, title: &str, quiet: bool, tab: Option<Tab>) -> Self {
        let shown = Shown::mount(state, title, tab);
        let card = Self(Handle::to(&shown));
        if quiet {
            shown.announce_title(title);
        } else {
            shown.focus("h2");
        }
        state.take_place(PLACE, Rc::new(move || shown.end(false)));
        card
    }

    /// Replaces the content.
    pub fn fill(&self, content: Vec<Tag>) {
        if let Some(shown) = self.shown() {
            shown.fill(content);
        }
    }

    /// Replaces the content and announces `status`. A focus that was in the old content goes to the first
    /// field or button of the new one.
    pub fn turn(&self, status: &str, content: Vec<Tag>) {
        if let Some(shown) = self.shown() {
            let focused = shown.has_focus();
            shown.fill(content);
            self.say(status);
            if focused && !shown.focus(".body textarea, .body input, .body button") {
                shown.focus("h2");
            }
        }
    }

    /// Announces a text to screen readers.
    pub fn say(&self, text: &str) {
        self.write(shown::STATUS, text);
    }

    /// Sets the text of the first element that fits.
    pub fn write(&self, selector: &str, text: &str) {
        if let Some(element) = self.find(selector) {
            js::set(&element, "textContent", text);
        }
    }

    /// The first element of the card that fits.
    pub fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.shown()?.find(selector)
    }

    /// What stands in a field of the card, without blanks around it.
    pub fn value(&self, selector: &str) -> String {
        self.find(selector).map(|field| trim(&js::text(&field, "value"))).unwrap_or_default()
    }

    /// Moves the focus to the first element that fits.
    pub fn focus(&self, selector: &str) {
        if let Some(shown) = self.shown() {
            shown.focus(selector);
        }
    }

    /// Whether it is on the screen.
    pub fn is_open(&self) -> bool {
        self.shown().is_some_and(|shown| shown.is_open())
    }

    /// Keeps a timer, a listener or a subscription until the card goes, however that comes.
    pub fn keep(&self, value: impl Lasting + 'static) {
        if let Some(shown) = self.shown() {
            shown.keep(Box::new(value));
        }
    }

    /// Runs when the card is closed, with whether the person did it. It does not run when another card
    /// signs in or the widget ends: nothing is reported in another person's name.
    pub fn on_close(&self, run: impl FnOnce(bool) + 'static) {
        if let Some(shown) = self.shown() {
            shown.on_close(Box::new(run));
        }
    }

    /// Takes the card away. The focus goes back to where it came from, if it was in the card.
    pub fn close(&self, by_person: bool) {
        if let Some(shown) = self.shown() {
            shown.end(by_person);
        }
    }

    fn shown(&self) -> Option<Rc<Shown>> {
        self.0.get()
    }
}
