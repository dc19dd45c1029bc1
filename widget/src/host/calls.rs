//! The methods of `tabiji(…)`.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Function, Promise, Reflect};
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use reactive_graph::effect::Effect;
use reactive_graph::owner::StoredValue;
use reactive_graph::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::glue::Glue;
use super::listeners::Listeners;
use super::watch::Watch;
use crate::browser::{self, Ids, Page};
use crate::state::{Caller, Data, Notice, Phase, State};
use crate::wire::{self, Json, Read};

/// A token is asked for again at most this often, in milliseconds.
const RENEW_AFTER: i64 = 5_000;

/// The page's side of the widget.
pub struct Host {
    page: Rc<Page>,
    state: State,
    listeners: Listeners,
    caller: RefCell<Caller>,
    /// The page's function that gives a fresh token.
    renew: RefCell<Option<Function>>,
    renewed: Cell<i64>,
    /// Before `begin`, calls only gather who is there.
    begun: Cell<bool>,
    early: RefCell<Vec<Data>>,
    watch: RefCell<Option<Watch>>,
    waiting: RefCell<Vec<Function>>,
    _glue: Glue,
}

impl Host {
    /// Joins page and state.
    pub fn new(page: Rc<Page>, state: State) -> Rc<Self> {
        let host = Rc::new_cyclic(|me: &Weak<Self>| Self {
            _glue: Glue::new(&page, state, {
                let me = me.clone();
                move || {
                    if let Some(host) = me.upgrade() {
                        host.look();
                    }
                }
            }),
            page,
            state,
            listeners: Listeners::default(),
            caller: RefCell::default(),
            renew: RefCell::default(),
            renewed: Cell::default(),
            begun: Cell::default(),
            early: RefCell::default(),
            watch: RefCell::default(),
            waiting: RefCell::default(),
        });
        let weak = Rc::downgrade(&host);
        state.on_notice(Rc::new(move |notice| {
            if let Some(host) = weak.upgrade() {
                host.notice(&notice);
            }
        }));
        host.tell_of_opening();
        host.settle_when_known();
        host
    }

    /// Runs one call of the page.
    pub fn call(self: &Rc<Self>, method: &str, args: &Array, settle: Option<Function>) {
        let first = args.get(0);
        let second = args.get(1);
        match method {
            "identify" => self.identify(&first, &second),
            "group" => {
                self.caller.borrow_mut().account = first.as_string().map(protocol::ids::AccountId);
                self.changed();
            }
            "track" => self.track(first.as_string().unwrap_or_default(), &second),
            "page" => self.page.routes(),
            // The place is the page's own, so the focus stays where it is.
            "open" if first.as_string().is_some() => {
                self.state.open.set(true);
                self.state.show();
            }
            "open" => self.state.set_open(true),
            "close" => self.state.set_open(false),
            "start" => {
                self.state.chosen.set(first.as_string().map(StepId));
                self.state.set_open(true);
            }
            "on" => {
                if let (Some(name), Ok(function)) = (first.as_string(), second.dyn_into()) {
                    self.listeners.add(name, function);
                }
            }
            "off" => self.listeners.remove(&first.as_string().unwrap_or_default(), second.dyn_ref()),
            "reset" => {
                self.state.leave();
                self.renew.take();
                *self.caller.borrow_mut() = Caller { user: device(), ..Caller::default() };
                self.changed();
                self.settle();
            }
            _ => {}
        }
        if let Some(settle) = settle {
            self.waiting.borrow_mut().push(settle);
            if self.state.phase.get_untracked() != Phase::Loading {
                self.settle();
            }
        }
    }

    /// Everything that waited was called: whoever is there now is who it is.
    pub fn begin(self: &Rc<Self>) {
        self.begun.set(true);
        if self.caller.borrow().user.as_str().is_empty() {
            self.caller.borrow_mut().user = device();
        }
        self.state.enter(self.caller.borrow().clone());
        for data in self.early.take() {
            self.state.happened(EventKind::Custom, None, data);
        }
        if self.page.wanted() == Some(true) {
            self.state.set_open(true);
        }
    }

    fn identify(self: &Rc<Self>, user: &JsValue, traits: &JsValue) {
        let get = |name: &str| Reflect::get(traits, &name.into()).unwrap_or(JsValue::UNDEFINED);
        {
            let mut caller = self.caller.borrow_mut();
            let user = user.as_string().map(protocol::ids::UserId).unwrap_or_else(device);
            // Another person's account is theirs, unless the page says otherwise.
            if self.begun.get() && user != caller.user {
                caller.account = None;
            }
            caller.user = user;
            caller.token = get("token").as_string();
        }
        *self.renew.borrow_mut() = get("renew").dyn_into().ok();
        self.changed();
    }

