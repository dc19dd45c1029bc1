//! What stands in the document for a card, and how it goes.

use std::cell::Cell;
use std::rc::Rc;

use tachys::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use super::Card;
use crate::part::{CoreEvent, Tab};
use crate::state::State;
use crate::ui::{Handle, Lasting, Shown as Drawn, Tag, View, is_escape, tag};
use crate::{browser, js, tabs, ui};

/// What screen readers announce.
pub const STATUS: &str = ".asks > .unseen";
const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/card.css"));

/// Runs when the card is closed; true where the person did it.
type OnClose = Box<dyn FnOnce(bool)>;

/// A card on the screen.
pub struct Shown {
    state: State,
    section: HtmlElement,
    /// Where the focus was before.
    from: Option<HtmlElement>,
    open: Cell<bool>,
    frame: Cell<Option<Drawn>>,
    content: Cell<Option<Drawn>>,
    on_close: Cell<Option<OnClose>>,
    kept: Cell<Vec<Box<dyn Lasting>>>,
}

impl Shown {
    /// Puts an empty card into the shadow root, after taking down the one that is there.
    pub fn mount(state: State, title: &str, tab: Option<Tab>) -> Rc<Self> {
        state.give_way();
        let root = state.root();
        ui::dress_once(&root, "cards", STYLES);
        let from = browser::active(&root);
        let shown = Rc::new_cyclic(|me| {
            let mut frame = frame(state, title, tab, &Card(Handle::of(me.clone()))).draw().build();
            frame.mount(root.unchecked_ref(), None);
            Self {
                state,
                section: browser::find(&root, ".asks").unwrap_or_else(|| state.host()),
                from,
                open: Cell::new(true),
                frame: Cell::new(Some(frame)),
                content: Cell::default(),
                on_close: Cell::default(),
                kept: Cell::default(),
            }
        });
        browser::put(&state.host(), "data-asks", Some(""));
        state.tab.set(tab);
        shown.end_with_person();
        shown
    }

    /// Ends the card without a word when its person is gone, or the widget.
    fn end_with_person(self: &Rc<Self>) {
        let me = Rc::downgrade(self);
        let ends = self.state.subscribe(move |event| {
            if let (CoreEvent::OwnerChanged | CoreEvent::Leaving, Some(shown)) = (event, me.upgrade()) {
                shown.discard();
            }
        });
        self.keep(Box::new(ends));
    }

    /// Says the title in the next frame: a screen reader misses what is there from the beginning.
    pub fn announce_title(self: &Rc<Self>, title: &str) {
        let (status, title) = (self.find(STATUS), title.to_owned());
        ui::next_frame(move || {
            if let Some(status) = status {
                js::set(&status, "textContent", title);
            }
        });
    }

    /// Replaces the content.
    pub fn fill(&self, content: Vec<Tag>) {
        let Some(body) = self.find(".body").filter(|_| self.open.get()) else { return };
        let mut fresh = View::all(content.into_iter()).build();
        if let Some(mut old) = self.content.take() {
            old.unmount();
        }
        fresh.mount(body.unchecked_ref(), None);
        self.content.set(Some(fresh));
    }

    /// The first element that fits.
    pub fn find(&self, selector: &str) -> Option<HtmlElement> {
        browser::find(&self.section, selector)
    }

    /// Moves the focus to the first element that fits; says whether there is one.
    pub fn focus(&self, selector: &str) -> bool {
        let found = self.find(selector);
        found.as_ref().inspect(|element| ui::focus_element(element)).is_some()
    }

    /// Whether the focus is inside.
    pub fn has_focus(&self) -> bool {
        let active = browser::active(&self.state.root());
        active.is_some_and(|active| js::invoke(&self.section, "contains", &[active.into()]).is_truthy())
    }

    /// Whether it is on the screen.
    pub fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Keeps something until the card goes.
    pub fn keep(&self, value: Box<dyn Lasting>) {
        // What comes too late ends at once.
        if self.open.get() {
            let mut kept = self.kept.take();
            kept.push(value);
            self.kept.set(kept);
        }
    }

    /// Runs when the card is closed.
    pub fn on_close(&self, run: Box<dyn FnOnce(bool)>) {
        self.on_close.set(Some(run));
    }

    /// Closes the card and gives the focus back.
    pub fn end(&self, by_person: bool) {
        if !self.open.replace(false) {
            return;
        }
        let focused = self.has_focus();
        // What was written into the card can still be read.
        if let Some(run) = self.on_close.take() {
            run(by_person);
        }
        self.take_down();
        if focused {
            self.give_focus_back();
        }
    }

    /// Takes the card away without a word.
    pub fn discard(&self) {
        if self.open.replace(false) {
            self.take_down();
        }
    }

    fn take_down(&self) {
        // Before the nodes go, so that what lives on, such as a clip in its small window, can be moved out.
        drop(self.kept.take());
        self.content.take();
        if let Some(mut frame) = self.frame.take() {
            frame.unmount();
        }
        browser::put(&self.state.host(), "data-asks", None);
        self.state.tab.set(None);
        self.state.leave_place();
    }

    fn give_focus_back(&self) {
        let root = self.state.root();
        let from = self.from.clone().filter(|element| js::is(element, "isConnected"));
        let back =
            from.or_else(|| browser::find(&root, ".card h3")).or_else(|| browser::find(&root, ".launcher"));
        if let Some(back) = back {
            ui::focus_element(&back);
        }
    }
}

fn frame(state: State, title: &str, tab: Option<Tab>, card: &Card) -> Tag {
    let (closed, escaped) = (card.clone(), card.clone());
    let leave = move |card: &Card| {
        card.close(true);
        if tab.is_some() {
            state.close_panel();
        }
    };
    let has_tabs = tab.is_some() && tabs::has_tabs(state);
    let heading = |class| tag("H2", class).with("id=asks-title tabindex=-1").text(title);
    let head = tabs::head(state, tab, heading(""), move || leave(&closed));
    tag("SECTION", "panel asks")
        .set("part", "panel asks")
        .with("role=dialog aria-labelledby=asks-title")
        .set("lang", state.locale())
        .on("keydown", move |event| {
            if is_escape(event) {
                ui::stop(event);
                leave(&escaped);
            }
            keep_typing(event);
        })
        .on("keypress", keep_typing)
        .on("keyup", keep_typing)
        .add(head)
        .add_maybe(has_tabs.then(|| heading("unseen")))
        .add(tag("DIV", "body"))
        .add(tag("P", "unseen").set("role", "status"))
}

/// The page sees an element that is no field: what is typed here would be its shortcuts.
fn keep_typing(event: &Event) {
    let name = js::text(&js::get(event, "target"), "tagName");
    if matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT") {
        ui::stop(event);
    }
}
