//! Fetches parts: one `part!` for each, which is where the module is cut.
//!
//! The splitter (`xtask/src/split.rs`) puts everything that is reachable from a marked function alone into a file of
//! its own; what parts share goes into the file of the first of them (see `part!`). Without the feature `split` the
//! functions are plain ones and the module is in one piece.

use std::pin::Pin;
use std::rc::Rc;

use lazy::SplitLoaderError;

use super::{Name, Parts};
use crate::state::State;

/// A part on its way; it is in its place when this is ready.
pub type Fetched = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// `split!(name -> Output, after one, other = run)` makes `name::fetch`, which fetches what only `run` needs and runs it.
///
/// What parts share would be a file for each combination of them. Parts come in a fixed order instead, and each
/// refers to those `after` which it comes: so all that the panel needs is in one file, whichever part needs it too,
/// all that `activity` needs beyond that is in another, and so on. A part that is wanted brings those before it.
macro_rules! split {
    ($name:ident -> $output:ty $(, after $($before:ident),+)? = $run:expr) => {
        mod $name {
            use super::*;

            const RUN: fn(State) -> $output = $run;

            pub fn run(state: State) -> $output {
                $($(std::hint::black_box($before::run as fn(State) -> _);)+)?
                RUN(state)
            }

            #[cfg(feature = "split")]
            #[lazy::wasm_split($name, wasm_split_path = ::lazy, fallible)]
            pub fn fetch(state: State) -> Result<$output, SplitLoaderError> {
                Ok(run(state))
            }

            #[cfg(not(feature = "split"))]
            pub async fn fetch(state: State) -> Result<$output, SplitLoaderError> {
                Ok(run(state))
            }
        }
    };
}

/// `part!(name = attach, after one, other)` makes `name::fetch`, which fetches a part and lets `attach` make it.
macro_rules! part {
    ($name:ident = $attach:path $(, after $($before:ident),+)?) => {
        split!($name -> () $(, after $($before),+)? = |state| put(state, $attach, |parts, part| *parts.$name.borrow_mut() = Some(part)));
    };
}

/// Lets `attach` make a part and puts it into its place, unless the widget is gone meanwhile.
fn put<P: ?Sized>(state: State, attach: fn(State) -> Rc<P>, put: fn(&Parts, Rc<P>)) {
    if state.is_there() {
        let part = attach(state);
        state.with_parts(|parts| put(parts, part));
    }
}

part!(panel = crate::checklist::attach);
part!(activity = crate::activity::attach, after panel);
part!(prompts = crate::prompts::attach, after panel, activity);
part!(chat = crate::chat::attach, after panel, activity);
split!(chat_articles -> crate::chat::ShowArticles, after chat = |_| crate::chat::show_articles);
split!(chat_thread -> crate::chat::ShowThread, after chat = |_| crate::chat::show_thread);
split!(chat_extras -> Rc<dyn crate::chat::Extras>, after chat_thread = crate::chat::attach_extras);
split!(inline_form -> Rc<dyn crate::prompts::Forms>, after prompts = crate::prompts::attach_forms);

/// Fetches the thread of a chat; none when that failed.
pub async fn thread(state: State) -> Option<crate::chat::ShowThread> {
    chat_thread::fetch(state).await.ok()
}

/// Fetches the articles of a chat; none when that failed.
pub async fn articles(state: State) -> Option<crate::chat::ShowArticles> {
    chat_articles::fetch(state).await.ok()
}

/// Fetches what is rare in a thread; none when that failed.
pub async fn extras(state: State) -> Option<Rc<dyn crate::chat::Extras>> {
    chat_extras::fetch(state).await.ok()
}

/// Fetches the forms of the prompts; none when that failed.
pub async fn forms(state: State) -> Option<Rc<dyn crate::prompts::Forms>> {
    inline_form::fetch(state).await.ok()
}

/// Fetches a part.
pub fn part(state: State, name: Name) -> Fetched {
    match name {
        Name::Activity => Box::pin(activity::fetch(state)),
        Name::Panel => Box::pin(panel::fetch(state)),
        Name::Chat => Box::pin(chat::fetch(state)),
        Name::Prompts => Box::pin(prompts::fetch(state)),
    }
}
