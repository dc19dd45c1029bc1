//! Where rows are entered, and the dry run that judges them.

use journey::paste_parser;

use super::card::{ACTION, Done, FormCard, Request};
use super::draft::Entry;
use crate::card::{actions, field, paragraph};
use crate::i18n::{fill, join};
use crate::js::{get, text};
use crate::prompts::snooze::cancel;
use crate::ui::tag;

impl FormCard {
    /// Shows the field, or the one press; `status` is what went wrong or was undone before.
    pub fn enter(&self, status: &str) {
        let texts = self.texts;
        let (label, press): (_, fn(&Self)) = match self.has_rows() {
            true => (texts.check, Self::check),
            false => (texts.apply, Self::apply),
        };
        let mut content = vec![paragraph("", &self.form.text)];
        if self.has_rows() {
            let labels: Vec<&str> = self.form.columns.iter().map(|column| column.label.as_str()).collect();
            let hint = fill(texts.paste, &[("columns", &join(&labels, texts.and))]);
            content.push(field(&hint, self.field(&self.example().unwrap_or_else(|| join(&labels, "\t")))));
        }
        content.push(tag("P", "wrong").set("role", "alert").text(status));
        content.push(actions(vec![self.press("action", label, press), cancel(&self.card, texts.cancel)]));
        self.card.turn(status, content);
    }

    /// A row as an example, where the flow has one for every column.
    fn example(&self) -> Option<String> {
        let mut row = Vec::new();
        for column in &self.form.columns {
            row.push(column.example.as_deref()?);
        }
        Some(fill(self.texts.example, &[("row", &join(&row, ", "))]))
    }

    fn field(&self, placeholder: &str) -> crate::ui::Tag {
        let draft = crate::ui::Handle::to(&self.draft);
        tag("TEXTAREA", "")
            .with("rows=6 spellcheck=false autocapitalize=off")
            .set("placeholder", placeholder)
            .on("input", move |event| {
                let written = text(&get(event, "target"), "value");
                draft.with(|draft| draft.write(written));
            })
            .text(self.draft.text())
    }

    /// A dry run of what can be read; the host may know more of what is wrong.
    pub fn check(&self) {
        self.take_text();
        let rows = paste_parser::read(&self.draft.text(), &self.form.columns);
        if rows.is_empty() {
            return self.card.write(".wrong", self.texts.nothing_entered);
        }
        self.card.write(".wrong", "");
        let mut entries: Vec<Entry> = rows.into_iter().map(|row| Entry { row, outcome: None }).collect();
        let good = || entries.iter().filter(|entry| entry.is_good());
        if good().count() == 0 {
            return self.preview(entries);
        }
        let fields = vec![("rows", self.values(good())), ("dry", true.into())];
        let request = Request { pressed: ACTION, status: self.texts.checking, fields, count: good().count() };
        let done: Done = Box::new(move |draft, shown, outcomes| {
            let good = entries.iter_mut().filter(|entry| entry.is_good());
            good.zip(outcomes).for_each(|(entry, outcome)| entry.outcome = Some(outcome));
            match shown.filter(|shown| shown.card.is_open()) {
                Some(shown) => shown.preview(entries),
                None => draft.resume(None),
            }
        });
        self.run(request, done);
    }

    /// One press does it all.
    fn apply(&self) {
        let row = paste_parser::Row { line: String::new(), values: Vec::new(), wrong: None, double: false };
        self.finish(vec![Entry { row, outcome: None }]);
    }
}
