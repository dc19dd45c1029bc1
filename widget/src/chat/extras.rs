//! What is rare in a chat is fetched when a person needs it: files, the form for a call, and words beside a score.

mod callback_form;
mod comment_form;
mod failure;
mod picture;
mod scores;
mod texts;
mod uploads;

use std::rc::Rc;

use lazy::spawn_local;
use protocol::ids::{ConversationId, EventId};
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::session::{Extras, Place, Session};
use crate::card::Card;
use crate::state::State;
use crate::ui::{Handle, Tag, dress_once};
use texts::{Texts, texts};
use uploads::Uploads;

const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/chat_extras.css"));

/// What a listener does with a place: one closure type for all of them.
fn on(place: &Handle<dyn Place>, run: fn(&Rc<dyn Place>)) -> impl Fn(&Event) + use<> {
    let place = place.clone();
    move |_| place.with(run)
}

/// Makes what is rare.
pub fn make(state: State) -> Rc<dyn Extras> {
    dress_once(&state.root(), "extras", STYLES);
    Rc::new(Rare { texts: texts(&state.locale()), uploads: Rc::default() })
}

struct Rare {
    texts: &'static Texts,
    uploads: Rc<Uploads>,
}

impl Extras for Rare {
    fn add_files(&self, session: &Rc<Session>, files: Vec<JsValue>) {
        self.uploads.add(session, files);
    }

    fn send_files(&self, session: &Rc<Session>) {
        self.uploads.send(session);
    }

    fn files(&self, place: &Rc<dyn Place>) -> Vec<Tag> {
        self.uploads.rows(place, self.texts)
    }

    fn save(&self, session: &Rc<Session>, card: &Card, conversation: ConversationId, id: EventId) {
        let (saved, card, text) =
            (self.uploads.save(session, conversation, id), card.clone(), self.texts.no_file);
        spawn_local(async move {
            if saved.await.is_none() {
                card.say(text);
            }
        });
    }

    fn ask_number(&self, place: &Rc<dyn Place>, session: &Rc<Session>) {
        callback_form::show(place, session, self.texts);
    }

    fn scores(&self, place: &Rc<dyn Place>) -> Vec<Tag> {
        scores::draw(place, self.texts)
    }
}
