//! Which question is due.

use protocol::Millis;
use protocol::files::{Scale, SurveyQuestion};

use crate::prompts::plan;
use crate::state::State;
use crate::wire::Json;

/// A stage that was finished within this, in milliseconds, is still fresh.
const DAY: Millis = 24 * 3_600_000;

/// A question that is due, with the stage that it is about.
pub struct Due {
    pub stage: String,
    pub title: String,
    pub question: SurveyQuestion<String>,
}

/// The first question of a stage that was finished within a day, and that is not `known`.
pub fn next(state: State, known: &[String]) -> Option<Due> {
    let stages: Vec<Json> = state.session().field("flow").get("stage")?;
    for stage in &stages {
        if is_fresh(state, stage)
            && let Some(due) = due(stage, known)
        {
            return Some(due);
        }
    }
    None
}

/// Whether every must-have step is done, and one of them within a day.
fn is_fresh(state: State, stage: &Json) -> bool {
    let since = state.now() - DAY;
    let steps: Vec<Json> = stage.get("step").unwrap_or_default();
    let mut fresh = false;
    for step in &steps {
        let id: String = step.get("id").unwrap_or_default();
        if step.get::<String>("need").as_deref() == Some("can-wait") {
            continue;
        }
        if !plan::is_done(state, &id) {
            return false;
        }
        fresh |= plan::progress(state, &id).get::<i64>("done_at").is_some_and(|at| at > since);
    }
    fresh
}

/// How it feels comes first, then what the flow asks.
fn due(stage: &Json, known: &[String]) -> Option<Due> {
    let id: String = stage.get("id")?;
    let mood = SurveyQuestion { id: ["mood-", &id].concat(), scale: Scale::Mood, text: None };
    let mut questions: Vec<SurveyQuestion<String>> = stage.get("ask").unwrap_or_default();
    questions.insert(0, mood);
    for question in questions {
        if !known.contains(&question.id) {
            return Some(Due { title: stage.get("title").unwrap_or_default(), stage: id, question });
        }
    }
    None
}
