//! The card of a step: why it matters, how long it takes, and the one thing to do.

use journey::progress::{Checklist, Row, RowState};
use protocol::backend::FactValue;
use protocol::files::Condition;
use protocol::ids::StepId;
use protocol::stored::DoneBy;
use protocol::widget::EventKind;

use super::notes;
use crate::browser;
use crate::i18n::{concat, fill};
use crate::page::{CLIP, GUIDE, PRESS, ROWS};
use crate::part::Prompt;
use crate::state::{Model, State};
use crate::ui::{Tag, button, tag};

/// Ways to do a step that are shown at once: the best, and another one.
const AT_ONCE: usize = 2;

/// The card of the step in focus; none when everything is done and nothing was chosen.
pub fn next(state: State, model: &Model, list: &Checklist<'_, String>) -> Option<Tag> {
    let id = state.in_focus()?;
    let row = list.rows.iter().find(|row| row.step.id == id)?;
    let minutes = fill(state.texts.minutes, &[("m", &row.step.minutes.to_string())]);
    let stage = tag("P", "stage").text(concat(&[&row.stage.title, state.texts.dot, &minutes]));
    let card = tag("ARTICLE", "card")
        .set("part", "step")
        .set("aria-labelledby", "step-title")
        .add(stage)
        .add(tag("H3", "").with("id=step-title tabindex=-1").text(row.step.title.as_str()));
    Some(details(state, model, row, card))
}

/// Adds what stands under the title of a step. Each has its place, so that no button is replaced under a finger.
pub fn details(state: State, model: &Model, row: &Row<'_, String>, card: Tag) -> Tag {
    let reopened = row.progress.is_some_and(|step| step.visit > 1) && row.state == RowState::Open;
    let later = row.progress.and_then(|step| step.snooze.as_ref());
    let asked = row.progress.and_then(|step| step.delegation.as_ref());
    let count = notes::count(state, model, row);
    let hint = match &row.state {
        _ if later.is_some() => later.map(|later| state.resumes_at(later.until)),
        RowState::Locked(before) => Some(notes::locked(state, model, before)),
        RowState::Open if asked.is_some() => asked.map(|asked| notes::asked(state, model, asked)),
        _ if reopened && count.is_none() => Some(state.texts.reopened.to_owned()),
        RowState::Open if is_here(row) => Some(state.texts.on_this_page.to_owned()),
        _ => None,
    };
    card.add(tag("P", "why").text(row.step.why.as_str()))
        .add_maybe(count.map(|count| tag("P", "count").text(count)))
        .add_maybe(hint.map(|hint| tag("P", "hint").text(hint)))
        .add(tag("DIV", "actions").add_all(actions(state, row).into_iter()))
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
            let mut all = vec![tag("SPAN", "is-done").text(texts.done)];
            all.extend(undo);
            all.extend(clip(state, row, "plain"));
            all.extend(link(state, row, "quiet"));
            all
        }
        RowState::Open => {
            let all = ways(state, row, by_person);
            let shown = state.ways_of.get().as_ref() == Some(&id);
            if shown || all.len() <= AT_ONCE + 1 {
                return all;
            }
            let more = move |_: &web_sys::Event| {
                state.ways_of.set(Some(id.clone()));
                // The pressed button is gone; what it brought begins where it was.
                state.focus(".actions > :nth-child(3)");
            };
            let more = button("quiet", texts.other_ways, more).set("aria-expanded", "false");
            all.into_iter().take(AT_ONCE).chain([more]).collect()
        }
    }
}

/// The one thing to do about an open step.
pub fn best(state: State, row: &Row<'_, String>) -> Option<Tag> {
    let is_open = row.state == RowState::Open;
    is_open.then(|| ways(state, row, waits_for_person(&row.step.done)).into_iter().next()).flatten()
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
    all.extend(link(state, row, class(&all)));
    if by_person {
        all.push(confirm(state, id.clone(), EventKind::StepCompleted, texts.confirm, class(&all)));
    }
    // Watching is not doing: it comes first only where there is nothing else.
    all.extend(clip(state, row, class(&all)));
    all.push(act("quiet", texts.colleague, |state, id| state.prompt(Prompt::Delegate, id.clone())));
    all.push(match row.progress.and_then(|step| step.snooze.as_ref()) {
        Some(_) => act("quiet", texts.later_now, |state, id| state.resume(id)),
        None => act("quiet", texts.later, |state, id| state.prompt(Prompt::Snooze, id.clone())),
    });
    all
}

fn clip(state: State, row: &Row<'_, String>, class: &'static str) -> Option<Tag> {
    let id = row.step.id.clone();
    let has_clip = state.capabilities(&id) & CLIP > 0;
    has_clip.then(|| button(class, state.texts.watch, move |_| state.show_clip(&id)))
}

/// Where a step is done: exactly where the person stopped, or where the flow says.
fn page<'a>(row: &Row<'a, String>) -> Option<&'a String> {
    let put_off = row.progress.and_then(|step| step.snooze.as_ref());
    put_off.and_then(|later| later.page.as_ref()).or(row.step.link.as_ref())
}

/// Whether the step is done on the page that is shown.
fn is_here(row: &Row<'_, String>) -> bool {
    page(row).is_some_and(|link| browser::is_here(link))
}

/// A link to the page where the step is done, unless it is this one.
fn link(state: State, row: &Row<'_, String>, class: &'static str) -> Option<Tag> {
    let (link, id) = (page(row).filter(|_| !is_here(row))?, row.step.id.clone());
    let link = tag("A", class).set("part", "action").set("href", link.as_str()).set("data-step", id.as_str());
    let press = move |_: &web_sys::Event| state.set_out(&id);
    Some(link.on("click", press).text(state.texts.go))
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
