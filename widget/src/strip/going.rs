//! The step that a person set out to do: the strip goes along from page to page until it is done.

use journey::progress::{RowState, condition};
use protocol::ids::StepId;

use super::Running;
use crate::browser;
use crate::i18n::concat;
use crate::page::{CLIP, GUIDE};
use crate::state::Model;
use crate::ui::{Tag, tag};

impl Running {
    pub(super) fn draw_going(&self, model: &Model) -> Option<Tag> {
        let id = self.going.borrow().clone()?;
        let list = model.checklist();
        let row = list.rows.iter().find(|row| row.step.id == id && row.state == RowState::Open)?;
        let count = condition::count(&row.step.done, &model.progress);
        let count =
            count.map(|(_, n, total)| tag("B", "n").text(concat(&[&n.to_string(), "/", &total.to_string()])));
        let title = tag("P", "title").text(row.step.title.as_str());
        let words = [Some(title), count].into_iter().flatten().collect();
        let can = self.state.capabilities(&id);
        let mut ways = Vec::new();
        if can & GUIDE > 0 {
            ways.push(self.press("plain", self.texts.guide, |strip| {
                strip.with_going(|strip, id| strip.state.show_step(id));
            }));
        } else if can & CLIP > 0 {
            ways.push(self.press("plain", self.texts.watch, |strip| {
                strip.with_going(|strip, id| strip.state.show_clip(id));
            }));
        }
        Some(self.strip("strip going", words, ways, Self::stop_going))
    }

    fn with_going(&self, run: fn(&Self, &StepId)) {
        let going = self.going.borrow().clone();
        if let Some(id) = going {
            run(self, &id);
        }
    }

    fn stop_going(&self) {
        self.remember_going(None);
        self.redraw();
    }

    /// Remembers where the person is going, for the pages that follow.
    pub(super) fn remember_going(&self, step: Option<&StepId>) {
        browser::remember(&self.going_key(), step.map(StepId::as_str));
        *self.going.borrow_mut() = step.cloned();
    }

    /// Where the person was going on the page before.
    pub(super) fn recall_going(&self) {
        if self.going.borrow().is_none() {
            *self.going.borrow_mut() = browser::recall(&self.going_key()).map(StepId);
        }
    }

    fn going_key(&self) -> String {
        concat(&["tabiji:going:", &self.state.owner()])
    }
}
