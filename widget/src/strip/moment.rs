//! What is new: a step that was done, the end, a new answer, or a promise.

use super::{Running, finish};
use crate::i18n::{cut, fill};
use crate::part::Tab;
use crate::state::Model;
use crate::ui::{Tag, face, ring, tag};

/// Characters of an answer that are shown.
const LINE: usize = 80;

/// Something new.
pub enum Moment {
    /// A step was done, by another person where there is a name.
    Done { step: String, by: Option<String> },
    /// Every must-have step is done.
    Finished,
    /// An answer came.
    Answer { from: String, picture: Option<String>, text: String },
    /// A sentence.
    Said(String),
}

impl Moment {
    /// Whether it goes without being pressed.
    pub fn goes_by_itself(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Said(_))
    }
}

fn line(class: &'static str, text: &str) -> Tag {
    tag("P", class).text(text)
}

impl Running {
    pub(super) fn draw_moment(&self, moment: &Moment, model: &Model) -> Tag {
        let texts = self.texts;
        match moment {
            Moment::Done { step, by } => {
                let by = by.as_ref().map(|name| fill(texts.done_by, &[("name", name)]));
                let words = vec![line("done", step), line("by", by.as_deref().unwrap_or(texts.done))];
                let next = model.checklist().next.map(|id| fill(texts.next, &[("step", model.title(&id))]));
                let next = next.map(|next| self.press("plain", &next, Self::open_to_do));
                self.strip("strip news", words, next.into_iter().collect(), Self::forget)
            }
            Moment::Finished => {
                let words = vec![ring(100), line("title", &finish::title(self.state, texts))];
                let see = self.press("action", texts.see_result, Self::open_to_do);
                self.strip("strip reached", words, vec![see], Self::forget)
            }
            Moment::Answer { from, picture, text } => {
                let first = cut(text, b'\n').0;
                let short: String = first.chars().take(LINE).collect();
                let face = picture.as_ref().map(|picture| face(&self.state.base(), picture));
                let title = line("title", &fill(texts.from, &[("name", from)]));
                let words = face.into_iter().chain([title, line("line", &short)]).collect();
                let reply = self.press("action", texts.reply, Self::open_messages);
                self.strip("strip answer", words, vec![reply], Self::forget)
            }
            Moment::Said(text) => self.strip("strip said", vec![line("", text)], Vec::new(), Self::forget),
        }
    }

    pub(super) fn open_to_do(&self) {
        self.state.open_tab(Some(Tab::ToDo));
    }

    fn open_messages(&self) {
        self.state.open_tab(Some(Tab::Messages));
    }
}
