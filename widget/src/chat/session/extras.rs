//! What is rare in a chat, as the session knows it: it is fetched when a person needs it.

use std::cell::Cell;
use std::rc::Rc;

use lazy::spawn_local;
use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;

use super::Session;
use crate::card::Card;
use crate::part;
use crate::ui::Tag;

/// What is rare.
pub trait Extras {
    /// Sends files that a person chose, pasted or dropped.
    fn send_files(&self, session: &Rc<Session>, files: Vec<JsValue>);
    /// The files on their way.
    fn files(&self, place: &Rc<dyn Place>) -> Vec<Tag>;
    /// Saves a file of a conversation.
    fn save(&self, session: &Rc<Session>, card: &Card, conversation: ConversationId, id: EventId);
    /// Asks for a number to call, in the place of the message.
    fn ask_number(&self, place: &Rc<dyn Place>, session: &Rc<Session>);
    /// Asks for words beside a score, in the place of the message.
    fn ask_comment(&self, place: &Rc<dyn Place>, score: u8);
}

/// Where a message is written, and where a form can stand for a while.
pub trait Place {
    /// The card that it is in.
    fn card(&self) -> &Card;
    /// The session that it shows, unless that has ended.
    fn session(&self) -> Option<Rc<Session>>;
    /// Puts a form in the place of the message.
    fn replace(self: Rc<Self>, form: Tag);
    /// Takes the form away again.
    fn restore(self: Rc<Self>);
    /// Gives the field of the message the focus.
    fn focus_field(&self);
}

/// What is done with what is rare once it is there.
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
