//! The way to a person: a round button beside the launcher, with the number of unread answers.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use journey::paste_parser::trim;
use tachys::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use super::texts::Texts;
use crate::browser;
use crate::i18n::fill;
use crate::js::{document, get, invoke, set, text};
use crate::state::State;
use crate::ui::{EventListener, Handle, Shown, icon, listen, tag};

const BUBBLE: &str = "M4 5h16v11H9l-5 4z";
/// Characters of a field's complaint that are sent.
const LONGEST: usize = 200;

/// The button, where there is a chat.
pub struct ChatButton {
    state: State,
    texts: &'static Texts,
    me: Weak<Self>,
    button: Cell<Option<Shown>>,
    /// Whether the chat was asked for, so that it listens.
    listens: Cell<bool>,
    invalid: Cell<Option<EventListener>>,
}

impl ChatButton {
    /// No button yet; what fields complain of is noted from now on.
    pub fn new(state: State, texts: &'static Texts) -> Rc<Self> {
        let invalid = listen(&document(), "invalid", move |event| {
            let complaint = complaint(event);
            state.note_concern(|concern| concern.complaint = Some(complaint));
        });
        Rc::new_cyclic(|me| Self {
            state,
            texts,
            me: me.clone(),
            button: Cell::default(),
            listens: Cell::default(),
            invalid: Cell::new(Some(invalid)),
        })
    }

    /// Shows the button where the collector has a chat, and brings the chat when there is something to hear.
    pub fn look(&self) {
        let talk = self.state.session().field("talk");
        let Some(open) = talk.get::<bool>("open") else { return self.remove() };
        if self.find().is_none() {
            self.add();
        }
        self.count();
        if (open || self.spoke()) && !self.listens.replace(true) {
            self.state.listen_for_chat();
        }
    }

    /// Says how many answers nobody has read.
    pub fn count(&self) {
        let Some(button) = self.find() else { return };
        let first = || self.state.session().field("talk").get("unread").unwrap_or_default();
        let unread = self.state.unread().unwrap_or_else(first);
        let number = unread.to_string();
        let count = get(&button, "lastElementChild");
        set(&count, "textContent", number.as_str());
        set(&count, "hidden", unread == 0);
        let label = match unread {
            0 => self.texts.talk.to_owned(),
            _ => fill(self.texts.talk_unread, &[("n", &number)]),
        };
        browser::put(&button, "aria-label", Some(&label));
    }

    /// Another person is there.
    pub fn forget(&self) {
        self.listens.set(false);
        self.remove();
    }

    fn remove(&self) {
        if let Some(mut button) = self.button.take() {
            button.unmount();
        }
    }

    fn add(&self) {
        self.remove();
        let root = self.state.root();
        let Some(launcher) = browser::find(&root, ".launcher") else { return };
        let me = Handle::of(self.me.clone());
        let mut button = tag("BUTTON", "bubble")
            .with("part=bubble type=button")
            .set("title", self.texts.talk)
            .set("lang", self.state.locale())
            .on("click", move |_: &Event| me.with(|button| button.press()))
            .made(|button| icon::draw(button, &[("path", &[("d", BUBBLE)])]))
            .add(tag("B", "count").set("hidden", ""))
            .draw()
            .build();
        button.mount(root.unchecked_ref(), None);
        self.button.set(Some(button));
        // Beside the launcher, so that one comes after the other when tabbing.
        if let Some(button) = self.find() {
            invoke(&launcher, "after", &[button.into()]);
        }
    }

    fn find(&self) -> Option<HtmlElement> {
        browser::find(&self.state.root(), ".bubble")
    }

    fn press(&self) {
        match browser::find(&self.state.root(), ".asks :is(.talk, .faq)") {
            Some(_) => self.state.give_way(),
            _ => self.state.open_chat(None),
        }
    }

    /// A guest has no token, so the chat knows them by this device alone.
    fn spoke(&self) -> bool {
        let key = ["tabiji:talk:", &self.state.owner()].concat();
        self.state.caller().token.is_none() && browser::recall(&key).is_some_and(|kept| !kept.is_empty())
    }
}

impl Drop for ChatButton {
    fn drop(&mut self) {
        self.invalid.take();
        self.remove();
    }
}

/// What a field complains of, with its label: the agent need not ask.
fn complaint(event: &Event) -> String {
    let field = get(event, "target");
    let label = get(&get(&field, "labels"), "0");
    let label = match label.is_object() {
        true => trim(&text(&label, "textContent")),
        false => text(&field, "name"),
    };
    let whole = [label.as_str(), ": ", &text(&field, "validationMessage")].concat();
    whole.chars().take(LONGEST).collect()
}
