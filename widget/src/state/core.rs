//! What the state is made of behind its signals: who is there, their account, and the outbox.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use journey::progress::Entry;
use protocol::ids::{EventId, StepId};
use protocol::widget::{ClaimedIdentity, Event, EventKind, ProgressQuery, SessionRequest};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use super::account::Account;
use super::{Caller, Data, Notice, Teller};
use crate::browser::{self, Ids, Page};
use crate::telemetry::{News, Outbox, Sender};

/// Everything that is not a signal.
pub(super) struct Core {
    pub(super) page: Rc<Page>,
    pub(super) outbox: Outbox,
    pub(super) caller: RefCell<Caller>,
    pub(super) account: RefCell<Account>,
    /// Counts identities, so that answers for an earlier one are recognised.
    pub(super) epoch: Cell<u32>,
    /// This visit: from opening the page to closing it.
    visit: EventId,
    ids: Ids,
    n: Cell<u32>,
    pub(super) notice: RefCell<Option<Teller>>,
    /// Rings when a promise is due.
    pub(super) alarm: RefCell<Option<Timeout>>,
}

impl Core {
    /// A core with nobody there yet; `told` hears from the outbox.
    pub(super) fn new(page: &Rc<Page>, told: impl Fn(News) + 'static) -> Self {
        Self {
            page: Rc::clone(page),
            outbox: Outbox::new(page.base(), told),
            caller: RefCell::default(),
            account: RefCell::default(),
            epoch: Cell::default(),
            visit: Ids::default().next(),
            ids: Ids::default(),
            n: Cell::default(),
            notice: RefCell::default(),
            alarm: RefCell::default(),
        }
    }

    /// Names whose events these are, on this device.
    pub(super) fn owner(&self) -> String {
        let caller = self.caller.borrow();
        let account = caller.account.as_ref().map_or("", |account| account.as_str());
        [self.page.site().as_str(), "|", caller.user.as_str(), "|", account].concat()
    }

    pub(super) fn sender(&self) -> Sender {
        let caller = self.caller.borrow();
        let who = ClaimedIdentity { user: caller.user.clone(), account: caller.account.clone() };
        Sender {
            site: self.page.site().as_str().into(),
            token: caller.token.clone(),
            who: caller.token.is_none().then_some(who),
        }
    }

    /// An event of this visit, and how the fold reads it.
    pub(super) fn event(&self, kind: EventKind, step: Option<&StepId>, data: Data) -> (Event, Entry) {
        self.n.set(self.n.get() + 1);
        let account = self.account.borrow();
        let at = browser::now();
        let event = Event {
            id: self.ids.next(),
            at,
            session: self.visit,
            n: self.n.get(),
            kind,
            flow: account.flow_reference(),
            stage: step.and_then(|id| account.stage_of(id)),
            step: step.cloned(),
            data: data.into_iter().collect(),
        };
        let entry = Entry::from_event(&event, at, account.user());
        (event, entry)
    }

    /// The body of a session's beginning.
    pub(super) fn request(&self) -> SessionRequest {
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
    pub(super) fn query(&self) -> ProgressQuery {
        let account = self.account.borrow();
        let mut session = self.request();
        session.flow = account.flow_reference().map(|flow| flow.name);
        ProgressQuery { session, since: account.revision() }
    }
}

/// Takes what the outbox has to say.
pub(super) fn hear(core: &Rc<Core>, offline: RwSignal<bool>, news: News) {
    let teller = core.notice.borrow().clone();
    match news {
        News::Stored(ids) => core.account.borrow_mut().stored(&ids),
        News::Offline(is) => {
            offline.try_set(is);
        }
        News::TooLarge => {
            if let Some(teller) = teller {
                teller(Notice::Error("too_large", "an event was larger than 32 KiB and was not kept"));
            }
        }
        News::Refused(status, text) => {
            if let Some(teller) = teller {
                teller(Notice::refused(status, &text));
            }
        }
    }
}
