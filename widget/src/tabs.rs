//! The panel's head: its tabs and the way out. It stays in sight whatever is scrolled below it.
//!
//! What a person has to do, the answers, and the messages share one panel: the checklist draws the first, the chat the
//! other two (`docs/decisions/0016-one-panel.md`).

use crate::part::Tab;
use crate::state::State;
use crate::state::tabs::all;
use crate::ui::{Tag, tag};

/// The head of a view; `title` stands in it where there are no tabs.
pub fn head(state: State, current: Option<Tab>, title: Tag, close: impl Fn() + 'static) -> Tag {
    let tabs = current.and_then(|current| tabs(state, current));
    let (tabs, title) = if tabs.is_some() { (tabs, None) } else { (None, Some(title)) };
    let close = tag("BUTTON", "close")
        .with("part=close type=button")
        .set("aria-label", state.texts.close)
        .on("click", move |_| close());
    tag("DIV", "head").add_maybe(tabs).add_maybe(title).add(close)
}

/// Whether a view has tabs, so that its title stands below them.
pub fn has_tabs(state: State) -> bool {
    all(state).count() > 1
}

fn tabs(state: State, current: Tab) -> Option<Tag> {
    if !has_tabs(state) {
        return None;
    }
    let tabs = all(state).map(|tab| one(state, tab, tab == current));
    Some(tag("DIV", "tabs").set("role", "tablist").set("aria-label", state.texts.tabs).add_all(tabs))
}

fn one(state: State, tab: Tab, is_current: bool) -> Tag {
    let texts = state.texts;
    let (name, unread) = match tab {
        Tab::ToDo => (texts.tab_to_do, 0),
        Tab::Answers => (texts.tab_answers, 0),
        Tab::Messages => (texts.tab_messages, state.unread()),
    };
    tag("BUTTON", "")
        .with("type=button role=tab part=tab")
        .set("aria-selected", if is_current { "true" } else { "false" })
        .on("click", move |_| {
            if !is_current {
                state.open_tab(Some(tab))
            }
        })
        .text(name)
        .add_maybe((unread > 0).then(|| tag("B", "unread").text(unread.to_string())))
}
