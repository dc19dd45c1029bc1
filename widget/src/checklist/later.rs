//! "Later": the person chooses when, and may say why.

use protocol::{Millis, StepId};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::browser;
use crate::state::State;
use crate::ui::{Tag, button, tag};

const HOUR: Millis = 60 * 60 * 1000;

/// The button that asks when.
pub fn ask(state: State, id: StepId) -> Tag {
    let press = move |_: &Event| {
        state.postponing.set(Some(id.clone()));
        crate::ui::focus(state, ".later button");
    };
    button("plain", state.texts.later, press)
}

/// The choice of times.
pub fn form(state: State, id: &StepId) -> Tag {
    let texts = state.texts;
    let promise = |until: fn(State) -> Millis| {
        let id = id.clone();
        move |_: &Event| {
            let until = until(state);
            if until > browser::now() {
                state.promise(&id, until, value(state, ".why-later").unwrap_or_default());
            } else {
                crate::ui::focus(state, ".pick-later");
            }
        }
    };
    let input = |class, kind: &str, label: &str| {
        let input = tag("INPUT", class).set("type", kind).set("maxlength", "200");
        tag("LABEL", "").text(label).add(input)
    };
    let cancel = move |_: &Event| {
        state.postponing.set(None);
        crate::ui::focus(state, "h3");
    };
    tag("DIV", "later")
        .set("role", "group")
        .set("aria-label", texts.later_when)
        .add(tag("P", "hint").text(texts.later_when))
        // Before the times, because choosing one ends it.
        .add(input("why-later", "text", texts.later_why))
        .add(button("plain", texts.later_hour, promise(|_| browser::now() + HOUR)))
        .add(button("plain", texts.later_tomorrow, promise(|_| browser::tomorrow_morning())))
        .add(input("pick-later", "datetime-local", texts.later_pick))
        .add(button(
            "plain",
            texts.later_set,
            promise(|state| value(state, ".pick-later").map_or(0, |text| browser::picked_moment(&text))),
        ))
        .add(button("plain", texts.cancel, cancel))
}

fn value(state: State, selector: &str) -> Option<String> {
    let field = state.root().try_get_value()?.query_selector(selector).ok()??;
    Some(field.dyn_ref::<HtmlInputElement>()?.value())
}
