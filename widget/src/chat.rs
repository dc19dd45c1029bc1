//! Live chat: what one person and customer success say to each other, in every tab of the person, and the articles
//! that come before it. The part is fetched when somebody wants to talk or has an open conversation.
//!
//! The rules (order, outbox, what is shown) are `journey::support::chat_client`; here is what needs a browser:
//! `session` joins the rules to `connection` (one for all tabs, over a `transport`), `storage`, `uploads` and the
//! cards `thread` and `articles`. See docs/decisions/0009-chat.md to 0011-files.md and docs/chat.md.

mod articles;
mod attachments;
mod bridge;
mod callback_form;
mod connection;
mod decode;
mod encode;
mod hours;
mod region;
mod session;
mod sound;
mod storage;
#[cfg(test)]
mod tests;
mod texts;
mod thread;
mod transport;
mod uploads;

use std::cell::RefCell;
use std::rc::Rc;

use protocol::ids::StepId;

use crate::part::{Chat, CoreEvent, Subscription};
use crate::state::State;
use session::Session;
use sound::Sound;

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/chat.css"));

/// The part: a session of whoever is there.
struct ChatPart {
    state: State,
    session: RefCell<Option<Rc<Session>>>,
    sound: Rc<Sound>,
    heard: RefCell<Option<Subscription>>,
}

/// Starts the part; it connects when it is opened, or has to listen.
pub fn attach(state: State) -> Rc<dyn Chat> {
    crate::ui::dress_once(&state.root(), "chat", STYLES);
    let part = Rc::new(ChatPart {
        state,
        session: RefCell::default(),
        sound: Rc::default(),
        heard: RefCell::default(),
    });
    let weak = Rc::downgrade(&part);
    *part.heard.borrow_mut() = state.subscribe(move |event| {
        if let Some(part) = weak.upgrade() {
            part.hear(event);
        }
    });
    part
}

impl Chat for ChatPart {
    fn open(&self, step: Option<&StepId>) {
        self.sound.arm();
        self.session().open(step);
    }

    fn listen(&self) {
        self.session();
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}

impl ChatPart {
    /// The session of whoever is there, begun when there is none.
    fn session(&self) -> Rc<Session> {
        let known = self.session.borrow().clone();
        known.unwrap_or_else(|| {
            let session = Session::begin(self.state, Rc::clone(&self.sound));
            *self.session.borrow_mut() = Some(Rc::clone(&session));
            session
        })
    }

    fn hear(&self, event: CoreEvent) {
        match event {
            CoreEvent::SessionLoaded | CoreEvent::TokenChanged => {
                let session = self.session.borrow().clone();
                if let Some(session) = session {
                    session.token_may_have_changed();
                }
            }
            CoreEvent::OwnerChanged | CoreEvent::Leaving => drop(self.session.take()),
            _ => {}
        }
    }
}
