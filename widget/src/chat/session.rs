//! One person's chat in this tab: joins the rules to the connection, the storage and what is shown.

mod actions;
mod context;
mod extras;
mod peer;
mod transcript;
mod view;

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use journey::chat_client::{ChatClient, Link};
use protocol::Millis;
use protocol::backend::FactValue;
use protocol::chat::{ClientFrame, SupportHours};
use protocol::ids::{EventId, StepId};
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;

use super::connection::{Connection, Peer};
use super::encode;
use super::encode::Fields;
use super::sound::Sound;
use super::storage::{self, ConversationKey, StoredOutbox};
use super::texts::{Texts, texts};
use crate::browser::{self, Ids};
use crate::i18n::concat;
use crate::js;
use crate::part::Tab;
use crate::state::{Data, State};
use crate::ui::{EventListener, Timeout, after, listen};
pub use extras::{EXTRAS, Extras, Place};
use transcript::Transcript;
pub use view::{ARTICLES, THREAD, View};

/// Milliseconds within which many frames are one picture.
const PICTURE: u32 = 16;
/// The chat of one person. Dropping it ends the connection, requests, timers and listeners.
pub struct Session {
    me: Weak<Self>,
    pub state: State,
    pub texts: &'static Texts,
    owner: String,
    ids: Ids,
    key: ConversationKey,
    client: RefCell<ChatClient>,
    connection: OnceCell<Connection>,
    extras: OnceCell<Rc<dyn Extras>>,
    transcript: RefCell<Transcript>,
    thread: RefCell<Option<Rc<dyn View>>>,
    /// The step that the person asks about.
    about: RefCell<Option<StepId>>,
    /// When this began, by the collector's clock.
    begun: Millis,
    /// The token of the last hello.
    token: RefCell<Option<String>>,
    sound: Rc<Sound>,
    drawing: RefCell<Option<Timeout>>,
    waking: RefCell<Option<Timeout>>,
    stored: OnceCell<EventListener>,
}

impl Session {
    /// Connects as the person who is there.
    pub fn begin(state: State, sound: Rc<Sound>) -> Rc<Self> {
        let owner = state.owner();
        let talk = state.session().field("talk");
        let (hours, teams) = (talk.get("hours"), talk.get("teams").unwrap_or_default());
        let session = Rc::new_cyclic(|me: &Weak<Self>| Self {
            me: me.clone(),
            state,
            texts: texts(&state.locale()),
            ids: Ids::default(),
            key: ConversationKey::new(&owner),
            client: RefCell::new(ChatClient::new(Box::new(StoredOutbox::new(&owner)), hours, teams)),
            owner,
            connection: OnceCell::new(),
            extras: OnceCell::new(),
            transcript: RefCell::default(),
            thread: RefCell::default(),
            about: RefCell::default(),
            begun: browser::now() + state.skew(),
            token: RefCell::default(),
            sound,
            drawing: RefCell::default(),
            waking: RefCell::default(),
            stored: OnceCell::new(),
        });
        let weak = Rc::downgrade(&session);
        let stored = listen(&js::window(), "storage", move |event| {
            if let Some(session) = weak.upgrade()
                && storage::concerns(event, &session.owner)
            {
                session.client.borrow_mut().outbox.reload();
                session.pump();
            }
        });
        let _ = session.stored.set(stored);
        let peer: Weak<dyn Peer> = session.me.clone();
        let connection = Connection::new(state, &session.owner, peer);
        let _ = session.connection.set(connection);
        session
    }

    /// Looks at the rules' state.
    pub fn with<T>(&self, run: impl FnOnce(&ChatClient) -> T) -> T {
        run(&self.client.borrow())
    }

    /// A fresh id.
    pub fn fresh_id(&self) -> EventId {
        self.ids.next()
    }

    /// The collector's address.
    pub fn base(&self) -> String {
        self.state.base()
    }

