//! What became of the rows, and the way back.

use journey::paste_parser;

use super::card::{Done, FormCard, LAST, Request};
use super::draft::Entry;
use crate::card::{actions, paragraph};
use crate::i18n::{fill, join};
use crate::part::Tab;
use crate::prompts::plan;
use crate::prompts::verification::Verification;
use crate::ui::{Tag, tag};

impl FormCard {
    /// Shows what was done, and whether the backend confirms it; `trouble` is what went wrong since.
    pub fn outcome(&self, trouble: Option<String>) {
        let entries = self.draft.entries.borrow().clone().unwrap_or_default();
        let done = entries.iter().filter(|entry| entry.is_done()).count();
        let summary = self.summary(&entries, done);
        let trouble = trouble.unwrap_or_default();
        let mut content = vec![paragraph(if done > 0 { "did" } else { "wrong" }, &summary)];
        if self.has_rows() {
            content.push(self.table(&entries));
        }
        if done > 0 {
            content.push(tag("P", "hint").set("role", "status"));
        }
        content.push(tag("P", "wrong").set("role", "alert").text(trouble.as_str()));
        content.push(actions(self.next(entries.len() > done, done > 0)));
        self.verification.take();
        self.card.turn(if trouble.is_empty() { &summary } else { &trouble }, content);
        if done > 0 {
            let watch = Verification::of(self.state, &self.card, &self.step, false);
            self.verification.set(Some(watch));
        }
    }

    fn summary(&self, entries: &[Entry], done: usize) -> String {
        let texts = self.texts;
        let some = entries.len() > done;
        if !self.has_rows() {
            let reason = entries.first().filter(|_| some).and_then(|entry| self.reason(entry));
            return reason.unwrap_or_else(|| texts.did_it.to_owned());
        }
        let (n, total) = (done.to_string(), entries.len().to_string());
        fill(if some { texts.did_some } else { texts.did_all }, &[("n", &n), ("total", &total)])
    }

    /// What can be done next.
    fn next(&self, some_left: bool, some_done: bool) -> Vec<Tag> {
        let texts = self.texts;
        let mut buttons = Vec::new();
        if some_left {
            buttons.push(self.press("action takes", texts.do_again, Self::do_again));
        } else {
            // A person who was sent here by a colleague has done what was asked.
            let next =
                plan::title_after(self.state, &self.step).filter(|_| !self.state.is_invited.get_untracked());
            buttons.push(match next {
                Some(step) => self.press("action", &fill(texts.next, &[("step", &step)]), Self::go_on),
                None => self.press("action", texts.close, |form| form.card.close(true)),
            });
        }
        if self.has_rows() {
            buttons.push(self.press("plain", texts.more, Self::again));
        }
        if some_done {
            buttons.push(self.press("plain", texts.undo, Self::undo));
        }
        buttons
    }

    /// Shows the step that comes next.
    fn go_on(&self) {
        self.card.close(false);
        self.state.open_tab(Some(Tab::ToDo));
    }

    /// Has the action do the rows that were put right; what was done before stays in sight.
    fn do_again(&self) {
        let mut all = self.take_left();
        for row in paste_parser::read(&self.draft.text(), &self.form.columns) {
            all.push(Entry { row, outcome: None });
        }
        // Should the action fail, what is done can still be taken back.
        *self.draft.entries.borrow_mut() = Some(all.clone());
        if all.iter().any(Entry::is_open) {
            self.finish(all);
        } else {
            // Still wrong, or taken out: the reason stands beside each.
            self.draft.resume(None);
        }
    }

    /// Keeps the lines that are not done, as they were put right; gives the entries that are done.
    fn take_left(&self) -> Vec<Entry> {
        let entries = self.draft.entries.take().unwrap_or_default();
        let lines = self.corrected(&entries);
        let (mut done, mut left) = (Vec::new(), Vec::new());
        for (entry, line) in entries.into_iter().zip(lines) {
            if entry.is_done() { done.push(entry) } else { left.push(line) }
        }
        self.draft.write(join(&left, "\n"));
        done
    }

    fn again(&self) {
        self.take_left();
        self.enter("");
    }

    /// Has the action take back what it did. What was undone is as it was, also in the field; what was not
    /// stays to be undone.
    fn undo(&self) {
        let done = self.draft.entries.borrow().clone().unwrap_or_default();
        let done: Vec<Entry> = done.into_iter().filter(Entry::is_done).collect();
        let what = |entry: &Entry| {
            let undo = entry.outcome.as_ref().map(|outcome| outcome.undo.clone()).unwrap_or_default();
            if undo.is_undefined() || undo.is_null() { self.record(entry) } else { undo }
        };
        let fields = vec![("undo", crate::js::list(done.iter().map(what)))];
        let request = Request { pressed: LAST, status: self.texts.working, fields, count: done.len() };
        let texts = self.texts;
        let done: Done = Box::new(move |draft, _, outcomes| {
            let mut results = outcomes.iter();
            let mut stuck: Option<String> = None;
            let (mut left, mut undone) = (Vec::new(), Vec::new());
            for entry in draft.entries.take().unwrap_or_default() {
                let result = if entry.is_done() { results.next() } else { None };
                match result {
                    Some(result) if result.ok => undone.push(entry.row.line),
                    Some(result) => {
                        let reason = if result.message.is_empty() { texts.refused } else { &result.message };
                        stuck.get_or_insert_with(|| fill(texts.action_failed, &[("error", reason)]));
                        left.push(entry);
                    }
                    None => left.push(entry),
                }
            }
            undone.push(draft.text());
            undone.retain(|line| !line.is_empty());
            draft.write(join(&undone, "\n"));
            if stuck.is_some() {
                *draft.entries.borrow_mut() = Some(left);
            }
            draft.resume(Some(stuck.unwrap_or_else(|| texts.undone.to_owned())));
        });
        self.run(request, done);
    }
}
