//! The methods of `tabiji(…)`.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use reactive_graph::effect::RenderEffect;
use wasm_bindgen::JsValue;

use super::developer::{self, DeveloperLog, GUEST};
use super::device;
use super::tracker::Tracker;
use crate::i18n::concat;
use crate::js;
use crate::page::{Listeners, Page};
use crate::part::{CoreEvent, Name, Subscription};
use crate::state::{Caller, Data, HostEvent, Phase, State};
use crate::ui::{effect, when_idle};
use crate::wire::{self, Json};

/// What the page's `error` listeners get where nothing reaches the collector.
const UNREACHABLE: &str =
    "the browser reaches no collector: allow its address in connect-src, look for an ad blocker, or start it";
/// The page's side of the widget.
pub struct Host {
    page: Rc<Page>,
    state: State,
    listeners: Rc<Listeners>,
    caller: RefCell<Caller>,
    /// Before `begin`, calls only gather who is there.
    begun: Cell<bool>,
    early: RefCell<Vec<Data>>,
    waiting: RefCell<Vec<JsValue>>,
    developer: DeveloperLog,
    tracker: Rc<Tracker>,
    effects: RefCell<Vec<RenderEffect<()>>>,
    _subscription: Option<Subscription>,
}

impl Host {
    /// Joins page and state.
    pub fn new(page: Rc<Page>, state: State) -> Rc<Self> {
        let host = Rc::new_cyclic(|me: &Weak<Self>| Self {
            _subscription: state.subscribe(weakly(me, |host, event| host.handle(event))),
            page,
            state,
            listeners: state.listeners(),
            caller: RefCell::default(),
            begun: Cell::default(),
            early: RefCell::default(),
            waiting: RefCell::default(),
            developer: DeveloperLog::default(),
            tracker: Tracker::new(state),
            effects: RefCell::default(),
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
    pub fn call(self: &Rc<Self>, method: &str, args: &JsValue, settle: JsValue) {
        let first = js::get(args, "0");
        let second = js::get(args, "1");
        match method {
            "identify" => self.identify(&first, &second),
            "group" => {
                self.caller.borrow_mut().account = first.as_string().map(protocol::ids::AccountId);
                self.changed();
            }
            "track" => self.track(first.as_string().unwrap_or_default(), &second),
            "page" => self.state.publish(CoreEvent::RouteChanged),
            "open" if first.as_string().as_deref() == Some("chat") => self.state.open_chat(None, None),
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
                if let (Some(name), true) = (first.as_string(), second.is_function()) {
                    self.listeners.add(name, second);
                }
            }
            "off" => self.listeners.remove(
                &first.as_string().unwrap_or_default(),
                Some(&second).filter(|second| second.is_function()),
            ),
            "reset" => {
                self.state.leave();
                device::forget();
                self.state.set_renewal(None);
                *self.caller.borrow_mut() = Caller { user: device::id(), ..Caller::default() };
                self.changed();
                self.settle();
            }
            "ready" => {}
            _ => self.developer.say("warn", &concat(&["unknown method ", method])),
        }
        if settle.is_function() {
            self.waiting.borrow_mut().push(settle);
            if self.state.phase.get_untracked() != Phase::Loading {
                self.settle();
            }
        }
    }

    /// Everything that waited was called: the person is known now.
    pub fn begin(self: &Rc<Self>) {
        self.begun.set(true);
        if self.caller.borrow().user.as_str().is_empty() {
            self.caller.borrow_mut().user = device::id();
        }
        self.state.enter(self.caller.borrow().clone());
        for data in self.early.take() {
            self.state.happened(EventKind::Custom, None, data);
        }
        self.report_crash();
        if self.page.wanted() {
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
        {
            let mut caller = self.caller.borrow_mut();
            let user = user.as_string().map(protocol::ids::UserId).unwrap_or_else(device::id);
            // Another person's account is theirs, unless the page says otherwise.
            if self.begun.get() && user != caller.user {
                caller.account = None;
            }
            caller.user = user;
            caller.token = js::get(traits, "token").as_string();
        }
        self.state.set_renewal(Some(js::get(traits, "renew")).filter(JsValue::is_function));
        self.changed();
    }

    fn changed(self: &Rc<Self>) {
        {
            let caller = self.caller.borrow();
            let account =
                caller.account.as_ref().map_or(JsValue::UNDEFINED, |account| account.as_str().into());
            let token = caller.token.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
            let renew = self.state.renewal().unwrap_or_default();
            let user = caller.user.as_str().into();
            let identity = [("user", user), ("account", account), ("token", token), ("renew", renew)];
            self.page.set_identity(wire::object(&identity));
        }
        if self.begun.get() {
            self.state.enter(self.caller.borrow().clone());
        }
    }

    fn track(&self, name: String, props: &JsValue) {
        let Some(data) = self.tracker.admit(name, props) else { return };
        match self.begun.get() {
            true => self.state.happened(EventKind::Custom, None, data),
            false => self.early.borrow_mut().push(data),
        }
    }

    fn handle(self: &Rc<Self>, event: CoreEvent) {
        if event == CoreEvent::SessionLoaded {
            // The checklist comes first.
            let state = self.state;
            when_idle(move || {
                state.bring(Name::Strip);
                state.bring(Name::Prompts);
            });
            let is_guest = self.state.with(|context| context.account.borrow().is_guest());
            is_guest.filter(|guest| *guest).iter().for_each(|_| self.developer.say("info", GUEST));
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
            HostEvent::Unreachable => {
                self.listeners.call("error", &detail(&[("tag", "unreachable"), ("message", UNREACHABLE)]))
            }
            HostEvent::Error(tag, message) => self.fail(tag, message),
            HostEvent::Refused(status, answer) => {
                let (tag, message) = developer::refusal(answer);
                self.fail(&tag, &message);
                if *status == 401 {
                    self.state.renew_token();
                }
            }
        }
    }

    fn fail(&self, tag: &str, message: &str) {
        self.developer.say("warn", &concat(&[tag, ": ", message]));
        self.listeners.call("error", &detail(&[("tag", tag), ("message", message)]));
        self.settle();
    }

    fn settle(&self) {
        for settle in self.waiting.take() {
            let _ = js::run(&settle, &[]);
        }
    }

    /// Another token came for a caller; it is thrown away when another person is there by now.
    fn take_token(self: &Rc<Self>, asked: &Caller, token: String) {
        if *self.caller.borrow() == *asked {
            self.caller.borrow_mut().token = Some(token);
            self.changed();
        }
    }

    /// Whatever the first answer is, promises are kept then.
    fn settle_when_known(self: &Rc<Self>) {
        let (weak, state) = (Rc::downgrade(self), self.state);
        let settle = effect(move || {
            if state.phase.get() != Phase::Loading
                && let Some(host) = weak.upgrade()
            {
                host.settle();
            }
        });
        self.effects.borrow_mut().push(settle);
    }

    fn tell_of_opening(self: &Rc<Self>) {
        let (weak, state) = (Rc::downgrade(self), self.state);
        let mut before = state.open.get_untracked();
        let tell = effect(move || {
            let open = state.open.get();
            if before != open
                && let Some(host) = weak.upgrade()
            {
                before = open;
                host.listeners.call(if open { "opened" } else { "closed" }, &JsValue::UNDEFINED);
                state.publish(if open { CoreEvent::PanelOpened } else { CoreEvent::PanelClosed });
            }
        });
        self.effects.borrow_mut().push(tell);
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

fn detail(fields: &[(&str, &str)]) -> JsValue {
    let fields: Vec<(&str, JsValue)> = fields.iter().map(|(name, value)| (*name, (*value).into())).collect();
    wire::object(&fields)
}
