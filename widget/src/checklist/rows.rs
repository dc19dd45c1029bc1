//! All steps as quiet rows, under their stages.

use journey::progress::{Checklist, Row, RowState};
use protocol::files::Need;
use protocol::ids::StepId;
use protocol::stored::Delegation;

use crate::i18n::fill;
use crate::state::{Model, State};
use crate::ui::{Tag, tag};

/// The list, stage by stage.
pub fn rows(state: State, model: &Model, list: &Checklist<'_, String>) -> Tag {
    let focus = state.in_focus();
    let stages = model.flow.stages.iter().map(|stage| {
        let of_stage = list.rows.iter().filter(|row| row.stage.id == stage.id);
        let rows = of_stage.map(|row| one(state, model, row, focus.as_ref() == Some(&row.step.id)));
        tag("LI", "").add(tag("H4", "").text(stage.title.as_str())).add(tag("OL", "").add_all(rows))
    });
    tag("OL", "stages").set("aria-label", state.texts.later_steps).add_all(stages)
}

fn one(state: State, model: &Model, row: &Row<'_, String>, in_focus: bool) -> Tag {
    let id = row.step.id.clone();
    let note_id = ["note-", id.as_str()].concat();
    let (class, note) = match &row.state {
        RowState::Done => ("row done", done_by(state, model, row)),
        RowState::Locked(before) => ("row locked", locked(state, model, before)),
        RowState::Open => {
            let minutes = fill(state.texts.minutes, &[("m", &row.step.minutes.to_string())]);
            let wait = row.step.need == Need::CanWait;
            let later = row.progress.and_then(|step| step.snooze.as_ref());
            let minutes = later.map_or(minutes, |later| state.resumes_at(later.until));
            let asked_of = row.progress.and_then(|step| step.delegation.as_ref());
            let minutes = asked_of.map_or(minutes, |one| asked(state, model, one));
            ("row", if wait { [state.texts.can_wait, "・", &minutes].concat() } else { minutes })
        }
    };
    let choose = move |_: &web_sys::Event| {
        state.chosen.set(Some(id.clone()));
        state.show();
        state.focus("h3");
    };
    let button = tag("BUTTON", class)
        .set("part", "row")
        .set("type", "button")
        .set("aria-describedby", note_id.as_str())
        .maybe("aria-current", in_focus.then_some("step"))
        .on("click", choose)
        .add(tag("SPAN", "").text(row.step.title.as_str()))
        // Read as the description, so that the name is the step's alone.
        .add(tag("SMALL", "").set("id", note_id).set("aria-hidden", "true").text(note));
    tag("LI", "").add(button)
}

/// "3 of 5 done so far", and who contributed, for an open step that counts and was begun.
pub fn count(state: State, model: &Model, row: &Row<'_, String>) -> Option<String> {
    let (name, n, total) = journey::progress::condition::count(&row.step.done, &model.progress)?;
    let again = row.progress.is_some_and(|step| step.visit > 1);
    let text = if again { state.texts.reopened_count } else { state.texts.count };
    // "None yet" would only discourage.
    (n > 0 && row.state != RowState::Done).then(|| {
        let text = fill(text, &[("n", &n.to_string()), ("total", &total.to_string())]);
        [text, state.contributions(name)].concat()
    })
}

fn done_by(state: State, model: &Model, row: &Row<'_, String>) -> String {
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
