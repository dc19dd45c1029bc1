//! What a colleague sees who was sent to a step: who asked for it, the step alone, and one thing to do.

use journey::progress::{Checklist, RowState};

use super::step_card;
use crate::i18n::{concat, fill};
use crate::state::{Model, State};
use crate::ui::{Tag, button, tag};

/// The step that the person was sent to; none when nobody sent them, or they want to see every step.
pub fn card(state: State, model: &Model, list: &Checklist<'_, String>) -> Option<Tag> {
    let id = state.chosen.get().filter(|_| state.is_invited.get())?;
    let row = list.rows.iter().find(|row| row.step.id == id)?;
    let texts = state.texts;
    let asked = row.progress.and_then(|step| step.delegation.as_ref());
    let by = asked.and_then(|asked| model.people.get(asked.by.as_ref()?));
    let from = by.map_or(texts.invited.to_owned(), |by| fill(texts.invited_by, &[("by", by)]));
    let minutes = fill(texts.minutes, &[("m", &row.step.minutes.to_string())]);
    let all = move |_: &web_sys::Event| {
        state.is_invited.set(false);
        state.chosen.set(None);
        state.focus("h3");
    };
    let thanks = (row.state == RowState::Done).then(|| tag("P", "is-done").text(texts.invited_done));
    Some(
        tag("ARTICLE", "card")
            .set("part", "step")
            .set("aria-labelledby", "step-title")
            .add(tag("P", "stage").text(concat(&[from.as_str(), texts.dot, &minutes])))
            .add(tag("H3", "").with("id=step-title tabindex=-1").text(row.step.title.as_str()))
            .add(tag("P", "why").text(row.step.why.as_str()))
            .add_maybe(thanks)
            .add(tag("DIV", "actions").add_all(step_card::best(state, row).into_iter()).add(button(
                "quiet",
                texts.all_steps,
                all,
            ))),
    )
}
