//! What would become of each row, and doing it.

use protocol::widget::EventKind;

use super::card::{ACTION, Done, FormCard, Request};
use super::draft::Entry;
use crate::card::{actions, paragraph};
use crate::i18n::fill;
use crate::state::Data;
use crate::ui::{Handle, button, tag};

impl FormCard {
    /// Shows what a dry run said; nothing was changed yet.
    pub fn preview(&self, entries: Vec<Entry>) {
        let texts = self.texts;
        let good = entries.iter().filter(|entry| entry.is_good()).count();
        let (n, total) = (good.to_string(), entries.len().to_string());
        let status = fill(texts.ready, &[("n", &n), ("total", &total)]);
        let table = self.table(&entries);
        let mut buttons = Vec::new();
        if good > 0 {
            let me = Handle::of(self.weak());
            let label = fill(texts.do_rows, &[("n", &n)]);
            buttons.push(button("action", &label, move |_| me.with(|form| form.finish(entries.to_vec()))));
        }
        buttons.push(self.press("plain", texts.correct, |form| {
            if !form.draft.running.get() {
                form.enter("");
            }
        }));
        let wrong = tag("P", "wrong").set("role", "alert");
        self.card.turn(&status, vec![paragraph("", &status), table, wrong, actions(buttons)]);
    }

    /// Has the action do every good row.
    pub fn finish(&self, mut entries: Vec<Entry>) {
        self.card.write(".wrong", "");
        let good = || entries.iter().filter(|entry| entry.is_good());
        let fields = vec![("rows", self.values(good()))];
        let request = Request { pressed: ACTION, status: self.texts.working, fields, count: good().count() };
        let (state, step) = (self.state, self.step.clone());
        let done: Done = Box::new(move |draft, _, outcomes| {
            let good = entries.iter_mut().filter(|entry| entry.is_good());
            good.zip(outcomes).for_each(|(entry, outcome)| entry.outcome = Some(outcome));
            state.happened(EventKind::StepStarted, Some(&step), Data::new());
            // What could not be done stays, to be corrected.
            let left = entries.iter().filter(|entry| !entry.is_done());
            let left: Vec<&str> = left.map(|entry| entry.row.line.as_str()).collect();
            draft.write(left.join("\n"));
            *draft.entries.borrow_mut() = Some(entries);
            draft.resume(None);
        });
        self.run(request, done);
    }
}
