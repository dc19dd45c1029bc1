//! What would become of each row, and doing it.

use protocol::widget::EventKind;

use super::card::{ACTION, Done, FormCard, Request};
use super::draft::Entry;
use crate::card::{actions, paragraph};
use crate::i18n::{fill, join};
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
            let shown = entries.clone();
            let act = move |_: &web_sys::Event| me.with(|form| form.finish_unless_changed(&shown));
            buttons.push(button("action", &fill(texts.do_rows, &[("n", &n)]), act));
        }
        if good < entries.len() {
            // What is wrong is put right in its place, and everything is looked at once more.
            let class = if good > 0 { "plain takes" } else { "action takes" };
            let me = Handle::of(self.weak());
            let again = move |_: &web_sys::Event| me.with(|form| form.look_again(form.corrected(&entries)));
            buttons.push(button(class, texts.check, again));
        } else {
            buttons.push(self.press("plain", texts.correct, |form| {
                if !form.draft.running.get() {
                    form.enter("");
                }
            }));
        }
        let wrong = tag("P", "wrong").set("role", "alert");
        self.card.turn(&status, vec![paragraph("", &status), table, wrong, actions(buttons)]);
    }

    fn look_again(&self, lines: Vec<String>) {
        self.draft.write(join(&lines, "\n"));
        self.check();
    }

    /// Has the action do the good rows, unless something was put right: then it is looked at first.
    fn finish_unless_changed(&self, entries: &[Entry]) {
        let lines = self.corrected(entries);
        if entries.iter().zip(&lines).any(|(entry, line)| entry.row.line != *line) {
            return self.look_again(lines);
        }
        // A dry run did nothing: only what it refused stays known.
        self.finish(entries.iter().map(Entry::undone).collect());
    }

    /// Has the action do every good row that is not done.
    pub fn finish(&self, mut entries: Vec<Entry>) {
        self.card.write(".wrong", "");
        let good = || entries.iter().filter(|entry| entry.is_open());
        let fields = vec![("rows", self.values(good()))];
        let request = Request { pressed: ACTION, status: self.texts.working, fields, count: good().count() };
        let (state, step) = (self.state, self.step.clone());
        let done: Done = Box::new(move |draft, _, outcomes| {
            let good = entries.iter_mut().filter(|entry| entry.is_open());
            good.zip(outcomes).for_each(|(entry, outcome)| entry.outcome = Some(outcome));
            state.happened(EventKind::StepStarted, Some(&step), Data::new());
            // What could not be done stays, to be corrected.
            let left = entries.iter().filter(|entry| !entry.is_done());
            let left: Vec<&str> = left.map(|entry| entry.row.line.as_str()).collect();
            draft.write(join(&left, "\n"));
            *draft.entries.borrow_mut() = Some(entries);
            draft.resume(None);
        });
        self.run(request, done);
    }
}
