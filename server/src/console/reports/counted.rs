//! The list behind a count of a report: who is counted, under their names.

use std::cmp::Reverse;

use axum::Json;
use journey::reports::Who;
use protocol::Millis;
use protocol::console::{CountedAccount, CountedAccounts};
use protocol::ids::{AccountId, UserId};
use store::SiteId;

use crate::app::App;
use crate::http::Refusal;

/// Accounts in one answer; nobody calls more of them in a day.
const MAX: usize = 200;

/// One that a count counts.
pub struct Counted {
    account: AccountId,
    user: Option<UserId>,
    at: Millis,
    score: Option<u32>,
}

impl Counted {
    /// An account, where the report counts accounts.
    pub fn account(account: AccountId, at: Millis) -> Self {
        Self { account, user: None, at, score: None }
    }

    /// A person, where the report counts people.
    pub fn person((account, user): Who, at: Millis) -> Self {
        Self { account, user: Some(user), at, score: None }
    }

    /// A person who answered.
    pub fn answer(who: Who, at: Millis, score: u32) -> Self {
        Self { score: Some(score), ..Self::person(who, at) }
    }
}

/// Returns those who were counted last, under their names.
///
/// # Errors
/// When the store does not answer.
pub async fn list(app: &App, site: SiteId, mut all: Vec<Counted>) -> Result<Json<CountedAccounts>, Refusal> {
    let n = all.len() as u64;
    all.sort_by_key(|one| Reverse(one.at));
    all.truncate(MAX);
    let asked = all.iter().map(|one| (one.account.clone(), one.user.clone())).collect();
    let names = app.store.names(site, asked).await?;
    let named = all.into_iter().zip(names).map(|(one, names)| CountedAccount {
        account: one.account,
        name: names.account,
        by: names.person.or(one.user.map(|user| user.0)),
        at: one.at,
        score: one.score,
    });
    Ok(Json(CountedAccounts { n, accounts: named.collect() }))
}
