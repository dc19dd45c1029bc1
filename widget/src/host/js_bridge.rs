//! What scripts ask of the core, by one function: `loader/bridge.js` calls it with a command and its arguments.

use std::rc::Rc;

use js_sys::{Array, Function};
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::Bridge;
use crate::part::{CoreEvent, Prompt, Subscription};
use crate::state::{Data, State};
use crate::wire::{Json, Read};

/// The function that scripts call, and what scripts hear, for as long as this lives.
pub struct JsBridge {
    _command: Closure<dyn Fn(String, Array)>,
    _heard: Option<Subscription>,
}

impl JsBridge {
    /// Joins scripts and state.
    pub fn new(bridge: &Bridge, state: State) -> Self {
        let command: Closure<dyn Fn(String, Array)> =
            Closure::new(move |command: String, arguments: Array| obey(state, &command, &arguments));
        bridge.set_command(command.as_ref());
        let scripts = bridge.clone();
        let heard = state.subscribe(move |event| scripts.dispatch(script_name(event)));
        Self { _command: command, _heard: heard }
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
        CoreEvent::GuideEnded => "guide",
        CoreEvent::UnreadChanged => "unread",
        CoreEvent::Leaving => "leave",
    }
}

/// Does what a script asks for.
fn obey(state: State, command: &str, arguments: &Array) {
    let text = |at| arguments.get(at).as_string().unwrap_or_default();
    let step = |at| Some(StepId(text(at))).filter(|step| !step.as_str().is_empty());
    match command {
        "emit" => emit(state, &text(0), step(1), arguments.get(2)),
        "notify" => state.notify_page(&text(0), &arguments.get(1)),
        "navigate" => state.publish(CoreEvent::RouteChanged),
        "guideEnded" => {
            if arguments.get(0).is_truthy() {
                state.focus(".launcher");
            }
            state.publish(CoreEvent::GuideEnded);
        }
        "takePlace" => {
            let give_way: Function = arguments.get(1).unchecked_into();
            let give_way = move || {
                // A card that fails to go is gone for everybody else.
                let _ = give_way.call0(&JsValue::NULL);
            };
            state.take_place(&text(0), Rc::new(give_way));
        }
        "leavePlace" => state.leave_place(),
        "chat" => state.open_chat(step(0)),
        "notFetched" => {
            let (what, about) = (text(0), arguments.get(1));
            state.not_fetched(Box::new(move || state.show_script(&what, &about)));
        }
        "watching" => {
            let clip = Json::of(arguments.get(0));
            state.note_concern(|concern| concern.watching = Some(clip));
        }
        "start" => state.start(step(0)),
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
        (kind, step) => {
            // The last control was pressed; whether the step is done is for the host's backend to say.
            let finished = |(name, value): &(String, FactValue)| {
                name == "reason" && *value == FactValue::Text("finished".to_owned())
            };
            let verify = kind == EventKind::GuideEnded && data.iter().any(finished);
            state.happened(kind, step.as_ref(), data);
            if let (true, Some(step)) = (verify, step) {
                state.prompt(Prompt::Verification, step);
            }
        }
    }
}