    fn changed(self: &Rc<Self>) {
        {
            let caller = self.caller.borrow();
            let account =
                caller.account.as_ref().map_or(JsValue::UNDEFINED, |account| account.as_str().into());
            let token = caller.token.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
            let identity = [("user", caller.user.as_str().into()), ("account", account), ("token", token)];
            self.page.set_identity(wire::object(&identity));
        }
        if self.begun.get() {
            self.state.enter(self.caller.borrow().clone());
        }
    }

    fn track(&self, name: String, props: &JsValue) {
        let mut data = vec![("name".to_owned(), FactValue::Text(name))];
        for (key, value) in Json::of(props.clone()).pairs() {
            // A property may not take the place of the event's own name.
            if let (false, Some(value)) = (key == "name", FactValue::read(&value)) {
                data.push((key, value));
            }
        }
        match self.begun.get() {
            true => self.state.happened(EventKind::Custom, None, data),
            false => self.early.borrow_mut().push(data),
        }
    }

    /// Looks whether conditions on addresses and controls hold in the page now.
    fn look(self: &Rc<Self>) {
        if let Some(watch) = &*self.watch.borrow() {
            watch.look();
        }
    }

    fn notice(self: &Rc<Self>, notice: &Notice<'_>) {
        let step = |id: &StepId| detail(&[("step", id.as_str())]);
        match notice {
            Notice::Flow => {
                *self.watch.borrow_mut() = Some(Watch::new(self.state));
                self.look();
            }
            Notice::Ready => {
                self.listeners.call("ready", &JsValue::UNDEFINED);
                self.settle();
            }
            Notice::Shown(id) => self.listeners.call("step.shown", &step(id)),
            Notice::Completed(id) => self.listeners.call("step.completed", &step(id)),
            Notice::Reopened(id) => self.listeners.call("step.reopened", &step(id)),
            Notice::Snoozed(id) => self.listeners.call("step.snoozed", &step(id)),
            Notice::Finished => self.listeners.call("checklist.completed", &JsValue::UNDEFINED),
            Notice::Error(tag, message) => {
                self.listeners.call("error", &detail(&[("tag", tag), ("message", message)]));
                if *tag == "token_refused" {
                    self.renew();
                }
                self.settle();
            }
        }
    }

    fn settle(&self) {
        for settle in self.waiting.take() {
            let _ = settle.call0(&JsValue::NULL);
        }
    }

    /// Asks the page for a fresh token, when it gave a way to.
    fn renew(self: &Rc<Self>) {
        let now = browser::now();
        if now - self.renewed.replace(now) < RENEW_AFTER {
            return;
        }
        // The page may call back while it is being called.
        let renew = self.renew.borrow().clone();
        let Some(answer) = renew.and_then(|renew| renew.call0(&JsValue::NULL).ok()) else { return };
        let asked = self.caller.borrow().clone();
        let weak: Weak<Self> = Rc::downgrade(self);
        spawn_local(async move {
            let token =
                JsFuture::from(Promise::resolve(&answer)).await.ok().and_then(|token| token.as_string());
            // Somebody else may be there by now: the token is not theirs.
            if let (Some(host), Some(token)) = (weak.upgrade(), token)
                && *host.caller.borrow() == asked
            {
                host.caller.borrow_mut().token = Some(token);
                host.changed();
            }
        });
    }

    /// Whatever the first answer is, promises are kept then.
    fn settle_when_known(self: &Rc<Self>) {
        let (weak, phase) = (StoredValue::new_local(Rc::downgrade(self)), self.state.phase);
        Effect::new(move |_| {
            if phase.get() != Phase::Loading
                && let Some(host) = weak.try_get_value().and_then(|weak| weak.upgrade())
            {
                host.settle();
            }
        });
    }

    fn tell_of_opening(self: &Rc<Self>) {
        let (weak, open) = (StoredValue::new_local(Rc::downgrade(self)), self.state.open);
        Effect::new(move |before: Option<bool>| {
            let open = open.get();
            if before.is_some_and(|before| before != open)
                && let Some(host) = weak.try_get_value().and_then(|weak| weak.upgrade())
            {
                host.listeners.call(if open { "opened" } else { "closed" }, &JsValue::UNDEFINED);
                host.page.turned();
            }
            open
        });
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.settle();
    }
}

/// A number for this browser, for people whom nobody named.
fn device() -> protocol::ids::UserId {
    const KEY: &str = "tabiji:device";
    let known = browser::recall(KEY);
    let id = known.unwrap_or_else(|| {
        let fresh = ["device-", &Ids::default().next().text()].concat();
        browser::remember(KEY, Some(&fresh));
        fresh
    });
    protocol::ids::UserId(id)
}

fn detail(fields: &[(&str, &str)]) -> JsValue {
    let fields: Vec<(&str, JsValue)> = fields.iter().map(|(name, value)| (*name, (*value).into())).collect();
    wire::object(&fields)
}
