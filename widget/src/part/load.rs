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

/// `part!(name = attach, after one, other)` makes the function `name`, which fetches a part and lets `attach` make it.
///
/// What parts share would be a file for each combination of them. Parts come in a fixed order instead, and each
/// refers to those `after` which it comes: so all that the panel needs is in one file, whoever else needs it,
/// all that `activity` needs beyond that is in another, and so on. A part that is wanted brings those before it.
macro_rules! part {
    ($name:ident = $attach:path $(, after $($before:path),+)?) => {
        mod $name {
            use super::*;

            #[cfg(feature = "split")]
            #[lazy::wasm_split($name, wasm_split_path = ::lazy, fallible)]
            pub fn fetch(state: State) -> Result<(), SplitLoaderError> {
                $($(std::hint::black_box($before as fn(State) -> Rc<_>);)+)?
                put(state, $attach, |parts, part| *parts.$name.borrow_mut() = Some(part));
                Ok(())
            }

            #[cfg(not(feature = "split"))]
            pub async fn fetch(state: State) -> Result<(), SplitLoaderError> {
                put(state, $attach, |parts, part| *parts.$name.borrow_mut() = Some(part));
                Ok(())
            }
        }
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
part!(activity = crate::activity::attach, after crate::checklist::attach);
part!(prompts = crate::prompts::attach, after crate::checklist::attach, crate::activity::attach);
part!(chat = crate::chat::attach, after crate::checklist::attach, crate::activity::attach);

/// Fetches a part.
pub fn part(state: State, name: Name) -> Fetched {
    match name {
        Name::Activity => Box::pin(activity::fetch(state)),
        Name::Panel => Box::pin(panel::fetch(state)),
        Name::Chat => Box::pin(chat::fetch(state)),
        Name::Prompts => Box::pin(prompts::fetch(state)),
    }
}
