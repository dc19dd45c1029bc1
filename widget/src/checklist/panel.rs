//! The panel: the customer's own words, the progress, one step large, the rest as quiet rows.

use super::{invitation, rows, step_card};
use crate::i18n::{concat, fill};
use crate::part::Tab;
use crate::state::{Model, Phase, State};
use crate::tabs;
use crate::ui::{Tag, button, is_escape, tag};

/// The open panel.
pub fn panel(state: State) -> Tag {
    let panel = tag("SECTION", "panel")
        .set("id", "panel")
        .set("part", "panel")
        .set("role", "dialog")
        .set("aria-labelledby", "title")
        .set("lang", state.locale())
        .on("keydown", move |event| {
            if is_escape(event) {
                crate::ui::stop(event);
                state.set_open(false);
            }
        });
    content(state, panel)
}

/// The head, and the title in it or below it.
fn headed(state: State, panel: Tag, text: &str) -> Tag {
    let head = tabs::head(state, Some(Tab::ToDo), title(text), move || state.set_open(false));
    panel.add(head).add_maybe(tabs::has_tabs(state).then(|| title(text)))
}

fn content(state: State, panel: Tag) -> Tag {
    let texts = state.texts;
    match (state.phase.get(), state.model.get()) {
        (_, Some(model)) => steps(state, &model, panel),
        (Phase::Loading | Phase::Ready, None) => {
            let lines = std::iter::repeat_with(|| tag("I", "")).take(4);
            let skeleton = tag("DIV", "skeleton").set("aria-hidden", "true").add_all(lines);
            headed(state, panel, texts.loading).add(skeleton)
        }
        (Phase::Empty, None) => message(state, panel, texts.empty_title, texts.empty_text),
        (Phase::Failed, None) => message(state, panel, texts.error_title, texts.error_text)
            .add(tag("DIV", "").add(button("action", texts.retry, move |_| state.reload()))),
    }
}

fn title(text: &str) -> Tag {
    tag("H2", "").set("id", "title").set("tabindex", "-1").text(text)
}

fn paragraph(class: &'static str, text: impl Into<String>) -> Tag {
    tag("P", class).text(text)
}

fn message(state: State, panel: Tag, heading: &str, text: &str) -> Tag {
    headed(state, panel, heading).add(paragraph("", text))
}

fn steps(state: State, model: &Model, panel: Tag) -> Tag {
    let texts = state.texts;
    let list = model.checklist();
    let (total, done) = (list.total.to_string(), (list.total - list.left).to_string());
    let text = fill(texts.progress, &[("done", &done), ("total", &total)]);
    let wanted = model.expectation.as_ref().map(|text| fill(texts.you_wanted, &[("text", text)]));
    let bar = tag("DIV", "progress")
        .set("part", "progress")
        .set("role", "progressbar")
        .set("aria-label", model.flow.title.as_str())
        .set("aria-valuemin", "0")
        .set("aria-valuemax", total)
        .set("aria-valuenow", done)
        .set("aria-valuetext", text.as_str())
        .add(tag("I", "").set("--done", concat(&[&crate::state::summary::percent(&list).to_string(), "%"])));
    let header = tag("DIV", "")
        .set("part", "header")
        .add_maybe(wanted.map(|words| paragraph("wanted", words)))
        .add(bar)
        .add(paragraph("counted", text).set("aria-hidden", "true"));
    let panel = headed(state, panel, &model.flow.title);
    if let Some(invited) = invitation::card(state, model, &list) {
        return panel.add_maybe(state.offline.get().then(|| paragraph("notice", texts.offline))).add(invited);
    }
    panel
        .add_maybe((list.left > 0).then_some(header))
        .add_maybe(state.offline.get().then(|| paragraph("notice", texts.offline)))
        .add_maybe(if list.left == 0 { state.strip().and_then(|strip| strip.finish()) } else { None })
        .add_maybe(step_card::next(state, model, &list))
        .add(rows::rows(state, model, &list))
        .add_maybe(contact(state, model))
}

/// The way to a person: the chat, or the address of the flow where there is none.
fn contact(state: State, model: &Model) -> Option<Tag> {
    let text = state.texts.contact;
    if state.session().has("talk") {
        let ask = button("quiet", text, move |_| state.open_tab(Some(Tab::Messages)));
        return Some(tag("P", "contact").add(ask.set("part", "contact")));
    }
    let address = model.flow.contact.as_ref()?;
    let link = tag("A", "").set("href", address.as_str()).set("part", "contact").text(text);
    Some(tag("P", "contact").add(link))
}
