//! Asks the collector where the account stands.

use std::rc::{Rc, Weak};

use protocol::Millis;
use protocol::widget::ChecklistSession;
use wasm_bindgen::JsValue;

use super::context::Context;
use super::{HostEvent, Phase, State, summary};
use crate::backoff::Backoff;
use crate::browser::{self, Answer};
use crate::i18n::concat;
use crate::part::{CoreEvent, Name};
use crate::ui::sleep;
use crate::wire::{self, Json, Read};

/// How long the first answer may take, in milliseconds.
const LIMIT: u32 = 10_000;
/// The pause after a failure, in milliseconds; it doubles.
pub const PAUSE: u32 = 1_000;
/// After so many failures the page's listeners know of it.
const ATTEMPTS: u32 = 3;
const LONGEST_PAUSE: Millis = 60_000;

/// Begins a session for the identity of `epoch`; tries again until there is one or the collector refuses.
pub async fn begin(state: State, weak: Weak<Context>, epoch: u32) {
    let mut backoff = backoff();
    // Asking, reading and drawing are steps: the page may have the main thread between them.
    sleep(0).await;
    loop {
        let Some((url, request)) =
            current(&weak, epoch).map(|context| (url(&context, "session"), context.request()))
        else {
            return;
        };
        let body = wire::session_request(&request);
        let answer = browser::post(&url, &body, LIMIT).await;
        let outcome = read(&answer);
        let reply = if let Outcome::Text(text) = &outcome { Json::parse(text) } else { None };
        sleep(0).await;
        let Some(context) = current(&weak, epoch) else { return };
        match (outcome, reply) {
            (Outcome::Text(text), Some(reply)) if take(state, &context, &reply) => {
                summary::keep_answer(&context.owner(), &text);
                state.offline.set(false);
                break;
            }
            (Outcome::Refused(status, text), _) => {
                state.phase.set(Phase::Failed);
                state.notify_host(HostEvent::Refused(status, &text));
                state.bring(Name::Activity);
                return;
            }
            _ => {
                state.offline.set(true);
                state.bring(Name::Activity);
                if state.model.get_untracked().is_none() {
                    let last = summary::last_answer(&context.owner()).and_then(|text| Json::parse(&text));
                    if !last.is_some_and(|last| take(state, &context, &last)) {
                        state.phase.set(Phase::Failed);
                    }
                }
            }
        }
        drop(context);
        let pause = backoff.pause(wait(&answer));
        if answer.is_err() && backoff.failures() == ATTEMPTS && browser::is_online() {
            state.tell_unreachable();
        }
        sleep(pause).await;
    }
}

/// Takes an answer up; says whether it was one of a collector.
fn take(state: State, context: &Rc<Context>, json: &Json) -> bool {
    let Some(reply) = ChecklistSession::read(json) else { return false };
    let empty = reply.flow.is_none();
    context.account.borrow_mut().begin(reply);
    context.keep_reply(json, true);
    if empty {
        state.phase.set(Phase::Empty);
    }
    state.show_account();
    context.bridge.on_session(json.value());
    state.publish(CoreEvent::SessionLoaded);
    state.bring(Name::Activity);
    true
}

/// When to ask again where the account stands.
pub fn backoff() -> Backoff {
    Backoff::new(PAUSE.into(), LONGEST_PAUSE)
}

/// The pause that an answer asks for, in milliseconds; 0 when it asks for none.
pub fn wait(answer: &Result<Answer, JsValue>) -> Millis {
    answer.as_ref().map_or(0, Answer::wait)
}

/// What an answer of the collector comes to.
pub enum Outcome {
    Text(String),
    /// Nothing changed.
    Nothing,
    /// The collector will not answer this identity.
    Refused(u16, String),
    Unreachable,
}

/// Reads an answer.
pub fn read(answer: &Result<Answer, JsValue>) -> Outcome {
    match answer.as_ref().map(|answer| (answer.status(), answer)) {
        Ok((200, answer)) => Outcome::Text(answer.text()),
        Ok((204, _)) => Outcome::Nothing,
        Ok((status @ 400..=403, answer)) => Outcome::Refused(status, answer.text()),
        _ => Outcome::Unreachable,
    }
}

/// The context, unless the widget is gone or another person is there now.
pub fn current(weak: &Weak<Context>, epoch: u32) -> Option<Rc<Context>> {
    weak.upgrade().filter(|context| context.epoch.get() == epoch)
}

/// The address of an endpoint.
pub fn url(context: &Context, name: &str) -> String {
    concat(&[context.page.base().as_str(), "v1/", name])
}
