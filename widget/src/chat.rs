//! Live chat: what one person and customer success say to each other, in every tab of the person, and the articles
//! that come before it. The part is fetched when a person wants to talk or has an open conversation.
//!
//! The rules (order, outbox, what is shown) are `journey::support::chat_client`; here is what needs a browser:
//! `session` joins the rules to `connection` (one for all tabs, over a `transport`), `storage` and the cards `thread`
//! and `articles`. Each of these cards is fetched when it is shown, and what is rare (`extras`, the event stream) when
//! it is needed; each is one function, kept in its place once it is there. See
//! docs/decisions/0009-chat.md to 0011-files.md and docs/chat.md.

mod amount;
mod articles;
mod bridge;
mod connection;
mod decode;
mod encode;
mod extras;
mod hours;
mod link;
mod session;
mod sound;
mod storage;
#[cfg(test)]
mod tests;
mod texts;
mod thread;
mod transport;

use std::cell::RefCell;
use std::rc::Rc;

use protocol::Millis;
use protocol::chat::SupportHours;
use protocol::ids::StepId;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::card::{Card, actions, field, paragraph, submit};
use crate::part::{Chat, CoreEvent, Subscription, Tab};
use crate::state::State;
use crate::ui::{Region, Tag, icon};
use session::Session;
use sound::Sound;
use texts::Texts;

/// The part: the session of the person who is there.
struct ChatPart {
    state: State,
    session: RefCell<Option<Rc<Session>>>,
    sound: Rc<Sound>,
    subscription: RefCell<Option<Subscription>>,
}

/// Names what both articles and the thread need: the splitter puts it into the file that comes before them.
fn share() {
    use std::hint::black_box;
    black_box(Card::open as fn(State, &str, bool) -> Card);
    black_box(Card::fill as fn(&Card, Vec<Tag>));
    black_box(Card::write as fn(&Card, &str, &str));
    black_box(Card::focus as fn(&Card, &str));
    black_box(Card::value as fn(&Card, &str) -> String);
    black_box(Card::is_open as fn(&Card) -> bool);
    black_box(field as fn(&str, Tag) -> Tag);
    black_box(submit as fn(&str) -> Tag);
    black_box(actions as fn(Vec<Tag>) -> Tag);
    black_box(paragraph as fn(&'static str, &str) -> Tag);
    black_box(icon::draw as fn(&JsValue, &[icon::Shape<'_>]));
    black_box(hours::promise as fn(Option<&SupportHours>, Millis, &str, &Texts) -> String);
    black_box(link::link as fn(&str, &str) -> Tag);
    black_box(Region::draw as fn(&Region, &HtmlElement, Vec<Tag>));
    black_box(Session::hours as fn(&Session) -> Option<SupportHours>);
    black_box(Session::point as fn(&Rc<Session>, &'static str, &str, StepId, Option<u32>) -> Tag);
}

/// Articles are there.
pub fn bring_articles() {
    session::ARTICLES.set(Some(articles::show));
}

/// The thread is there.
pub fn bring_thread() {
    session::THREAD.set(Some(thread::show));
}

/// What is rare in a thread is there.
pub fn bring_extras() {
    session::EXTRAS.set(Some(extras::make));
}

/// The event stream is there.
pub fn bring_stream() {
    transport::STREAM.set(Some(transport::connect_stream));
}

/// Starts the part; it connects when it is opened, or has to listen.
pub fn attach(state: State) -> Rc<dyn Chat> {
    share();
    let part = Rc::new(ChatPart {
        state,
        session: RefCell::default(),
        sound: Rc::default(),
        subscription: RefCell::default(),
    });
    let weak = Rc::downgrade(&part);
    *part.subscription.borrow_mut() = state.subscribe(move |event| {
        if let Some(part) = weak.upgrade() {
            part.handle(event);
        }
    });
    part
}

impl Chat for ChatPart {
    fn open(&self, tab: Option<Tab>, step: Option<&StepId>) {
        self.sound.arm();
        self.session().open(tab, step);
    }

    fn listen(&self) {
        self.session().prepare();
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}

impl ChatPart {
    /// The session of the person who is there, begun when there is none.
    fn session(&self) -> Rc<Session> {
        let known = self.session.borrow().clone();
        known.unwrap_or_else(|| {
            let session = Session::begin(self.state, Rc::clone(&self.sound));
            *self.session.borrow_mut() = Some(Rc::clone(&session));
            session
        })
    }

    fn handle(&self, event: CoreEvent) {
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
