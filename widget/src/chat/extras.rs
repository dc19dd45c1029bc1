//! What is rare in a chat is fetched when a person needs it: files, the form for a call, and words beside a score.

mod callback_form;
mod comment_form;
mod texts;
mod uploads;

use std::cell::Cell;
use std::rc::Rc;

use lazy::spawn_local;
use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;

use super::session::Session;
use super::thread::Thread;
use crate::card::Card;
use crate::part;
use crate::state::State;
use crate::ui::Tag;
use texts::{Texts, texts};
use uploads::Uploads;

/// What the chat knows of it.
pub trait Extras {
    /// Sends files that a person chose, pasted or dropped.
    fn send_files(&self, session: &Rc<Session>, files: Vec<JsValue>);
    /// The files on their way.
    fn files(&self, thread: &Rc<Thread>) -> Vec<Tag>;
    /// Saves a file of a conversation.
    fn save(&self, session: &Rc<Session>, card: &Card, c: ConversationId, id: EventId);
    /// Asks for a number to call, in the place of the message.
    fn ask_number(&self, thread: &Rc<Thread>, session: &Rc<Session>);
    /// Asks for words beside a score, in the place of the message.
    fn ask_comment(&self, thread: &Rc<Thread>, score: u8);
}

/// What is done with it once it is there.
pub type Wish = Box<dyn FnOnce(&Rc<Session>, &dyn Extras)>;

impl Session {
    /// Does something with what is rare, at once or when it is there.
    pub fn with_extras(self: &Rc<Self>, wish: Wish) {
        if let Some(extras) = self.extras() {
            return wish(self, &*extras);
        }
        let (state, session) = (self.state, Rc::downgrade(self));
        spawn_local(async move {
            let fetched = part::fetch_extras(state).await;
            if let Some(session) = session.upgrade() {
                session.fetched(fetched, wish);
            }
        });
    }

    fn fetched(self: &Rc<Self>, extras: Option<Rc<dyn Extras>>, wish: Wish) {
        if let Some(extras) = extras {
            self.keep_extras(extras);
            return self.with_extras(wish);
        }
        let (session, wish) = (Rc::downgrade(self), Cell::new(Some(wish)));
        self.state.not_fetched(Box::new(move || {
            if let (Some(session), Some(wish)) = (session.upgrade(), wish.take()) {
                session.write();
                session.with_extras(wish);
            }
        }));
    }
}

/// Brings what is rare.
pub fn attach(state: State) -> Rc<dyn Extras> {
    Rc::new(Rare { texts: texts(&state.locale()), uploads: Rc::default() })
}

struct Rare {
    texts: &'static Texts,
    uploads: Rc<Uploads>,
}

impl Extras for Rare {
    fn send_files(&self, session: &Rc<Session>, files: Vec<JsValue>) {
        self.uploads.add(session, files);
    }

    fn files(&self, thread: &Rc<Thread>) -> Vec<Tag> {
        self.uploads.rows(thread, self.texts)
    }

    fn save(&self, session: &Rc<Session>, card: &Card, c: ConversationId, id: EventId) {
        let (saved, card, text) = (self.uploads.save(session, c, id), card.clone(), self.texts.no_file);
        spawn_local(async move {
            if saved.await.is_none() {
                card.say(text);
            }
        });
    }

    fn ask_number(&self, thread: &Rc<Thread>, session: &Rc<Session>) {
        callback_form::show(thread, session, self.texts);
    }

    fn ask_comment(&self, thread: &Rc<Thread>, score: u8) {
        comment_form::show(thread, self.texts, score);
    }
}
