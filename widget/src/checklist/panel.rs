//! The panel: the customer's own words, the progress, one step large, the rest as quiet rows.

use super::{current_step, rows};
use crate::i18n::fill;
use crate::state::{Model, Phase, State, summary};
use crate::ui::{Tag, button, is_escape, ring, tag};

/// The open panel.
pub fn panel(state: State) -> Tag {
    let panel = tag("SECTION", "panel")
        .set("id", "panel")
        .set("part", "panel")
        .set("role", "dialog")
        .set("aria-labelledby", "title")
        .set("lang", state.lang())
        .on("keydown", move |event| {
            if is_escape(event) {
                crate::ui::stop(event);
                state.set_open(false);
            }
        });
    let close = tag("BUTTON", "close")
        .set("part", "close")
        .set("type", "button")
        .set("aria-label", state.texts.close)
        .on("click", move |_| state.set_open(false));
    content(state, panel.add(close))
}

fn content(state: State, panel: Tag) -> Tag {
    let texts = state.texts;
    match (state.phase.get(), state.model.get()) {
        (_, Some(model)) => steps(state, &model, panel),
        (Phase::Loading | Phase::Ready, None) => {
            let lines = std::iter::repeat_with(|| tag("I", "")).take(4);
            let skeleton = tag("DIV", "skeleton").set("aria-hidden", "true").add_all(lines);
            panel.add(tag("DIV", "").add(title(texts.loading))).add(skeleton)
        }
        (Phase::Empty, None) => message(panel, texts.empty_title, texts.empty_text),
        (Phase::Failed, None) => message(panel, texts.error_title, texts.error_text).add(button(
            "action",
            texts.retry,
            move |_| state.reload(),
        )),
    }
}

fn title(text: &str) -> Tag {
    tag("H2", "").set("id", "title").set("tabindex", "-1").text(text)
}

fn paragraph(class: &'static str, text: impl Into<String>) -> Tag {
    tag("P", class).text(text)
}

fn message(panel: Tag, heading: &str, text: &str) -> Tag {
    panel.add(tag("DIV", "").add(title(heading))).add(paragraph("", text))
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
        .add(tag("I", "").set("--done", [&summary::percent(&list).to_string(), "%"].concat()));
    let header = tag("DIV", "")
        .set("part", "header")
        .add(title(&model.flow.title))
        .add_maybe(wanted.map(|words| paragraph("wanted", words)))
        .add(bar)
        .add(paragraph("counted", text).set("aria-hidden", "true"));
    let contact = model.flow.contact.as_ref().map(|address| {
        let link = tag("A", "").set("href", address.as_str()).set("part", "contact").text(texts.contact);
        tag("P", "contact").add(link)
    });
    let finished = (list.left == 0).then(|| {
        let words = tag("DIV", "").add(tag("STRONG", "").text(texts.finished_title));
        let words = words.add(paragraph("", texts.finished_text));
        tag("DIV", "finished").set("part", "finished").add(ring(100)).add(words)
    });
    panel
        .add(header)
        .add_maybe(state.offline.get().then(|| paragraph("notice", texts.offline)))
        .add_maybe(finished)
        .add_maybe(current_step::card(state, model, &list))
        .add(rows::rows(state, model, &list))
        .add_maybe(contact)
}