    /// Whose chat it is.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The collector's clock.
    pub fn server_now(&self) -> Millis {
        browser::now() + self.state.skew()
    }

    /// Support hours for the step that the person is at.
    pub fn hours(&self) -> Option<SupportHours> {
        let step = self.step();
        self.with(|client| client.hours(step.as_ref()).cloned())
    }

    fn connection(&self) -> Option<&Connection> {
        self.connection.get()
    }

    fn ask(&self, frame: Option<ClientFrame>) {
        if let (Some(connection), Some(frame)) = (self.connection(), frame) {
            connection.ask(&encode::frame(&frame));
        }
    }

    /// Sends what is due, and shows what changed.
    fn pump(&self) {
        let now = browser::now();
        let due = self.client.borrow_mut().due(now, &|| self.context());
        for frame in due {
            self.ask(Some(frame));
        }
        let wakes = self.with(ChatClient::wakes_at);
        *self.waking.borrow_mut() = wakes.map(|at| {
            let me = self.me.clone();
            after(u32::try_from(at - now).unwrap_or(0), move || {
                if let Some(session) = me.upgrade() {
                    session.pump();
                }
            })
        });
        self.changed();
    }

    /// Something that is shown changed.
    pub fn changed(&self) {
        let mut drawing = self.drawing.borrow_mut();
        if drawing.is_none() {
            let me = self.me.clone();
            *drawing = Some(after(PICTURE, move || {
                if let Some(session) = me.upgrade() {
                    session.drawing.take();
                    session.draw();
                }
            }));
        }
    }

    fn draw(&self) {
        let thread = self.thread.borrow().clone();
        if let Some(thread) = thread {
            thread.redraw();
        }
        let (known, unread) = self.with(|client| (!client.epoch().is_empty(), client.unread()));
        if known {
            self.state.set_unread(unread as u32);
        }
    }

    /// Shows a tab: where none is chosen, articles, or the thread where the person has something to go on with.
    pub fn open(&self, tab: Option<Tab>, step: Option<&StepId>) {
        *self.about.borrow_mut() = step.cloned();
        let its = self.step();
        let has_help = crate::state::tabs::all(self.state).any(|tab| tab == Tab::Answers);
        let help = tab.map_or(has_help && !self.goes_on(), |tab| tab == Tab::Answers);
        self.report(EventKind::ChatOpened, its.as_ref(), vec![("help".to_owned(), FactValue::Flag(help))]);
        if help { self.help() } else { self.write() }
    }

    /// Reports an event.
    pub fn report(&self, kind: EventKind, step: Option<&StepId>, data: Data) {
        self.state.happened(kind, step, data);
    }

    /// Asks for everything again, such as hours that are over.
    pub fn refresh(&self) {
        if let Some(connection) = self.connection() {
            connection.again();
        }
    }

    /// The page may have brought another token: the same person goes on, one without a token begins to be known.
    pub fn token_may_have_changed(&self) {
        let token = self.state.caller().token;
        let before = self.token.replace(token.clone());
        if before == token {
            return;
        }
        let refused = self.with(ChatClient::link) == Link::Refused;
        match token {
            Some(tok) if before.is_some() && !refused => self.ask(Some(ClientFrame::Token { token: tok })),
            _ => self.refresh(),
        }
    }

    /// Who is there, as every frame that needs it says.
    pub fn who(&self) -> JsValue {
        let caller = self.state.caller();
        let fields = Fields::new();
        fields.number("v", 1.0);
        fields.text("site", &self.state.site());
        if let Some(token) = &caller.token {
            fields.text("tok", token);
        } else {
            let claimed = Fields::new();
            claimed.text("user", &concat(&["guest-", &self.key.get(&self.ids).text()]));
            if let Some(account) = &caller.account {
                claimed.text("account", account.as_str());
            }
            fields.set("who", &claimed.done());
        }
        fields.done()
    }
}
