//! What parts may ask of the core. Nothing here is for one part alone.

use std::rc::Rc;

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ShadowRoot};

use super::concern::Concern;
use super::context::OnToken;
use super::{Caller, HostEvent, State};
use crate::page::Listeners;
use crate::part::{CoreEvent, Subscription};
use crate::wire::Json;
use crate::{browser, js};

/// The person, as the collector knows them.
#[derive(Clone, Default, PartialEq)]
pub struct Me {
    /// The host's id of the person, or a device id.
    pub user: String,
    /// What to call them.
    pub name: Option<String>,
}

/// Events.
impl State {
    /// Calls `run` at every event for as long as the subscription lives. Nothing is heard when the widget is gone.
    pub fn subscribe(self, run: impl Fn(CoreEvent) + 'static) -> Option<Subscription> {
        self.with(|context| context.bus.subscribe(run))
    }

    /// Tells everybody, the core's own rooms and parts, that something happened.
    pub fn publish(self, event: CoreEvent) {
        if matches!(event, CoreEvent::PanelOpened | CoreEvent::PanelClosed | CoreEvent::OwnerChanged) {
            // What was to be shown is wanted no longer.
            self.with_parts(|parts| parts.to_show.take());
        }
        if let Some(bus) = self.with(|context| Rc::clone(&context.bus)) {
            bus.publish(event);
        }
    }

    /// Tells the listeners that the host's page added by `tabiji('on', name, …)`.
    pub fn notify_page(self, name: &str, detail: &JsValue) {
        if let Some(listeners) = self.with(|context| Rc::clone(&context.listeners)) {
            listeners.call(name, detail);
        }
    }

    /// Functions of the host's page that wait for something.
    pub fn listeners(self) -> Rc<Listeners> {
        self.with(|context| Rc::clone(&context.listeners)).unwrap_or_default()
    }

    /// The page's function that gives another token, or none.
    pub fn set_renewal(self, renew: Option<JsValue>) {
        self.with(|context| *context.renewal.borrow_mut() = renew);
    }

    /// The page's function that gives another token.
    pub fn renewal(self) -> Option<JsValue> {
        self.with(|context| context.renewal.borrow().clone()).flatten()
    }

    /// `take` is given another token for the caller that asked for it.
    pub fn on_token(self, take: OnToken) {
        self.with(|context| *context.on_token.borrow_mut() = Some(take));
    }

    /// Lets the basic panel stand in for the widget.
    pub fn give_up(self, why: &str) {
        self.with(|context| context.page.fall_back("part", why));
    }

    /// Runs something under the widget's owner: signals and effects that it makes end with the widget.
    pub fn owned<T>(self, run: impl FnOnce() -> T) -> Option<T> {
        self.with(|context| context.reactive.clone()).map(|owner| owner.with(run))
    }

    /// Tells the page, once, that its visitors' browsers reach no collector. The person who blocks it knows, so
    /// nothing is written to the browser's console.
    pub fn tell_unreachable(self) {
        if self.with(|context| context.unreachable.replace(true)) == Some(false) {
            self.notify_host(HostEvent::Unreachable);
        }
    }

    /// Reports that events were given up, with the reason; so it is known how many are missing.
    pub fn report_dropped(self, reason: &str, n: usize) {
        let reason = ("reason".to_owned(), FactValue::Text(reason.to_owned()));
        let n = ("n".to_owned(), FactValue::Number(n as f64));
        self.happened(EventKind::EventsDropped, None, vec![reason, n]);
    }

    /// Whether the widget still runs.
    pub fn is_there(self) -> bool {
        self.with(|_| ()).is_some()
    }
}

/// Who is there, and what the collector said.
impl State {
    /// Who the page says is there. The token may change while the person stays.
    pub fn caller(self) -> Caller {
        self.with(|context| context.caller.borrow().clone()).unwrap_or_default()
    }

    /// Names the person and their account on this device; part of every key in storage that is a person's own.
    pub fn owner(self) -> String {
        self.with(|context| context.owner()).unwrap_or_default()
    }

    /// The person as the collector knows them; empty until the first session.
    pub fn me(self) -> Me {
        let session = self.session();
        Me { user: session.get("user").unwrap_or_default(), name: session.get("name") }
    }

    /// The site's public key.
    pub fn site(self) -> String {
        self.with(|context| context.page.site()).unwrap_or_default()
    }

    /// The collector's address, with a slash at its end.
    pub fn base(self) -> String {
        self.with(|context| context.page.base()).unwrap_or_default()
    }

    /// The language that the person reads, as a BCP 47 tag.
    pub fn locale(self) -> String {
        self.with(|context| context.page.locale()).unwrap_or_default()
    }

    /// The session's reply (`WidgetSession`), to be read field by field; nothing in it until there is one.
    pub fn session(self) -> Json {
        self.with(|context| context.session.borrow().clone()).unwrap_or_else(|| Json::of(JsValue::UNDEFINED))
    }

