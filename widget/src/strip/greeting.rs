//! The greeting of the first visit: what this is, how long it takes, and where it begins.

use super::Running;
use crate::browser;
use crate::i18n::{concat, fill};
use crate::state::Model;
use crate::ui::{Tag, tag};

impl Running {
    /// The greeting, for as long as the person has not answered it and something is left to do.
    pub(super) fn draw_greeting(&self, model: &Model) -> Option<Tag> {
        let list = model.checklist();
        let next = list.next.clone().filter(|_| list.left > 0)?;
        if browser::recall(&self.greeting_key()).is_some() {
            return None;
        }
        let texts = self.texts;
        let (m, name) = (list.minutes.to_string(), self.state.me().name);
        let hello = match &name {
            Some(name) => fill(texts.hello, &[("name", name), ("m", &m)]),
            None => fill(texts.hello_nobody, &[("m", &m)]),
        };
        let first = fill(texts.hello_text, &[("step", model.title(&next))]);
        let words = vec![tag("P", "title").text(hello), tag("P", "line").text(first)];
        let begin = self.press("action", texts.begin, Self::open_to_do);
        let later = self.press("quiet", texts.later, Self::decline);
        Some(self.strip("strip greets", words, vec![begin, later], Self::decline))
    }

    fn decline(&self) {
        self.greeted();
        self.redraw();
    }

    /// The person knows what this is.
    pub(super) fn greeted(&self) {
        browser::remember(&self.greeting_key(), Some("1"));
    }

    fn greeting_key(&self) -> String {
        concat(&["tabiji:greeted:", &self.state.owner()])
    }
}
