//! What is said of a step: how far it is, who did it, who was asked, and what comes first.

use journey::progress::{Row, RowState};
use protocol::ids::StepId;
use protocol::stored::Delegation;

use crate::i18n::fill;
use crate::state::{Model, State};

/// "3 of 5 done so far", and who contributed, for an open step that counts and was begun.
pub fn count(state: State, model: &Model, row: &Row<'_, String>) -> Option<String> {
    let (name, n, total) = journey::progress::condition::count(&row.step.done, &model.progress)?;
    let again = row.progress.is_some_and(|step| step.visit > 1);
    let text = if again { state.texts.reopened_count } else { state.texts.count };
    // "None yet" would only discourage.
    (n > 0 && row.state != RowState::Done).then(|| {
        let text = fill(text, &[("n", &n.to_string()), ("total", &total.to_string())]);
        text + &state.contributions(name)
    })
}

/// Who did it, where that is known.
pub fn done_by(state: State, model: &Model, row: &Row<'_, String>) -> String {
    let user = row.progress.and_then(|step| step.user.as_ref());
    match user.and_then(|user| model.people.get(user)) {
        Some(name) => fill(state.texts.done_by, &[("name", name)]),
        None => state.texts.done.to_owned(),
    }
}

/// Who was asked to do it, and who asked.
pub fn asked(state: State, model: &Model, asked: &Delegation) -> String {
    let by = asked.by.as_ref().and_then(|by| model.people.get(by));
    match by {
        Some(by) => fill(state.texts.asked_by, &[("name", &asked.to), ("by", by)]),
        None => fill(state.texts.asked, &[("name", &asked.to)]),
    }
}

/// What must be done first.
pub fn locked(state: State, model: &Model, before: &[StepId]) -> String {
    let first = before.first().map_or("", |id| model.title(id));
    fill(state.texts.locked, &[("step", first)])
}
