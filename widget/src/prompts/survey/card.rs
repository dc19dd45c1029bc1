//! The card of a question: answers, then thanks and room for a comment.

use std::cell::Cell;
use std::rc::Rc;

use protocol::backend::FactValue;
use protocol::files::Scale;
use protocol::widget::EventKind;
use web_sys::Event;

use super::next::Due;
use crate::card::{Card, actions, face, field, paragraph};
use crate::i18n::fill;
use crate::prompts::texts::Texts;
use crate::state::{Data, State};
use crate::ui::{Handle, Tag, Timeout, after, button, tag};

/// How long the thanks stay, in milliseconds.
const STAYS: u32 = 4_000;

/// Asks.
pub fn show(state: State, texts: &'static Texts, due: Due) {
    let title = title(texts, &due);
    let card = Card::open(state, &title, true);
    let asked = Rc::new(Asked {
        state,
        texts,
        card: card.clone(),
        due,
        score: Cell::default(),
        leaving: Cell::default(),
    });
    card.fill(asked.content());
    let closed = Rc::clone(&asked);
    card.on_close(move |by_person| closed.closed(by_person));
    // The card keeps it, and its buttons find it there.
    card.keep(asked);
}

fn title(texts: &Texts, due: &Due) -> String {
    let usual = match due.question.scale {
        Scale::Mood => texts.mood,
        Scale::Ces => texts.ces,
        Scale::Nps => texts.nps,
    };
    due.question.text.clone().unwrap_or_else(|| fill(usual, &[("stage", &due.title)]))
}

struct Asked {
    state: State,
    texts: &'static Texts,
    card: Card,
    due: Due,
    score: Cell<Option<u32>>,
    /// Takes the card away after the answer.
    leaving: Cell<Option<Timeout>>,
}

impl Asked {
    fn content(self: &Rc<Self>) -> Vec<Tag> {
        let mut content = self.scale();
        content.push(actions(vec![self.leave("quiet", self.texts.no_answer)]));
        content
    }

    /// The answers; the one that was given is marked.
    fn scale(self: &Rc<Self>) -> Vec<Tag> {
        let texts = self.texts;
        let scale = self.due.question.scale;
        let (low, high) = scale.bounds();
        let class = match scale {
            Scale::Mood => "answers mood",
            Scale::Ces => "answers ces",
            Scale::Nps => "answers nps",
        };
        let answers = tag("DIV", class)
            .with("role=group aria-labelledby=asks-title")
            .add_all((low..=high).map(|score| self.answer(score)));
        let ends = match scale {
            Scale::Mood => None,
            Scale::Ces => Some((texts.ces_low, texts.ces_high)),
            Scale::Nps => Some((texts.nps_low, texts.nps_high)),
        };
        let mut content = vec![answers];
        if let Some((low, high)) = ends {
            content.push(tag("P", "ends").add(tag("SPAN", "").text(low)).add(tag("SPAN", "").text(high)));
        }
        content
    }

    fn answer(self: &Rc<Self>, score: u32) -> Tag {
        let asked = Handle::to(self);
        let answer = tag("BUTTON", "")
            .with("type=button part=answer")
            .maybe("aria-pressed", (self.score.get() == Some(score)).then_some("true"))
            .on("click", move |_: &Event| asked.with(|asked| asked.answered(score)));
        match self.due.question.scale {
            Scale::Mood => {
                let label = self.texts.faces.iter().zip(1..).find(|(_, at)| *at == score);
                let label = label.map_or("", |(label, _)| label);
                answer.made(move |button| face::draw(button, score)).add(tag("SPAN", "").text(label))
            }
            Scale::Ces | Scale::Nps => answer.text(score.to_string()),
        }
    }

    fn leave(&self, class: &'static str, text: &str) -> Tag {
        let card = self.card.clone();
        button(class, text, move |_| card.close(true))
    }

    /// The answer counts at once and stays marked; the card goes by itself unless the person has something to add.
    fn answered(self: &Rc<Self>, score: u32) {
        let texts = self.texts;
        self.score.set(Some(score));
        self.report(Some(score), None);
        let asked = Handle::to(self);
        let add = button("quiet", texts.add_comment, move |_| asked.with(|asked| asked.add_comment()));
        let mut content = self.scale();
        content.push(paragraph("did", texts.thanks));
        content.push(actions(vec![add, self.leave("quiet", texts.close)]));
        self.card.turn(texts.thanks, content);
        let asked = Handle::to(self);
        let leave = after(STAYS, move || asked.with(|asked| asked.card.close(false)));
        self.leaving.set(Some(leave));
    }

    fn add_comment(&self) {
        let texts = self.texts;
        self.leaving.take();
        let comment = tag("TEXTAREA", "").with("rows=3 maxlength=1000");
        let content = vec![
            field(texts.comment, comment),
            actions(vec![self.leave("action", texts.send), self.leave("quiet", texts.close)]),
        ];
        self.card.fill(content);
        self.card.focus("textarea");
    }

    /// Keeps a comment however the card goes. No answer is an answer only when the person says so.
    fn closed(&self, by_person: bool) {
        let comment = self.card.value("textarea");
        match self.score.get() {
            Some(score) if !comment.is_empty() => self.report(Some(score), Some(comment)),
            None if by_person => self.report(None, None),
            _ => {}
        }
    }

    fn report(&self, score: Option<u32>, comment: Option<String>) {
        let text = |name: &str, text: &str| (name.to_owned(), FactValue::Text(text.to_owned()));
        let mut data: Data = vec![
            text("question", &self.due.question.id),
            text("scale", self.due.question.scale.as_str()),
            text("stage", &self.due.stage),
        ];
        if let Some(score) = score {
            data.push(("score".to_owned(), FactValue::Number(score.into())));
        }
        if let Some(comment) = comment {
            data.push(text("comment", &comment));
        }
        self.state.happened(EventKind::SurveyAnswered, None, data);
    }
}
