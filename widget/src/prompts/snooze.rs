//! "Later" is a promise: the person chooses when the widget comes back to a step, and may say why.

use std::rc::Rc;

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::files::Step;
use protocol::ids::StepId;

use super::local_time::{field_value, read_field, tomorrow_at_ten};
use super::resume_field::ResumeField;
use super::texts::Texts;
use crate::card::{Card, field, paragraph};
use crate::state::{Data, State};
use crate::ui::{Handle, Tag, button, tag};

/// One hour in milliseconds.
const HOUR: Millis = 3_600_000;

/// Shows the choice of times.
pub fn show(state: State, texts: &'static Texts, resume: &Rc<ResumeField>, step: &Step<String>) {
    let card = Card::open(state, texts.later_when, false);
    let choice =
        Choice { state, texts, card: card.clone(), step: step.id.clone(), resume: Handle::to(resume) };
    let put_off = |text: &str, until: fn(&Choice) -> Option<Millis>| {
        let choice = choice.clone();
        button("plain", text, move |_| choice.promise(until(&choice)))
    };
    let why = tag("INPUT", "why-later").with("type=text maxlength=200");
    let now = field_value(state.now());
    let pick = tag("INPUT", "pick-later").set("type", "datetime-local").set("min", now);
    let pair = tag("DIV", "pair later")
        .add(put_off(texts.later_hour, |choice| Some(choice.state.now() + HOUR)))
        .add(put_off(texts.later_tomorrow, |choice| Some(tomorrow_at_ten(choice.state.now()))))
        .add(field(texts.later_pick, pick))
        .add(tag("P", "wrong").set("role", "alert"))
        .add(put_off(texts.later_set, |choice| read_field(&choice.card.value(".pick-later"))))
        .add(field(texts.later_why, why))
        .add(cancel(&card, texts.cancel));
    card.fill(vec![paragraph("stage", &step.title), pair]);
}

/// A button that leaves a card.
pub fn cancel(card: &Card, text: &str) -> Tag {
    let card = card.clone();
    button("quiet", text, move |_| card.close(true))
}

#[derive(Clone)]
struct Choice {
    state: State,
    texts: &'static Texts,
    card: Card,
    step: StepId,
    resume: Handle<ResumeField>,
}

impl Choice {
    fn promise(&self, until: Option<Millis>) {
        let Some(until) = until.filter(|until| *until > self.state.now()) else {
            self.card.write(".wrong", self.texts.later_past);
            return self.card.focus(".pick-later");
        };
        let text = |name: &str, text: String| (name.to_owned(), FactValue::Text(text));
        let mut data: Data = vec![
            ("until".to_owned(), FactValue::Number(until as f64)),
            text("reason", self.card.value(".why-later")),
        ];
        if let Some(field) = self.resume.get().and_then(|resume| resume.selector()) {
            data.push(text("field", field));
        }
        self.state.snooze(&self.step, data);
        self.card.close(false);
    }
}
