//! What is rare in a chat, as the session knows it: it is fetched when a person needs it.

use std::cell::Cell;
use std::rc::Rc;

use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;

use super::Session;
use crate::card::Card;
use crate::part::Name;
use crate::state::State;
use crate::ui::Tag;

/// What is rare.
pub trait Extras {
    /// Brings files that a person chose, pasted or dropped.
    fn add_files(&self, session: &Rc<Session>, files: Vec<JsValue>);
    /// The person sends what was brought.
    fn send_files(&self, session: &Rc<Session>);
    /// The files that were brought, or are on their way.
    fn files(&self, place: &Rc<dyn Place>) -> Vec<Tag>;
    /// Saves a file of a conversation.
    fn save(&self, session: &Rc<Session>, card: &Card, conversation: ConversationId, id: EventId);
    /// Asks for a number to call, in the place of the message.
    fn ask_number(&self, place: &Rc<dyn Place>, session: &Rc<Session>);
    /// How the conversation went: five faces. The one that is pressed counts at once; words beside it are welcome.
    fn scores(&self, place: &Rc<dyn Place>) -> Vec<Tag>;
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
pub type ExtrasWish = Box<dyn FnOnce(&Rc<Session>, &dyn Extras)>;

/// Makes what is rare.
type MakeExtras = fn(State) -> Rc<dyn Extras>;

thread_local! {
    /// Makes what is rare, once it is there.
    pub static EXTRAS: Cell<Option<MakeExtras>> = const { Cell::new(None) };
}

impl Session {
    /// What is rare, if it is there.
    pub fn extras(&self) -> Option<Rc<dyn Extras>> {
        let make = || EXTRAS.get().map(|make| make(self.state));
        self.extras.get().cloned().or_else(|| {
            let _ = self.extras.set(make()?);
            self.extras.get().cloned()
        })
    }

    /// Does something with what is rare, at once or when it is there.
    pub fn with_extras(&self, run: ExtrasWish) {
        let run = |session: &Rc<Self>| {
            // The card that offers to fetch it again has taken the place of the thread.
            if !session.is_writing() {
                session.write();
            }
            if let Some(extras) = session.extras() {
                run(session, &*extras);
            }
        };
        self.state.want(Name::ChatExtras, self.wish(run));
    }
}
