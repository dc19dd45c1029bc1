//! How parts are wanted and fetched, with a network that is made up.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use lazy::SplitLoaderError;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::page::{Bridge, Page};
use crate::part::Fetched;
use crate::wire::object;

thread_local! {
    static FETCHED: RefCell<Vec<Name>> = const { RefCell::new(Vec::new()) };
    static IS_CUT_OFF: Cell<bool> = const { Cell::new(false) };
}

/// Fetches nothing, as fast or in vain as a network would.
fn fake(_: State, name: Name) -> Fetched {
    FETCHED.with_borrow_mut(|fetched| fetched.push(name));
    Box::pin(async {
        sleep(0).await;
        if IS_CUT_OFF.get() { Err(SplitLoaderError) } else { Ok(()) }
    })
}

fn state() -> State {
    lazy::start();
    FETCHED.take();
    IS_CUT_OFF.set(false);
    let nothing = object(&[]);
    State::new(&Rc::new(Page(nothing.clone())), Bridge(nothing), fake)
}

/// A list, and a wish that adds something to it.
fn notes() -> (Rc<RefCell<Vec<&'static str>>>, impl Fn(&'static str) -> Wish) {
    let list: Rc<RefCell<Vec<_>>> = Rc::default();
    let notes = Rc::clone(&list);
    let wish = move |text| -> Wish {
        let notes = Rc::clone(&notes);
        Box::new(move || notes.borrow_mut().push(text))
    };
    (list, wish)
}

#[wasm_bindgen_test]
async fn a_part_is_fetched_once_and_does_everything_that_was_wanted() {
    let (state, (list, wish)) = (state(), notes());
    state.want(Name::ChatExtras, wish("first"));
    state.want(Name::ChatExtras, wish("second"));
    sleep(20).await;
    state.want(Name::ChatExtras, wish("third"));
    assert_eq!(*list.borrow(), ["first", "second", "third"]);
    assert_eq!(FETCHED.take(), [Name::ChatExtras]);
}

#[wasm_bindgen_test]
async fn of_what_is_to_be_shown_the_newest_alone_counts() {
    let (state, (list, wish)) = (state(), notes());
    state.want_shown(Name::Chat, wish("the chat"));
    // It connects for an open conversation, which takes nothing from the press before.
    state.want(Name::Chat, wish("answers"));
    sleep(20).await;
    assert_eq!(*list.borrow(), ["the chat", "answers"]);
    list.take();
    state.want_shown(Name::ChatThread, wish("the thread"));
    state.want_shown(Name::ChatArticles, wish("articles"));
    sleep(20).await;
    assert_eq!(*list.borrow(), ["articles"]);
    list.take();
    state.want_shown(Name::InlineForm, wish("a form"));
    state.publish(crate::part::CoreEvent::PanelOpened);
    sleep(20).await;
    assert!(list.borrow().is_empty(), "the panel is what the person wants to see now");
}

#[wasm_bindgen_test]
async fn a_part_that_cannot_be_fetched_is_fetched_again_and_nothing_wanted_of_it_is_lost() {
    let (state, (list, wish)) = (state(), notes());
    IS_CUT_OFF.set(true);
    state.want(Name::ChatExtras, wish("a file"));
    sleep(20).await;
    assert_eq!(FETCHED.take(), [Name::ChatExtras, Name::Prompts], "a card offers another try");
    IS_CUT_OFF.set(false);
    state.want(Name::ChatExtras, wish("another"));
    sleep(20).await;
    assert_eq!(*list.borrow(), ["a file", "another"]);
    assert_eq!(FETCHED.take(), [Name::ChatExtras]);
}
