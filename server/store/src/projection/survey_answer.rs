//! A person's answer to a survey question: the newest counts, and an answer counts more than declining.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::files::Scale;
use protocol::ids::{EventId, OrderKey};
use protocol::widget::{Event, EventKind};

/// The longest comment that is shown, in characters; the journal has all of it.
const MAX_COMMENT: usize = 1000;
/// The longest id of a question, in bytes: a stage's has at most 64, and `mood-` precedes it.
const MAX_ID: usize = 69;

/// What a person answered to one question.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyAnswer {
    /// When it was answered.
    pub key: OrderKey,
    /// The question.
    pub question: String,
    /// The flow in which it was asked.
    pub flow: String,
    /// The stage at whose end it was asked; may be empty.
    pub stage: String,
    /// The scale of the answer.
    pub scale: Scale,
    /// The answer; none when the person declined.
    pub score: Option<u32>,
    /// The comment beside it; may be empty.
    pub comment: String,
}

impl SurveyAnswer {
    /// Reads an event; none when it answers no question that exists.
    pub fn of(event: &Event, at: Millis) -> Option<Self> {
        if event.kind != EventKind::SurveyAnswered {
            return None;
        }
        let scale = Self::scale_of(event.text("scale")?)?;
        let (low, high) = scale.bounds();
        let score = match event.data.get("score") {
            Some(FactValue::Number(score)) if *score >= 0.0 && score.fract() == 0.0 => Some(*score as u32),
            Some(_) => return None,
            None => None,
        };
        if score.is_some_and(|score| !(low..=high).contains(&score)) {
            return None;
        }
        let (question, stage) = (event.text("question")?, event.text("stage").unwrap_or_default());
        // A page can name any question: one mood for each stage exists, and the ids are bounded.
        let exists = scale != Scale::Mood || question.strip_prefix("mood-") == Some(stage);
        if !exists || !is_id(question) || !is_id(stage) {
            return None;
        }
        Some(Self {
            key: OrderKey(at, event.n, event.id),
            question: question.to_owned(),
            flow: event.flow.as_ref()?.name.clone(),
            stage: stage.to_owned(),
            scale,
            comment: event.text("comment").unwrap_or_default().trim().chars().take(MAX_COMMENT).collect(),
            score,
        })
    }

    /// Reads the name of a scale, as it stands in a store's row.
    pub fn scale_of(name: &str) -> Option<Scale> {
        [Scale::Mood, Scale::Ces, Scale::Nps].into_iter().find(|scale| scale.as_str() == name)
    }

    /// The order in which answers replace each other: an answer beats declining in another tab, then the newer
    /// one wins. A database compares the same columns in the same order.
    pub fn rank(&self) -> (bool, Millis, u32, EventId) {
        let OrderKey(at, n, id) = self.key;
        (self.score.is_some(), at, n, id)
    }

    /// Keeps the answer of higher rank.
    pub fn merge(&mut self, other: Self) {
        if other.rank() > self.rank() {
            *self = other;
        }
    }
}

fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(plain)
}
