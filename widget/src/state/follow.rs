//! Asks the collector where the account stands, and then waits for news of it.

use std::rc::{Rc, Weak};

use gloo_timers::future::TimeoutFuture;
use protocol::widget::{ChecklistSession, ProgressReply};
use reactive_graph::prelude::*;

use super::core::Core;
use super::{Notice, Phase, State, summary};
use crate::browser::{self, Answer};
use crate::wire::{self, Json, Read};

/// How long the first answer may take, in milliseconds.
const LIMIT: u32 = 10_000;
/// A question for news is held open; this is longer than any collector holds it.
const HOLD: u32 = 40_000;
/// The pause after a failure, and between looks at whether the page is visible again.
const PAUSE: u32 = 1_000;
const LONGEST_PAUSE: u32 = 60_000;

/// Begins a session for the identity of `epoch`, then follows the account until that changes.
pub async fn session(state: State, weak: Weak<Core>, epoch: u32) {
    let mut pause = PAUSE;
    // Asking, reading and drawing are steps: the page may have the main thread between them.
    TimeoutFuture::new(0).await;
    loop {
        let Some((url, request)) = current(&weak, epoch).map(|core| (url(&core, "session"), core.request()))
        else {
            return;
        };
        let body = wire::session_request(&request);
        let answer = browser::post(&url, &body, LIMIT).await;
        let said = read(&answer);
        let reply = if let Said::Text(text) = &said { Json::parse(text) } else { None };
        TimeoutFuture::new(0).await;
        let Some(core) = current(&weak, epoch) else { return };
        match (said, reply) {
            (Said::Text(text), Some(reply)) if begin(state, &core, &reply) => {
                summary::keep_answer(&core.owner(), &text);
                state.offline.set(false);
                break;
            }
            (Said::Refused(status, text), _) => {
                state.phase.set(Phase::Failed);
                state.tell(Notice::refused(status, &text));
                return;
            }
            _ => {
                state.offline.set(true);
                if state.model.get_untracked().is_none() {
                    let last = summary::last_answer(&core.owner()).and_then(|text| Json::parse(&text));
                    if !last.is_some_and(|last| begin(state, &core, &last)) {
                        state.phase.set(Phase::Failed);
                    }
                }
            }
        }
        drop(core);
        TimeoutFuture::new(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    news(state, weak, epoch).await;
}

/// Takes an answer up; says whether it was one of a collector.
fn begin(state: State, core: &Rc<Core>, json: &Json) -> bool {
    let Some(reply) = ChecklistSession::read(json) else { return false };
    let empty = reply.flow.is_none();
    core.account.borrow_mut().begin(reply);
    if empty {
        state.phase.set(Phase::Empty);
    }
    state.refold();
    core.page.heard(json.value());
    true
}

/// Waits for colleagues and the host's backend to move the account, while anybody is looking.
async fn news(state: State, weak: Weak<Core>, epoch: u32) {
    let mut pause = PAUSE;
    loop {
        if browser::is_hidden() {
            TimeoutFuture::new(PAUSE).await;
            if current(&weak, epoch).is_none() {
                return;
            }
            continue;
        }
        let Some((url, query)) = current(&weak, epoch).map(|core| (url(&core, "progress"), core.query()))
        else {
            return;
        };
        let body = wire::progress_query(&query.session, query.since);
        let asked = browser::now();
        let answer = browser::post(&url, &body, HOLD).await;
        let at_once = browser::now() - asked < i64::from(PAUSE);
        let Some(core) = current(&weak, epoch) else { return };
        match read(&answer) {
            Said::Text(text) => {
                let json = Json::parse(&text);
                let reply = json.as_ref().and_then(|json| Some((json, ProgressReply::read(json)?)));
                let news = reply.is_some();
                if let Some((json, reply)) = reply {
                    core.account.borrow_mut().moved(reply);
                    core.page.heard(json.value());
                    state.offline.set(false);
                }
                if core.account.borrow().is_stale() {
                    state.reload();
                    return;
                }
                if news {
                    state.refold();
                } else {
                    // Not the collector's words: something in between answers.
                    TimeoutFuture::new(PAUSE).await;
                }
            }
            // Something in between does not let the question be held.
            Said::Nothing if at_once => TimeoutFuture::new(PAUSE).await,
            Said::Nothing => {}
            Said::Refused(status, text) => {
                state.tell(Notice::refused(status, &text));
                return;
            }
            Said::Unreachable => {
                drop(core);
                TimeoutFuture::new(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
        }
        pause = PAUSE;
    }
}

enum Said {
    Text(String),
    /// There is no news.
    Nothing,
    /// The collector will not answer this identity.
    Refused(u16, String),
    Unreachable,
}

fn read(answer: &Result<Answer, wasm_bindgen::JsValue>) -> Said {
    match answer.as_ref().map(|answer| (answer.status(), answer)) {
        Ok((200, answer)) => Said::Text(answer.text()),
        Ok((204, _)) => Said::Nothing,
        Ok((status @ 400..=403, answer)) => Said::Refused(status, answer.text()),
        _ => Said::Unreachable,
    }
}

/// The core, unless the widget is gone or somebody else is there now.
fn current(weak: &Weak<Core>, epoch: u32) -> Option<Rc<Core>> {
    weak.upgrade().filter(|core| core.epoch.get() == epoch)
}

fn url(core: &Core, name: &str) -> String {
    [core.page.base().as_str(), "v1/", name].concat()
}
