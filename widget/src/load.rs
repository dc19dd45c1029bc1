//! Fetches parts: one `split!` for each, which is where the module is cut.
//!
//! The splitter (`xtask/src/split.rs`) puts everything that is reachable from a marked function alone into a file of
//! its own; what parts share goes into the file of the first of them (see `split!`). Without the feature `split` the
//! functions are plain ones and the module is in one piece.
//!
//! This room alone knows all parts. The state is given [`part`], and knows none of them.

use std::cell::RefCell;
use std::rc::Rc;

use lazy::SplitLoaderError;

use crate::part::{Fetched, Name, Parts};
use crate::state::State;

/// `split!(name = run, after one, other)` makes `name::fetch`, which fetches what only `run` needs and runs it.
///
/// What parts share would be a file for each combination of them. Parts come in a fixed order instead, and each
/// refers to those `after` which it comes: so all that the panel needs is in one file, whichever part needs it too,
/// all that `activity` needs beyond that is in another, and so on. A part that is wanted brings those before it.
macro_rules! split {
    ($name:ident = $run:expr $(, after $($before:ident),+)?) => {
        mod $name {
            use super::*;

            const RUN: fn(State) = $run;

            pub fn run(state: State) {
                $($(std::hint::black_box($before::run as fn(State));)+)?
                RUN(state);
            }

            #[cfg(feature = "split")]
            #[lazy::wasm_split($name, wasm_split_path = ::lazy, fallible)]
            pub fn fetch(state: State) -> Result<(), SplitLoaderError> {
                run(state);
                Ok(())
            }

            #[cfg(not(feature = "split"))]
            pub async fn fetch(state: State) -> Result<(), SplitLoaderError> {
                run(state);
                Ok(())
            }
        }
    };
}

/// Lets `attach` make a part and puts it into its place, unless the widget is gone meanwhile.
fn put<P: ?Sized>(state: State, attach: fn(State) -> Rc<P>, place: fn(&Parts) -> &RefCell<Option<Rc<P>>>) {
    if state.is_there() {
        let part = attach(state);
        state.with_parts(|parts| *place(parts).borrow_mut() = Some(part));
    }
}

split!(panel = |state| put(state, crate::checklist::attach, |parts| &parts.panel));
split!(strip = |state| put(state, crate::strip::attach, |parts| &parts.strip), after panel, activity);
split!(activity = |state| put(state, crate::activity::attach, |parts| &parts.activity), after panel);
split!(prompts = |state| put(state, crate::prompts::attach, |parts| &parts.prompts), after panel, activity);
split!(inline_form = |state| put(state, crate::prompts::attach_forms, |parts| &parts.forms), after prompts);
split!(guide = |state| put(state, crate::guide::attach, |parts| &parts.guides), after panel, activity);
split!(clips = |state| put(state, crate::clips::attach, |parts| &parts.clips), after panel, activity);
split!(chat = |state| put(state, crate::chat::attach, |parts| &parts.chat), after panel, activity);
split!(chat_articles = |_| crate::chat::bring_articles(), after chat);
split!(chat_thread = |_| crate::chat::bring_thread(), after chat);
split!(chat_extras = |_| crate::chat::bring_extras(), after chat_thread);
split!(chat_stream = |_| crate::chat::bring_stream(), after chat);

/// Fetches a part.
pub fn part(state: State, name: Name) -> Fetched {
    match name {
        Name::Activity => Box::pin(activity::fetch(state)),
        Name::Panel => Box::pin(panel::fetch(state)),
        Name::Strip => Box::pin(strip::fetch(state)),
        Name::Prompts => Box::pin(prompts::fetch(state)),
        Name::InlineForm => Box::pin(inline_form::fetch(state)),
        Name::Guide => Box::pin(guide::fetch(state)),
        Name::Clips => Box::pin(clips::fetch(state)),
        Name::Chat => Box::pin(chat::fetch(state)),
        Name::ChatArticles => Box::pin(chat_articles::fetch(state)),
        Name::ChatThread => Box::pin(chat_thread::fetch(state)),
        Name::ChatExtras => Box::pin(chat_extras::fetch(state)),
        Name::ChatStream => Box::pin(chat_stream::fetch(state)),
    }
}
