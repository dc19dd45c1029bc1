//! Waits for the account to move on, and shows where it stands then.

use std::rc::Weak;

use protocol::widget::ProgressReply;

use crate::browser;
use crate::part::CoreEvent;
use crate::state::context::Context;
use crate::state::session::{Outcome, PAUSE, backoff, current, read, url, wait};
use crate::state::{HostEvent, State};
use crate::ui::sleep;
use crate::wire::{self, Json, Read};

/// A question for news is held open; this is longer than any collector holds it, in milliseconds.
const HOLD: u32 = 40_000;

/// Follows the account that colleagues and the host's backend move on, for the identity of `epoch`, while a person
/// can see the page.
pub async fn follow(state: State, weak: Weak<Context>, epoch: u32) {
    let mut backoff = backoff();
    loop {
        if browser::is_hidden() {
            sleep(PAUSE).await;
            if current(&weak, epoch).is_none() {
                return;
            }
            continue;
        }
        let Some((url, query)) =
            current(&weak, epoch).map(|context| (url(&context, "progress"), context.query()))
        else {
            return;
        };
        let body = wire::progress_query(&query.session, query.since);
        let asked = browser::now();
        let answer = browser::post(&url, &body, HOLD).await;
        let at_once = browser::now() - asked < i64::from(PAUSE);
        let Some(context) = current(&weak, epoch) else { return };
        match read(&answer) {
            Outcome::Text(text) => {
                let json = Json::parse(&text);
                let reply = json.as_ref().and_then(|json| Some((json, ProgressReply::read(json)?)));
                let news = reply.is_some();
                if let Some((json, reply)) = reply {
                    context.account.borrow_mut().moved(reply);
                    context.keep_reply(json, false);
                    context.bridge.on_session(json.value());
                    state.offline.set(false);
                }
                if context.account.borrow().is_stale() {
                    state.reload();
                    return;
                }
                if news {
                    state.show_account();
                    state.publish(CoreEvent::ProgressChanged);
                } else {
                    // Not the collector's words: something in between answers.
                    sleep(PAUSE).await;
                }
            }
            // Something in between does not let the question be held.
            Outcome::Nothing if at_once => sleep(PAUSE).await,
            Outcome::Nothing => {}
            Outcome::Refused(status, text) => {
                state.notify_host(HostEvent::Refused(status, &text));
                return;
            }
            Outcome::Unreachable => {
                drop(context);
                sleep(backoff.pause(wait(&answer))).await;
                continue;
            }
        }
        if backoff.failures() > 0 {
            backoff.reset();
            // Events need not wait longer either.
            state.publish(CoreEvent::CollectorIsBack);
        }
    }
}
