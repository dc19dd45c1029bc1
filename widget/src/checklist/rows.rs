//! All steps as quiet rows, under their stages.

use journey::progress::{Checklist, Row, RowState};
use protocol::files::Need;

use super::notes::{asked, done_by, locked};
use super::step_card::details;
use crate::i18n::{concat, fill};
use crate::state::{Model, State};
use crate::ui::{Tag, tag};

/// The list, stage by stage; the step that is shown large is not repeated.
pub fn rows(state: State, model: &Model, list: &Checklist<'_, String>) -> Tag {
    let focus = state.in_focus();
    let unfolded = state.unfolded.get();
    let stages = model.flow.stages.iter().filter_map(|stage| {
        let of_stage =
            |row: &&Row<'_, String>| row.stage.id == stage.id && Some(&row.step.id) != focus.as_ref();
        let rows = list.rows.iter().filter(of_stage);
        let rows: Vec<Tag> =
            rows.map(|row| one(state, model, row, unfolded.contains(&row.step.id))).collect();
        let heading = tag("H4", "").text(stage.title.as_str());
        let has_rows = !rows.is_empty();
        has_rows.then(|| tag("LI", "").add(heading).add(tag("OL", "").add_all(rows.into_iter())))
    });
    tag("OL", "stages").set("aria-label", state.texts.later_steps).add_all(stages)
}

/// A row; it unfolds in its place, so that nothing above it moves.
fn one(state: State, model: &Model, row: &Row<'_, String>, is_unfolded: bool) -> Tag {
    let id = row.step.id.clone();
    let note_id = concat(&["note-", id.as_str()]);
    let (class, note) = match &row.state {
        RowState::Done => ("row done", done_by(state, model, row)),
        RowState::Locked(before) => ("row locked", locked(state, model, before)),
        RowState::Open => ("row", open_note(state, model, row)),
    };
    let unfold = move |_: &web_sys::Event| {
        let mut unfolded = state.unfolded.get_untracked();
        if !unfolded.contains(&id) {
            unfolded.push(id.clone());
        } else {
            unfolded.retain(|one| *one != id);
        }
        state.unfolded.set(unfolded);
        state.show();
    };
    let button = tag("BUTTON", class)
        .set("part", "row")
        .set("type", "button")
        .set("data-step", row.step.id.as_str())
        .set("aria-describedby", note_id.as_str())
        .set("aria-expanded", if is_unfolded { "true" } else { "false" })
        .on("click", unfold)
        .add(tag("SPAN", "").text(row.step.title.as_str()))
        // Read as the description, so that the name is the step's alone.
        .add(tag("SMALL", "").set("id", note_id).set("aria-hidden", "true").text(note));
    let details = || details(state, model, row, tag("DIV", "unfolded"));
    tag("LI", "").add(button).add_maybe(is_unfolded.then(details))
}

fn open_note(state: State, model: &Model, row: &Row<'_, String>) -> String {
    let later = row.progress.and_then(|step| step.snooze.as_ref());
    let asked_of = row.progress.and_then(|step| step.delegation.as_ref());
    let note = match (later, asked_of) {
        (_, Some(one)) => asked(state, model, one),
        (Some(later), None) => state.resumes_at(later.until),
        (None, None) => fill(state.texts.minutes, &[("m", &row.step.minutes.to_string())]),
    };
    if row.step.need == Need::CanWait {
        concat(&[state.texts.can_wait, state.texts.dot, &note])
    } else {
        note
    }
}
