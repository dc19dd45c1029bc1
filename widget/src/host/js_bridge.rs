//! What scripts ask of the core, by one function: `loader/bridge.js` calls it with a command and its arguments.

use std::rc::Rc;

use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::js;
use crate::page::Bridge;
use crate::part::{CoreEvent, Subscription, Tab};
use crate::state::{Data, State};
use crate::wire::{Json, Read};

/// The function that scripts call, and what scripts hear, for as long as this lives.
pub struct JsBridge {
    /// A script may call again while it is being called.
    _command: Closure<dyn Fn(JsValue)>,
    _subscription: Option<Subscription>,
}

impl JsBridge {
    /// Joins scripts and state.
    pub fn new(bridge: &Bridge, state: State) -> Self {
        let command: Closure<dyn Fn(JsValue)> = Closure::new(move |given: JsValue| obey(state, &given));
        bridge.set_command(command.as_ref());
        let scripts = bridge.clone();
        let subscription = state.subscribe(move |event| scripts.dispatch(script_name(event)));
        Self { _command: command, _subscription: subscription }
    }
}

/// How scripts call an event.
fn script_name(event: CoreEvent) -> &'static str {
    match event {
        CoreEvent::SessionLoaded => "session",
        CoreEvent::ProgressChanged => "progress",
        CoreEvent::RouteChanged => "navigate",
        CoreEvent::TokenChanged => "token",
        CoreEvent::OwnerEntered => "entered",
        CoreEvent::OwnerChanged => "owner",
        CoreEvent::PanelOpened | CoreEvent::PanelClosed => "panel",
        CoreEvent::CardClosed => "card",
        CoreEvent::GuideStarted | CoreEvent::GuideEnded => "guide",
        CoreEvent::Leaving => "leave",
    }
}

/// Does what a script asks for.
fn obey(state: State, given: &JsValue) {
    let (command, arguments) = (js::text(given, "0"), js::get(given, "1"));
    let argument = |at| js::get(&arguments, at);
    let text = |at| js::text(&arguments, at);
    let step = |at| Some(StepId(text(at))).filter(|step| !step.as_str().is_empty());
    match command.as_str() {
        "emit" => emit(state, &text("0"), step("1"), argument("2")),
        "notify" => state.notify_page(&text("0"), &argument("1")),
        "navigate" => state.publish(CoreEvent::RouteChanged),
        "guide" => step("0").iter().for_each(|step| state.show_step(step)),
        "takePlace" => {
            let give_way = argument("1");
            let give_way = move || {
                // A card that fails to go is gone for everybody else.
                let _ = js::run(&give_way, &[]);
            };
            state.take_place(&text("0"), Rc::new(give_way));
        }
        "leavePlace" => state.leave_place(),
        "chat" => state.open_chat(Some(Tab::Messages), step("0")),
        "notFetched" => {
            let (what, about) = (text("0"), argument("1"));
            state.not_fetched(Box::new(move || state.show_script(&what, &about)));
        }
        "watching" => {
            let clip = Json::of(argument("0"));
            state.note_concern(|concern| concern.watching = Some(clip));
        }
        "start" => state.start(step("0")),
        "openInPlace" => state.open_in_place(),
        "renewToken" => state.renew_token(),
        _ => {}
    }
}

/// A script reports an event.
fn emit(state: State, kind: &str, step: Option<StepId>, data: JsValue) {
    let fields = Json::of(data).pairs().into_iter();
    let data: Data = fields.filter_map(|(name, value)| Some((name, FactValue::read(&value)?))).collect();
    match (EventKind::from(kind), step) {
        (EventKind::StepSnoozed, Some(step)) => state.snooze(&step, data),
        (kind, step) => state.happened(kind, step.as_ref(), data),
    }
}
