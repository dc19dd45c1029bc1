//! Asks the host's page for another token, when it gave a way to.

use std::cell::Cell;

use lazy::{settled, spawn_local};
use protocol::Millis;

use crate::state::State;
use crate::{browser, js};

/// A token is asked for again at most this often, in milliseconds.
const INTERVAL: Millis = 5_000;

/// Asks, unless that was done just now; `last` says when.
pub fn ask(state: State, last: &Cell<Millis>) {
    let now = browser::now();
    if now - last.replace(now) < INTERVAL {
        return;
    }
    // The page may call back while it is being called.
    let renew = state.with(|context| context.renewal.borrow().clone()).flatten();
    let Some(answer) = renew.and_then(|renew| js::run(&renew, &[]).ok()) else { return };
    let asked = state.caller();
    spawn_local(async move {
        let answer = settled(&answer).await.unwrap_or_default();
        // The backend's answer as it came is what many pages have at hand.
        let token = answer.as_string().or_else(|| js::get(&answer, "token").as_string());
        let take = state.with(|context| context.on_token.borrow().clone()).flatten();
        // The user may have changed while the page was fetching the token; `take` discards it then.
        if let (Some(take), Some(token)) = (take, token) {
            take(asked, token);
        }
    });
}
