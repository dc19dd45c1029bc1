//! The one step that is shown large: why it matters, how long it takes, and the one thing to do.

use journey::progress::{Checklist, Row, RowState};
use protocol::backend::FactValue;
use protocol::files::Condition;
use protocol::ids::StepId;
use protocol::stored::DoneBy;
use protocol::widget::EventKind;

use crate::browser::{CLIP, GUIDE, PRESS, ROWS};
use crate::i18n::fill;
use crate::state::{Model, State};
use crate::ui::{Tag, button, tag};

/// The card of the step in focus; none when everything is done and nothing was chosen.
pub fn card(state: State, model: &Model, list: &Checklist<'_, String>) -> Option<Tag> {
    let id = state.in_focus()?;
    let row = list.rows.iter().find(|row| row.step.id == id)?;
    let texts = state.texts;
    let minutes = fill(texts.minutes, &[("m", &row.step.minutes.to_string())]);
    let reopened = row.progress.is_some_and(|step| step.visit > 1) && row.state == RowState::Open;
    let later = row.progress.and_then(|step| step.later.as_ref());
    let asked = row.progress.and_then(|step| step.asked.as_ref());
    let count = super::rows::count(state, model, row);
    let hint = match &row.state {
        _ if later.is_some() => later.map(|later| state.goes_on(later.until)),
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
    let ways = state.ways(id);
    let mut all = Vec::new();
    let class = |all: &[Tag]| if all.is_empty() { "action" } else { "plain" };
    let ask = |class, what: &'static str, text| {
        let id = id.clone();
        button(class, text, move |_| state.ask(what, &id))
    };
    if ways & (ROWS | PRESS) > 0 {
        let text = if ways & ROWS > 0 { texts.do_here } else { texts.defaults };
        all.push(ask("action", "here", text));
    }
    if ways & GUIDE > 0 {
        all.push(ask(class(&all), "guide", texts.show_me));
    }
    // Back to exactly where they stopped.
    let put_off = row.progress.and_then(|step| step.later.as_ref());
    let stopped = put_off.and_then(|later| later.page.as_ref());
    if let Some(link) = stopped.or(row.step.link.as_ref()) {
        let link = tag("A", class(&all))
            .set("part", "action")
            .set("href", link.as_str())
            .set("data-step", id.as_str());
        let id = id.clone();
        let link = link
            .on("click", move |_| state.happened(EventKind::StepStarted, Some(&id), Vec::new()))
            .text(texts.go);
        all.push(link);
    }
    if by_person {
        all.push(confirm(state, id.clone(), EventKind::StepCompleted, texts.confirm, class(&all)));
    }
    // Watching is not doing: it comes first only where there is nothing else.
    if ways & CLIP > 0 {
        all.push(ask(class(&all), "clip", texts.watch));
    }
    all.push(ask("quiet", "colleague", texts.colleague));
    all.push(match put_off {
        Some(_) => ask("quiet", "now", texts.later_now),
        None => ask("quiet", "later", texts.later),
    });
    all
}

fn confirm(state: State, id: StepId, kind: EventKind, text: &'static str, class: &'static str) -> Tag {
    let press = move |_: &web_sys::Event| {
        let by = vec![("by".to_owned(), FactValue::Text("person".to_owned()))];
        state.happened(kind.clone(), Some(&id), by);
        // The pressed button may be gone; the next step is where it was.
        crate::ui::focus(state, "h3, h2");
    };
    button(class, text, press)
}

fn waits_for_person(condition: &Condition) -> bool {
    let mut waits = false;
    condition.walk(&mut |part| waits |= matches!(part, Condition::Confirmed));
    waits
}
