//! `POST /v1/progress`: held open until the account's progress moves. Two colleagues in two browsers see the same
//! because each widget has such a question waiting; why: `docs/decisions/0004-news.md`.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::ids::AccountId;
use protocol::widget::{ProgressQuery, ProgressReply};
use store::SiteId;
use tokio::time::timeout;

use super::session;
use crate::app::{App, AppInner};
use crate::auth::WidgetCaller;
use crate::http::Refusal;

/// How long a question is held: less than the idle limit of common proxies.
const LONG_POLL_TIMEOUT: Duration = Duration::from_secs(25);

/// Answers with newer progress, or 204 when nothing moved for a while.
///
/// # Errors
/// When the store does not answer.
pub async fn post(
    State(app): State<App>,
    WidgetCaller { site, identity, body: query, .. }: WidgetCaller<ProgressQuery>,
) -> Result<Response, Refusal> {
    let flow = query.session.flow.clone().unwrap_or_default();
    let waiting = app.updates.of_account(site.id, &identity.account);
    let wait = async {
        loop {
            // News are waited for before the store is asked, so that nothing falls in between.
            let news = waiting.news();
            if let Some(reply) = newer(&app, site.id, &identity.account, &flow, query.since).await? {
                return Ok(reply);
            }
            news.await;
        }
    };
    let _held = app.metrics.hold_question();
    tokio::select! {
        reply = timeout(LONG_POLL_TIMEOUT, wait) => match reply {
            Ok(reply) => reply.map(|reply| Json(reply).into_response()),
            Err(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        },
        () = app.stopped() => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

async fn newer(
    app: &AppInner,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    since: i64,
) -> Result<Option<ProgressReply>, Refusal> {
    let (progress, revision) = app.store.progress(site, account, flow).await?;
    if revision <= since {
        return Ok(None);
    }
    let people = session::people(app, site, account, &progress).await?;
    Ok(Some(ProgressReply { progress, people, revision }))
}
