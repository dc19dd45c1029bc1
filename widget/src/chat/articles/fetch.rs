//! Fetches the articles of a site.

use protocol::ids::ClaimedIdentity;
use protocol::widget::{RenderedArticle, SessionRequest};

use crate::browser;
use crate::i18n::concat;
use crate::state::State;
use crate::wire::{self, Json};

/// Milliseconds that the answer may take.
const LIMIT: u32 = 15_000;

/// The address, and the request in the name of the person who is there.
pub fn question(state: State) -> (String, String) {
    let caller = state.caller();
    let claimed = ClaimedIdentity { user: caller.user, account: caller.account };
    let request = SessionRequest {
        site: state.site().as_str().into(),
        who: caller.token.is_none().then_some(claimed),
        token: caller.token,
        locale: state.locale(),
        flow: None,
    };
    (concat(&[&state.base(), "v1/help"]), wire::session_request(&request))
}

/// The articles; none when they could not be fetched.
pub async fn articles(url: &str, body: &str) -> Option<Vec<RenderedArticle>> {
    let answer = browser::post(url, body, LIMIT).await.ok()?;
    if answer.status() != 200 {
        return None;
    }
    Json::parse(&answer.text())?.get("articles")
}