    /// The newest progress as the collector wrote it, for fields that the fold does not need, such as `raised`.
    pub fn progress_json(self) -> Json {
        self.with(|context| context.progress.borrow().clone()).unwrap_or_else(|| Json::of(JsValue::UNDEFINED))
    }

    /// How many milliseconds this device's clock is behind the collector's.
    pub fn skew(self) -> Millis {
        self.with(|context| context.skew.get()).unwrap_or_default()
    }

    /// A step of the flow with every field, as the session's reply has it.
    pub fn step_json(self, id: &StepId) -> Option<Json> {
        let stages: Vec<Json> = self.session().field("flow").get("stage")?;
        let steps = stages.iter().filter_map(|stage| stage.get::<Vec<Json>>("step"));
        steps.flatten().find(|step| step.get::<String>("id").as_deref() == Some(id.as_str()))
    }
}

/// What is on the screen.
impl State {
    /// The widget's element in the page.
    pub fn host(self) -> HtmlElement {
        self.with(|context| context.page.host()).unwrap_or_else(|| JsValue::NULL.unchecked_into())
    }

    /// The shadow root that everything is in.
    pub fn root(self) -> ShadowRoot {
        self.with(|context| context.page.root()).unwrap_or_else(|| JsValue::NULL.unchecked_into())
    }

    /// Whether the panel covers a part of the page.
    pub fn is_panel_over(self) -> bool {
        self.open.get_untracked() && !self.is_inline()
    }

    /// Whether the checklist stands in a place of the page's own.
    pub fn is_inline(self) -> bool {
        js::invoke(&self.host(), "hasAttribute", &["data-inline".into()]).is_truthy()
    }

    /// Announces something politely to screen readers.
    pub fn announce(self, text: &str) {
        self.announcement.set(text.to_owned());
    }

    /// Opens the panel at a step.
    pub fn start(self, step: Option<StepId>) {
        self.chosen.set(step);
        self.set_open(true);
    }

    /// Opens the panel without moving the focus: it stands in the host's own page.
    pub fn open_in_place(self) {
        self.open.set(true);
        self.show();
    }

    /// Takes the panel's place for a card of the part `name`. Whatever had the place gives way first; `give_way` takes
    /// the card down when another one comes, and is not called when the place is left.
    pub fn take_place(self, name: &str, give_way: Rc<dyn Fn()>) {
        self.give_way();
        self.with(|context| *context.place.borrow_mut() = Some((name.to_owned(), give_way)));
    }

    /// The card is gone, and the place is free.
    pub fn leave_place(self) {
        if self.with(|context| context.place.take()).flatten().is_some() {
            self.publish(CoreEvent::CardClosed);
        }
    }

    /// Takes down whatever card is shown.
    pub fn give_way(self) {
        if let Some((_, give_way)) = self.with(|context| context.place.take()).flatten() {
            give_way();
            self.publish(CoreEvent::CardClosed);
        }
    }

    /// The part that has a card in the panel's place.
    pub fn place(self) -> Option<String> {
        self.with(|context| context.place.borrow().as_ref().map(|(name, _)| name.clone())).flatten()
    }
}

/// What the host's page can do, and what parts tell each other.
impl State {
    /// An action that the host's page declared by `tabiji('action', name, run)`.
    pub fn action(self, name: &str) -> Option<JsValue> {
        let actions = self.with(|context| context.bridge.actions())?;
        Some(js::get(&actions, name)).filter(JsValue::is_function)
    }

    /// The host's page declares an action.
    pub fn declare_action(self, name: &JsValue, run: &JsValue) {
        if let Some(actions) = self.with(|context| context.bridge.actions()) {
            // The object is ours and takes everything.
            js::set(&actions, &name.as_string().unwrap_or_default(), run);
        }
    }

    /// Answers that the person has not read: as the chat counts them, or as the session has it until then.
    pub fn unread(self) -> u32 {
        self.unread.get().or_else(|| self.session().field("talk").get("unread")).unwrap_or(0)
    }

    /// The chat counted the answers that the person has not read.
    pub fn set_unread(self, unread: u32) {
        if self.unread.get_untracked() != Some(unread) {
            self.unread.set(Some(unread));
        }
    }

    /// What the person was busy with, for the agent who helps them.
    pub fn concern(self) -> Concern {
        self.with(|context| context.concern.borrow().clone()).unwrap_or_default()
    }

    /// Notes what the person is busy with.
    pub fn note_concern(self, change: impl FnOnce(&mut Concern)) {
        self.with(|context| change(&mut context.concern.borrow_mut()));
    }

    /// A text without what is personal in it.
    pub fn masked(self, text: &str) -> String {
        let masked = self.with(|context| context.bridge.mask(&text.into()));
        masked.and_then(|text| text.as_string()).unwrap_or_default()
    }

    /// The clock of this device.
    pub fn now(self) -> Millis {
        browser::now()
    }
}
