//! The place of a part: fetched once for all who ask, and fetched again after a failure.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lazy::spawn_local;

use super::{Name, load};
use crate::state::State;
use crate::ui::sleep;

/// The pause before the second attempt at what every page needs, in milliseconds; it doubles.
const PAUSE: u32 = 1_000;
/// After this pause the basic panel takes over, in milliseconds: half a minute in all.
const LONGEST_PAUSE: u32 = 16_000;

/// What is wanted of a part that is still on its way.
pub type Wish = Box<dyn FnOnce()>;

/// How far a part is.
#[derive(Default)]
pub struct Slot {
    there: Cell<bool>,
    coming: Cell<bool>,
    /// The newest alone: what was wanted before it is wanted no longer.
    wish: RefCell<Option<Wish>>,
}

impl Slot {
    /// Whatever was wanted while the part was on its way is wanted no longer.
    pub fn cancel(&self) {
        self.wish.take();
    }
}

/// Does something with a part, at once or when it is there.
pub fn want(state: State, name: Name, wish: Wish) {
    let there = state.with_parts(|parts| parts.slot(name).there.get());
    if there == Some(true) {
        return wish();
    }
    state.with_parts(|parts| *parts.slot(name).wish.borrow_mut() = Some(wish));
    bring(state, name);
}

/// Fetches a part, unless it is there or on its way.
pub fn bring(state: State, name: Name) {
    let is_absent = state.with_parts(|parts| {
        let slot = parts.slot(name);
        !slot.there.get() && !slot.coming.replace(true)
    });
    if is_absent == Some(true) {
        spawn_local(fetch(state, name));
    }
}

async fn fetch(state: State, name: Name) {
    let mut pause = PAUSE;
    let mut there = load::part(state, name).await.is_ok();
    // Every page needs these soon: they are fetched again by themselves.
    while !there && matches!(name, Name::Activity | Name::Panel) {
        if pause > LONGEST_PAUSE {
            return state.give_up("a part of the widget cannot be fetched");
        }
        sleep(pause).await;
        pause *= 2;
        there = load::part(state, name).await.is_ok();
    }
    // The widget may be gone meanwhile.
    let Some(wish) = state.with_parts(|parts| {
        let slot = parts.slot(name);
        slot.coming.set(false);
        slot.there.set(there);
        slot.wish.take()
    }) else {
        return;
    };
    match wish {
        Some(wish) if there => wish(),
        Some(wish) if name == Name::Chat => try_again(state, name, wish),
        _ => {}
    }
    if there && name == Name::Panel {
        // It is drawn where it is open.
        state.open.notify();
    }
}

/// Says that a part could not be fetched; the person may try again.
fn try_again(state: State, name: Name, wish: Wish) {
    let wish = Rc::new(RefCell::new(Some(wish)));
    state.not_fetched(Box::new(move || {
        if let Some(wish) = wish.take() {
            want(state, name, wish);
        }
    }));
}
