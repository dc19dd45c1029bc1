//! The methods of `tabiji(…)`.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Function, Reflect};
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use reactive_graph::effect::Effect;
use reactive_graph::owner::StoredValue;
use reactive_graph::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::listeners::Listeners;
use crate::browser::{self, Ids, Page};
use crate::part::{CoreEvent, Name, Subscription};
use crate::state::{Caller, Data, HostEvent, Phase, State};
use crate::wire::{self, Json, Read};

/// Where the id of this browser is kept.
const DEVICE: &str = "tabiji:device";

/// The page's side of the widget.
pub struct Host {
    page: Rc<Page>,
    state: State,
    listeners: Rc<Listeners>,
    caller: RefCell<Caller>,
    /// Before `begin`, calls only gather who is there.
    begun: Cell<bool>,
    early: RefCell<Vec<Data>>,
    waiting: RefCell<Vec<Function>>,
    _heard: Option<Subscription>,
}

impl Host {
    /// Joins page and state.
    pub fn new(page: Rc<Page>, state: State) -> Rc<Self> {
        let host = Rc::new_cyclic(|me: &Weak<Self>| Self {
            _heard: state.subscribe(weakly(me, |host, event| host.hear(event))),
            page,
            state,
            listeners: state.listeners(),
            caller: RefCell::default(),
            begun: Cell::default(),
            early: RefCell::default(),
            waiting: RefCell::default(),
        });
        let weak = Rc::downgrade(&host);
        state.on_host_event(Rc::new(move |event| {
            if let Some(host) = weak.upgrade() {
                host.notice(&event);
            }
        }));
        let weak = Rc::downgrade(&host);
        state.on_token(Rc::new(move |asked, token| {
            if let Some(host) = weak.upgrade() {
                host.take_token(&asked, token);
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
            "page" => self.state.publish(CoreEvent::RouteChanged),
            "open" if first == "chat" => self.state.open_chat(None),
            "open" | "close" | "start" => {
                self.state.give_way();
                match method {
                    "open" => self.state.set_open(true),
                    "close" => self.state.set_open(false),
                    _ => self.state.start(first.as_string().map(StepId)),
                }
            }
            "action" => self.state.declare_action(&first, &second),
            "on" => {
                if let (Some(name), Ok(function)) = (first.as_string(), second.dyn_into()) {
                    self.listeners.add(name, function);
                }
            }
            "off" => self.listeners.remove(&first.as_string().unwrap_or_default(), second.dyn_ref()),
            "reset" => {
                self.state.leave();
                // Whoever comes after somebody who signed out is somebody else.
                browser::remember(DEVICE, None);
                self.state.set_renewal(None);
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
        self.report_crash();
        if self.page.wanted() == Some(true) {
            self.state.set_open(true);
        }
    }

    /// Reports why the instance before this one ended.
    fn report_crash(&self) {
        let crash = Json::of(self.page.crash());
        let text = |name: &str, value: String| (name.to_owned(), FactValue::Text(value));
        if let (Some(part), Some(message)) = (crash.get("part"), crash.get("message")) {
            let data = vec![text("tag", "crash".to_owned()), text("part", part), text("message", message)];
            self.state.happened(EventKind::WidgetError, None, data);
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
        self.state.set_renewal(get("renew").dyn_into().ok());
        self.changed();
    }

    fn changed(self: &Rc<Self>) {
        {
            let caller = self.caller.borrow();
            let account =
                caller.account.as_ref().map_or(JsValue::UNDEFINED, |account| account.as_str().into());
            let token = caller.token.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
            let renew = self.state.renewal().map_or(JsValue::UNDEFINED, Into::into);
            let user = caller.user.as_str().into();
            let identity = [("user", user), ("account", account), ("token", token), ("renew", renew)];
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

    fn hear(self: &Rc<Self>, event: CoreEvent) {
        if event == CoreEvent::SessionLoaded {
            // The checklist comes first.
            let state = self.state;
            browser::when_idle(move || state.bring(Name::Prompts));
        }
    }

    fn notice(self: &Rc<Self>, notice: &HostEvent<'_>) {
        let step = |id: &StepId| detail(&[("step", id.as_str())]);
        match notice {
            HostEvent::Ready => {
                self.listeners.call("ready", &JsValue::UNDEFINED);
                self.settle();
            }
            HostEvent::Shown(id) => self.listeners.call("step.shown", &step(id)),
            HostEvent::Completed(id) => self.listeners.call("step.completed", &step(id)),
            HostEvent::Reopened(id) => self.listeners.call("step.reopened", &step(id)),
            HostEvent::Snoozed(id) => self.listeners.call("step.snoozed", &step(id)),
            HostEvent::Finished => self.listeners.call("checklist.completed", &JsValue::UNDEFINED),
            HostEvent::Error(tag, message) => {
                self.listeners.call("error", &detail(&[("tag", tag), ("message", message)]));
                if *tag == "token_refused" {
                    self.state.renew_token();
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

    /// Another token came for a caller; it is thrown away when somebody else is there by now.
    fn take_token(self: &Rc<Self>, asked: &Caller, token: String) {
        if *self.caller.borrow() == *asked {
            self.caller.borrow_mut().token = Some(token);
            self.changed();
        }
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
                host.state.publish(if open { CoreEvent::PanelOpened } else { CoreEvent::PanelClosed });
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

/// A listener that does not keep the host alive.
fn weakly(me: &Weak<Host>, run: fn(&Rc<Host>, CoreEvent)) -> impl Fn(CoreEvent) + 'static {
    let me = me.clone();
    move |event| {
        if let Some(host) = me.upgrade() {
            run(&host, event);
        }
    }
}

/// An id of this browser, for people whom the page does not name.
fn device() -> protocol::ids::UserId {
    let id = browser::recall(DEVICE).unwrap_or_else(|| {
        let fresh = ["device-", &Ids::default().next().text()].concat();
        browser::remember(DEVICE, Some(&fresh));
        fresh
    });
    protocol::ids::UserId(id)
}

fn detail(fields: &[(&str, &str)]) -> JsValue {
    let fields: Vec<(&str, JsValue)> = fields.iter().map(|(name, value)| (*name, (*value).into())).collect();
    wire::object(&fields)
}
