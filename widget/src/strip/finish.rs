//! The end of the set-up: what the customer has now, under what they wanted, who took part, and where it leads.

use protocol::Millis;
use protocol::backend::FactValue;
use wasm_bindgen::JsValue;

use super::texts::Texts;
use crate::browser;
use crate::i18n::{fill, join};
use crate::js;
use crate::state::{Model, State};
use crate::ui::{Tag, ring, tag};
use crate::wire::Json;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// That the set-up is done, with the person's name.
pub fn title(state: State, texts: &Texts) -> String {
    match state.me().name {
        Some(name) => fill(texts.finished_by, &[("name", &name)]),
        None => texts.finished.to_owned(),
    }
}

/// The card.
pub fn card(state: State, texts: &Texts, model: &Model) -> Tag {
    let finish = state.session().field("flow").field("finish");
    let head = tag("DIV", "reached").add(ring(100)).add(tag("STRONG", "").text(title(state, texts)));
    let wanted = model.expectation.as_ref().map(|text| fill(state.texts.you_wanted, &[("text", text)]));
    let figures = figures(state, model, &finish);
    let figures = (!figures.is_empty()).then(|| {
        let one = |text: String| tag("LI", "").text(text);
        tag("UL", "figures").add_all(figures.into_iter().map(one))
    });
    let link = finish.get::<String>("link").zip(finish.get::<String>("action"));
    let link = link.filter(|(link, _)| !browser::is_here(link)).map(|(link, action)| {
        let link = tag("A", "action").set("part", "action").set("href", link).text(action);
        tag("DIV", "actions").add(link)
    });
    tag("DIV", "finished")
        .set("part", "finished")
        .add(head)
        .add_maybe(wanted.map(|wanted| tag("P", "").text(wanted)))
        .add_maybe(figures)
        .add_maybe(together(texts, model).map(|text| tag("P", "").text(text)))
        .add_maybe(link)
}

/// The flow's figures that the host has reported, in words.
fn figures(state: State, model: &Model, finish: &Json) -> Vec<String> {
    let figures: Vec<Json> = finish.get("figure").unwrap_or_default();
    let mut words = Vec::new();
    for figure in &figures {
        let fact: String = figure.or_default("fact");
        if let Some(FactValue::Number(number)) = model.progress.facts.get(&fact) {
            let number = JsValue::from(*number);
            let number = js::invoke(&number, "toLocaleString", &[state.locale().into()]).as_string();
            let text: String = figure.or_default("text");
            words.push(fill(&text, &[("n", &number.unwrap_or_default())]));
        }
    }
    words
}

/// Who took part, and how long it took from the first look to the last step.
fn together(texts: &Texts, model: &Model) -> Option<String> {
    let steps = || model.progress.steps.iter().map(|(_, step)| step);
    let took =
        steps().filter_map(|step| step.done_at).max()? - steps().filter_map(|step| step.shown).min()?;
    let (text, n) = match took {
        ..HOUR => (texts.took_minutes, (took / MINUTE).max(1)),
        HOUR..DAY => (texts.took_hours, took / HOUR),
        _ => (texts.took_days, took / DAY),
    };
    let took = fill(text, &[("n", &n.to_string())]);
    let mut names: Vec<&str> = Vec::new();
    for name in steps().filter_map(|step| model.people.get(step.user.as_ref()?)) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.len() < 2 {
        return Some(took);
    }
    let names = join(&names, texts.and);
    Some(fill(texts.together, &[("names", &names)]) + &took)
}
