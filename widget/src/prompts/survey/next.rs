//! Which question is due.

use protocol::Millis;
use protocol::files::{Scale, SurveyQuestion};

use crate::i18n::concat;
use crate::prompts::plan;
use crate::state::State;
use crate::wire::Json;

/// A stage that was finished within this, in milliseconds, is still fresh.
const FRESH: Millis = 3 * 24 * 3_600_000;
/// After the end of the whole set-up nothing is asked for this long, in milliseconds: that moment is the customer's.
const REST: Millis = 12 * 3_600_000;

/// A question that is due, with the stage that it is about.
pub struct Due {
    pub stage: String,
    pub title: String,
    pub question: SurveyQuestion<String>,
}

/// The first question that is not `known` of a stage that was finished lately, with the person's help.
pub fn next(state: State, known: &[String]) -> Option<Due> {
    let rests = |ended: Millis| {
        plan::model(state).is_some_and(|model| model.checklist().left == 0) && state.now() - ended < REST
    };
    let stages: Vec<Json> = state.session().field("flow").get("stage")?;
    for stage in &stages {
        if let Some(ended) = ended(state, stage)
            && state.now() - ended < FRESH
            && !rests(ended)
            && let Some(due) = due(stage, known)
        {
            return Some(due);
        }
    }
    None
}

/// When the last must-have step of a stage was done; none while one is open, or where others did all of them.
fn ended(state: State, stage: &Json) -> Option<Millis> {
    let me = state.me().user;
    let (mut ended, mut by_others) = (None, true);
    let steps: Vec<Json> = stage.get("step").unwrap_or_default();
    for step in &steps {
        let id: String = step.get("id").unwrap_or_default();
        if step.get::<String>("need").as_deref() == Some("can-wait") {
            continue;
        }
        if !plan::is_done(state, &id) {
            return None;
        }
        let progress = plan::progress(state, &id);
        ended = ended.max(progress.get("done_at"));
        by_others &= progress.get::<String>("user").is_some_and(|user| user != me);
    }
    ended.filter(|_| !by_others)
}

/// How it feels comes first, then what the flow asks.
fn due(stage: &Json, known: &[String]) -> Option<Due> {
    let id: String = stage.get("id")?;
    let mood = SurveyQuestion { id: concat(&["mood-", &id]), scale: Scale::Mood, text: None };
    let mut questions: Vec<SurveyQuestion<String>> = stage.get("ask").unwrap_or_default();
    questions.insert(0, mood);
    for question in questions {
        if !known.contains(&question.id) {
            return Some(Due { title: stage.get("title").unwrap_or_default(), stage: id, question });
        }
    }
    None
}
