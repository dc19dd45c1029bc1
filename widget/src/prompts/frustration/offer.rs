//! Offers what can help: to be shown, to watch, to ask.

use protocol::files::Step;
use protocol::ids::StepId;

use crate::card::{Card, actions, paragraph};
use crate::i18n::fill;
use crate::page::{CLIP, GUIDE};
use crate::part::Tab;
use crate::prompts::plan;
use crate::prompts::texts::Texts;
use crate::state::State;
use crate::ui::{Tag, button, tag};

/// Shows the offer without taking the focus. Nothing to offer is no help.
pub fn show(state: State, texts: &'static Texts, step: &Step<String>) {
    let ways = state.capabilities(&step.id);
    let has_chat = state.session().has("talk");
    let contact = plan::model(state).and_then(|model| model.flow.contact.clone());
    if ways & (GUIDE | CLIP) == 0 && contact.is_none() && !has_chat {
        return;
    }
    let card = Card::open(state, texts.struggle, true);
    let mut all: Vec<Tag> = Vec::new();
    let class = |all: &[Tag]| if all.is_empty() { "action" } else { "plain" };
    let way = |class, text: &str, run: fn(State, &StepId)| {
        let (card, id) = (card.clone(), step.id.clone());
        button(class, text, move |_| {
            card.close(false);
            run(state, &id);
        })
    };
    if ways & GUIDE > 0 {
        all.push(way("action", texts.struggle_show, |state, id| state.show_step(id)));
    }
    if ways & CLIP > 0 {
        all.push(way(class(&all), texts.struggle_watch, State::show_clip));
    }
    if has_chat {
        all.push(way(class(&all), texts.struggle_ask, |state, id| {
            state.open_chat(Some(Tab::Messages), Some(id.clone()));
        }));
    } else if let Some(contact) = contact {
        all.push(tag("A", class(&all)).set("part", "action").set("href", contact).text(texts.struggle_ask));
    }
    let left = card.clone();
    all.push(button("quiet", texts.struggle_no, move |_| left.close(true)));
    let text = fill(texts.struggle_text, &[("step", &step.title)]);
    card.fill(vec![paragraph("", &text), actions(all)]);
}
