//! What the state is made of behind its signals: who is there, their account, the outbox, and the parts.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{ClaimedIdentity, EventId, StepId};
use protocol::widget::{Event, EventKind, ProgressQuery, SessionRequest};
use reactive_graph::owner::Owner;
use wasm_bindgen::JsValue;

use super::account::Account;
use super::concern::Concern;
use super::{Caller, Data, HostNotifier};
use crate::browser::{self, Ids};
use crate::i18n::concat;
use crate::page::{Bridge, Listeners, Page};
use crate::part::{Bus, Parts};
use crate::wire::{self, Json, Read, Sender};

/// Takes another token for a caller that may have gone meanwhile.
pub type OnToken = Rc<dyn Fn(Caller, String)>;

/// Whose card it is, and what takes it down.
pub type Place = (String, Rc<dyn Fn()>);

/// Everything that is not a signal.
pub(crate) struct Context {
    pub(crate) page: Rc<Page>,
    pub(crate) bridge: Bridge,
    pub(crate) caller: RefCell<Caller>,
    pub(crate) account: RefCell<Account>,
    /// Counts identities, so that answers for an earlier one are recognised.
    pub(crate) epoch: Cell<u32>,
    /// This visit: from opening the page to closing it.
    visit: EventId,
    ids: Ids,
    n: Cell<u32>,
    pub(crate) notifier: RefCell<Option<HostNotifier>>,
    /// Under which signals and effects live, also those of parts.
    pub(crate) reactive: Owner,
    pub(crate) bus: Rc<Bus>,
    pub(crate) parts: Parts,
    /// Functions of the host's page.
    pub(crate) listeners: Rc<Listeners>,
    /// The page's function that gives another token, and what takes that.
    pub(crate) renewal: RefCell<Option<JsValue>>,
    pub(crate) on_token: RefCell<Option<OnToken>>,
    /// Events that wait for `activity`; they are on disk.
    pub(crate) early: RefCell<Vec<Event>>,
    /// The session's reply, and the newest progress, as the collector wrote them.
    pub(crate) session: RefCell<Json>,
    pub(crate) progress: RefCell<Json>,
    /// Milliseconds that this device's clock is behind the collector's.
    pub(crate) skew: Cell<Millis>,
    /// The card in the panel's place: whose it is, and what takes it down.
    pub(crate) place: RefCell<Option<Place>>,
    pub(crate) concern: RefCell<Concern>,
    /// Whether the page knows that the collector cannot be reached.
    pub(crate) unreachable: Cell<bool>,
    /// Steps that were shown on this page to the person who is there.
    shown: RefCell<Vec<StepId>>,
}

impl Context {
    /// A context with nobody there yet.
    pub(crate) fn new(page: &Rc<Page>, bridge: Bridge) -> Self {
        Self {
            page: Rc::clone(page),
            bridge,
            caller: RefCell::default(),
            account: RefCell::default(),
            epoch: Cell::default(),
            visit: Ids::default().next(),
            ids: Ids::default(),
            n: Cell::default(),
            notifier: RefCell::default(),
            reactive: Owner::current().unwrap_or_default(),
            bus: Rc::default(),
            parts: Parts::default(),
            listeners: Rc::default(),
            renewal: RefCell::default(),
            on_token: RefCell::default(),
            early: RefCell::default(),
            session: RefCell::new(Json::missing()),
            progress: RefCell::new(Json::missing()),
            skew: Cell::default(),
            place: RefCell::default(),
            concern: RefCell::default(),
            unreachable: Cell::default(),
            shown: RefCell::default(),
        }
    }

    /// Notes that a step was shown; says whether this is the first time.
    pub(crate) fn note_shown(&self, id: &StepId) -> bool {
        let mut shown = self.shown.borrow_mut();
        let first = !shown.contains(id);
        if first {
            shown.push(id.clone());
        }
        first
    }

    /// Keeps what the collector wrote for those who read it field by field.
    pub(crate) fn keep_reply(&self, reply: &Json, is_session: bool) {
        if is_session {
            *self.session.borrow_mut() = reply.clone();
            self.skew.set(reply.get("server_time").map_or(0, |time: Millis| time - browser::now()));
        }
        *self.progress.borrow_mut() = reply.field("progress");
    }

    /// Forgets what was said of and to the last person.
    pub(crate) fn forget_person(&self) {
        *self.account.borrow_mut() = Account::default();
        *self.session.borrow_mut() = Json::missing();
        *self.progress.borrow_mut() = Json::missing();
        *self.concern.borrow_mut() = Concern::default();
        self.bridge.forget_person();
        self.early.take();
        self.shown.take();
    }

    /// Names whose events these are, on this device.
    pub(crate) fn owner(&self) -> String {
        let caller = self.caller.borrow();
        let account = caller.account.as_ref().map_or("", |account| account.as_str());
        concat(&[self.page.site().as_str(), "|", caller.user.as_str(), "|", account])
    }

    pub(crate) fn sender(&self) -> Sender {
        let caller = self.caller.borrow();
        let who = ClaimedIdentity { user: caller.user.clone(), account: caller.account.clone() };
        Sender {
            site: self.page.site().as_str().into(),
            token: caller.token.clone(),
            who: caller.token.is_none().then_some(who),
        }
    }

    /// An event of this visit.
    pub(crate) fn event(&self, kind: EventKind, step: Option<&StepId>, data: Data) -> Event {
        self.n.set(self.n.get() + 1);
        let account = self.account.borrow();
        Event {
            id: self.ids.next(),
            at: browser::now(),
            session: self.visit,
            n: self.n.get(),
            kind,
            flow: account.flow_reference(),
            stage: step.and_then(|id| account.stage_of(id)),
            step: step.cloned(),
            data: data.into_iter().map(|(name, value)| self.masked(name, value)).collect(),
        }
    }

    /// A detail of an event without what is personal: nothing of that is kept or sent. What names a control of the
    /// page, or a colleague who is asked for help, is what the person means.
    fn masked(&self, name: String, value: FactValue) -> (String, FactValue) {
        if matches!(name.as_str(), "leaf" | "field" | "tried" | "to") || matches!(value, FactValue::Flag(_)) {
            return (name, value);
        }
        let masked = Json::of(self.bridge.mask(&wire::plain(&value)));
        (name, FactValue::read(&masked).unwrap_or(value))
    }

    /// The body of a session's beginning.
    pub(crate) fn request(&self) -> SessionRequest {
        let sender = self.sender();
        SessionRequest {
            site: sender.site,
            token: sender.token,
            who: sender.who,
            locale: self.page.locale(),
            flow: self.page.flow(),
        }
    }

    /// The body of a question for news.
    pub(crate) fn query(&self) -> ProgressQuery {
        let account = self.account.borrow();
        let mut session = self.request();
        session.flow = account.flow_reference().map(|flow| flow.name);
        ProgressQuery { session, since: account.revision() }
    }
}
