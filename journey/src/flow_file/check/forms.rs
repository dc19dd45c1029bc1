//! Rules for inline forms, concern variants and survey questions.

use protocol::files::{ConcernVariant, InlineForm, SurveyQuestion};

use super::findings::{Findings, join};
use super::positions::At;

/// The most columns of an inline form.
const MOST_COLUMNS: usize = 8;

impl Findings<'_> {
    pub(super) fn here(&mut self, path: &[At<'_>], here: &InlineForm) {
        self.texts(&join(path, "text"), &here.text);
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        if here.action.is_empty() || here.action.len() > 64 || !here.action.chars().all(plain) {
            let help = "give the name that your page declares with tabiji('action', name, …), such as \"users.create\"";
            self.error(&join(path, "action"), "bad-action", format!("{:?} is not a name", here.action), help);
        }
        if here.columns.len() > MOST_COLUMNS {
            let help = "ask for what is needed to begin; the rest can be filled in on the page";
            self.error(
                &join(path, "column"),
                "too-many-columns",
                format!("{} columns", here.columns.len()),
                help,
            );
        }
        for (n, column) in here.columns.iter().take(MOST_COLUMNS).enumerate() {
            let path: Vec<At<'_>> = join(path, "column").into_iter().chain([At::Index(n)]).collect();
            self.id(&join(&path, "id"), &column.id);
            self.texts(&join(&path, "label"), &column.label);
            if let Some(example) = &column.example {
                self.texts(&join(&path, "example"), example);
            }
            if here.columns[..n].iter().any(|other| other.id == column.id) {
                let help = "give each column an id of its own";
                let message = format!("the column {} is there twice", column.id);
                self.error(&join(&path, "id"), "duplicate-column", message, help);
            }
        }
        if !here.columns.is_empty() && here.columns.iter().all(|column| column.optional) {
            let help = "let at least one column be required, or an empty row is complete";
            self.error(&join(path, "column"), "nothing-required", "every column is optional".into(), help);
        }
    }

    pub(super) fn when(&mut self, path: &[At<'_>], when: &ConcernVariant) {
        if when.concern.iter().all(|word| word.trim().is_empty()) {
            let help = "name words of the concern, for example concern = [\"難し\", \"difficult\"]";
            self.error(&join(path, "concern"), "no-concern", "no concern is named".into(), help);
        }
        for (key, texts) in [("title", &when.title), ("why", &when.why)] {
            if let Some(texts) = texts {
                self.texts(&join(path, key), texts);
            }
        }
        if when.title.is_none() && when.why.is_none() && !when.first {
            let help = "give a title or a why, or first = true";
            self.warn(path, "no-difference", "nothing is different for this concern".into(), help);
        }
    }

    pub(super) fn question(&mut self, path: &[At<'_>], ask: &SurveyQuestion) {
        self.id(&join(path, "id"), &ask.id);
        if let Some(texts) = &ask.text {
            self.texts(&join(path, "text"), texts);
        }
        if self.questions.get(ask.id.as_str()).is_some_and(|times| *times > 1) {
            let help = "give it another id: nobody is asked the same question twice";
            self.error(&join(path, "id"), "duplicate-question", format!("{} is there twice", ask.id), help);
        }
        if ask.id.starts_with("mood-") {
            let help = "choose another id: the question at each stage's end has this one";
            self.error(&join(path, "id"), "reserved-question", format!("{} is taken", ask.id), help);
        }
    }
}
