//! What happens after the first look: the outbox, the fold of what happened here, news of the account, snoozed steps,
//! and conditions that only a browser can see. The first screen is drawn before any of it is there.
//! Reasons: `docs/decisions/0012-parts.md`.

mod compare;
mod renewal;
mod snooze;
mod sync;
mod texts;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use journey::progress::Entry;
use lazy::spawn_local;
use protocol::Millis;
use protocol::backend::FactValue;
use protocol::widget::{Event, EventKind};

use crate::host::condition_observer::ConditionObserver;
use crate::host::routes::Routes;
use crate::part::{Activity, CoreEvent, Subscription};
use crate::state::{HostEvent, State};
use crate::telemetry::{News, Outbox};
use crate::ui::Timeout;

/// The part while it runs.
struct Running {
    state: State,
    outbox: Outbox,
    /// Watches for the conditions of the flow of this version.
    observer: RefCell<Option<(u32, ConditionObserver)>>,
    /// Timer for the next snoozed step.
    alarm: RefCell<Option<Timeout>>,
    /// When a token was asked for.
    renewed: Cell<Millis>,
    subscription: RefCell<Option<Subscription>>,
    _routes: Option<Routes>,
}

/// Takes over from the core.
pub fn attach(state: State) -> Rc<dyn Activity> {
    let running = Rc::new(Running {
        state,
        outbox: Outbox::new(state.base(), move |news| handle(state, news)),
        observer: RefCell::default(),
        alarm: RefCell::default(),
        renewed: Cell::default(),
        subscription: RefCell::default(),
        _routes: state.with(|context| Routes::new(&context.bridge, state)),
    });
    let weak = Rc::downgrade(&running);
    *running.subscription.borrow_mut() = state.subscribe(move |event| {
        if let Some(running) = weak.upgrade() {
            running.on(event);
        }
    });
    running.on(CoreEvent::OwnerEntered);
    let early = state.with(|context| context.early.take()).unwrap_or_default();
    for event in early {
        running.add(&event);
    }
    if state.model.get_untracked().is_some() {
        running.on(CoreEvent::SessionLoaded);
        running.refold();
    }
    running
}

impl Running {
    fn on(self: &Rc<Self>, event: CoreEvent) {
        match event {
            CoreEvent::OwnerEntered | CoreEvent::TokenChanged => {
                self.state.with(|context| self.outbox.set_owner(context.owner(), context.sender()));
            }
            CoreEvent::OwnerChanged => {
                self.alarm.take();
                self.observer.take();
            }
            CoreEvent::SessionLoaded => {
                self.state.resume_guide();
                self.state.with(|context| {
                    let epoch = context.epoch.get();
                    spawn_local(sync::follow(self.state, Rc::downgrade(context), epoch));
                });
            }
            CoreEvent::RouteChanged => {
                if let Some((_, observer)) = &*self.observer.borrow() {
                    observer.look();
                }
            }
            CoreEvent::CollectorIsBack => self.outbox.hurry(),
            _ => {}
        }
    }

    /// Into the outbox, and into what the fold reads.
    fn add(&self, event: &Event) {
        self.outbox.push(event);
        self.state.with(|context| {
            let mut account = context.account.borrow_mut();
            let entry = Entry::from_event(event, event.at, account.user());
            account.add(entry);
        });
    }

    /// Observes the conditions of another version of the flow.
    fn observe(&self, version: u32) {
        if self.observer.borrow().as_ref().is_some_and(|(known, _)| *known == version) {
            return;
        }
        *self.observer.borrow_mut() = Some((version, ConditionObserver::new(self.state)));
        if let Some((_, observer)) = &*self.observer.borrow() {
            observer.look();
        }
    }
}

impl Activity for Running {
    fn take(&self, event: Event) {
        self.add(&event);
        self.refold();
    }

    fn refold(&self) {
        let folded = self.state.with(|context| context.account.borrow().fold()).flatten();
        let Some(folded) = folded else { return };
        let (new, old) = self.state.show_model(folded);
        if let Some(old) = old {
            compare::announce(self.state, &old, &new);
        }
        self.observe(new.flow.version);
        self.state.show();
        *self.alarm.borrow_mut() = snooze::wake(self.state, &new);
    }

    fn renew_token(&self) {
        renewal::ask(self.state, &self.renewed);
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}

/// Takes what the outbox has to say.
fn handle(state: State, news: News) {
    match news {
        News::Stored(ids) => {
            state.with(|context| context.account.borrow_mut().stored(&ids));
        }
        News::Offline(is) => {
            state.offline.set(is);
        }
        News::Unreachable => state.tell_unreachable(),
        News::Dropped(reason, n) => {
            if reason == "too_large" {
                let message = "an event was larger than 32 KiB and was not kept";
                state.notify_host(HostEvent::Error(reason, message));
            }
            state.report_dropped(reason, n);
        }
        News::Storage(tag) => {
            let data = vec![("tag".to_owned(), FactValue::Text(tag.to_owned()))];
            state.happened(EventKind::WidgetError, None, data);
        }
        News::Refused(status, text) => state.notify_host(HostEvent::Refused(status, &text)),
    }
}
