//! The one step that is shown large: why it matters, how long it takes, and the one thing to do.

use journey::progress::{Checklist, Row, RowState};
use protocol::backend::FactValue;
use protocol::files::Condition;
use protocol::ids::StepId;
use protocol::stored::DoneBy;
use protocol::widget::EventKind;

use crate::i18n::fill;
use crate::page::{CLIP, GUIDE, PRESS, ROWS};
use crate::part::Prompt;
use crate::state::{Model, State};
use crate::ui::{Tag, button, tag};

/// The card of the step in focus; none when everything is done and nothing was chosen.
pub fn card(state: State, model: &Model, list: &Checklist<'_, String>) -> Option<Tag> {
    let id = state.in_focus()?;
    let row = list.rows.iter().find(|row| row.step.id == id)?;
    let texts = state.texts;
    let minutes = fill(texts.minutes, &[("m", &row.step.minutes.to_string())]);
    let reopened = row.progress.is_some_and(|step| step.visit > 1) && row.state == RowState::Open;
    let later = row.progress.and_then(|step| step.snooze.as_ref());
    let asked = row.progress.and_then(|step| step.delegation.as_ref());
    let count = super::rows::count(state, model, row);
    let hint = match &row.state {
        _ if later.is_some() => later.map(|later| state.resumes_at(later.until)),
        RowState::Locked(before) => Some(super::rows::locked(state, model, before)),
        RowState::Open if asked.is_some() => asked.map(|asked| super::rows::asked(state, model, asked)),
        _ if reopened && count.is_none() => Some(texts.reopened.to_owned()),
        _ => None,
    };
    let actions = tag("DIV", "actions").add_all(actions(state, row).into_iter());
    let actions = actions.add(tag("SPAN", "minutes").text(minutes));
    Some(
        tag("ARTICLE", "card")
            .set("part", "step")
            .set("aria-labelledby", "step-title")
            .add(tag("P", "stage").text(row.stage.title.as_str()))
            .add(tag("H3", "").set("id", "step-title").set("tabindex", "-1").text(row.step.title.as_str()))
            .add(tag("P", "why").text(row.step.why.as_str()))
            .add_maybe(count.map(|count| tag("P", "count").text(count)))
            .add_maybe(hint.map(|hint| tag("P", "hint").text(hint)))
            .add(actions),
    )
}

fn actions(state: State, row: &Row<'_, String>) -> Vec<Tag> {
    let texts = state.texts;
    let id = row.step.id.clone();
    let by_person = waits_for_person(&row.step.done);
    match &row.state {
        RowState::Locked(_) => Vec::new(),
        RowState::Done => {
            let undo = by_person && row.progress.is_some_and(|step| step.by == Some(DoneBy::Person));
            let undo = undo.then(|| confirm(state, id, EventKind::StepReopened, texts.undo, "plain"));
            [tag("SPAN", "is-done").text(texts.done)].into_iter().chain(undo).collect()
        }
        RowState::Open => ways(state, row, by_person),
    }
}

/// Everything that can be done about an open step: the first is the one to take.
fn ways(state: State, row: &Row<'_, String>, by_person: bool) -> Vec<Tag> {
    let texts = state.texts;
    let id = &row.step.id;
    let can = state.capabilities(id);
    let mut all = Vec::new();
    let class = |all: &[Tag]| if all.is_empty() { "action" } else { "plain" };
    let act = |class, text, run: fn(State, &StepId)| {
        let id = id.clone();
        button(class, text, move |_| run(state, &id))
    };
    if can & (ROWS | PRESS) > 0 {
        let text = if can & ROWS > 0 { texts.do_here } else { texts.defaults };
        all.push(act("action", text, |state, id| state.prompt(Prompt::InlineForm, id.clone())));
    }
    if can & GUIDE > 0 {
        all.push(act(class(&all), texts.show_me, |state, id| state.show_guide(id)));
    }
    // Back to exactly where they stopped.
    let put_off = row.progress.and_then(|step| step.snooze.as_ref());
    let stopped = put_off.and_then(|later| later.page.as_ref());
    if let Some(link) = stopped.or(row.step.link.as_ref()) {
        all.push(link_to(state, id, class(&all), link));
    }
    if by_person {
        all.push(confirm(state, id.clone(), EventKind::StepCompleted, texts.confirm, class(&all)));
    }
    // Watching is not doing: it comes first only where there is nothing else.
    if can & CLIP > 0 {
        all.push(act(class(&all), texts.watch, |state, id| state.show_clip(id)));
    }
    all.push(act("quiet", texts.colleague, |state, id| state.prompt(Prompt::Delegate, id.clone())));
    all.push(match put_off {
        Some(_) => act("quiet", texts.later_now, |state, id| state.resume(id)),
        None => act("quiet", texts.later, |state, id| state.prompt(Prompt::Snooze, id.clone())),
    });
    all
}

/// A link to the page where the step is done.
fn link_to(state: State, id: &StepId, class: &'static str, link: &str) -> Tag {
    let link = tag("A", class).set("part", "action").set("href", link).set("data-step", id.as_str());
    let id = id.clone();
    let press = move |_: &web_sys::Event| state.happened(EventKind::StepStarted, Some(&id), Vec::new());
    link.on("click", press).text(state.texts.go)
}

fn confirm(state: State, id: StepId, kind: EventKind, text: &'static str, class: &'static str) -> Tag {
    let press = move |_: &web_sys::Event| {
        let by = vec![("by".to_owned(), FactValue::Text("person".to_owned()))];
        state.happened(kind.clone(), Some(&id), by);
        // The pressed button may be gone; the next step is where it was.
        state.focus("h3, h2");
    };
    button(class, text, press)
}

fn waits_for_person(condition: &Condition) -> bool {
    let mut waits = false;
    condition.walk(&mut |part| waits |= matches!(part, Condition::Confirmed));
    waits
}
