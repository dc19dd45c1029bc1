//! `POST /v1/progress`: held open until somebody moves the account on.
//!
//! Two colleagues in two browsers see one truth because each widget has such a question waiting.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::ids::AccountId;
use protocol::widget::{ProgressQuery, ProgressReply};
use store::{ProjectionUpdate, SiteId};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::timeout;

use crate::app::{App, Parts};
use crate::http::{self, Refusal};
use crate::session;

/// How long a question waits: less than the idle limit of common proxies.
const HOLD: Duration = Duration::from_secs(25);

/// Answers with newer progress, or 204 when nothing moved for a while.
///
/// # Errors
/// See [`Refusal`].
pub async fn post(State(app): State<App>, headers: HeaderMap, body: Body) -> Result<Response, Refusal> {
    let query: ProgressQuery = http::read_json(&headers, body).await?;
    let (site, identity) = session::admit(&app, &headers, &query.session).await?;
    let flow = query.session.flow.clone().unwrap_or_default();
    // Listening begins before looking, so that nothing falls in between.
    let mut news = app.store.subscribe();
    let wait = async {
        loop {
            if let Some(reply) = newer(&app, site.id, &identity.account, &flow, query.since).await? {
                return Ok(reply);
            }
            heard(&mut news, site.id, &identity.account).await;
        }
    };
    match timeout(HOLD, wait).await {
        Ok(reply) => reply.map(|reply| Json(reply).into_response()),
        Err(_) => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

async fn newer(
    app: &Parts,
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

/// Waits for news of this account; a listener that was too slow looks for itself.
async fn heard(news: &mut Receiver<ProjectionUpdate>, site: SiteId, account: &AccountId) {
    loop {
        match news.recv().await {
            Ok(touched) if touched.site == site && touched.account.as_ref() == Some(account) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The store is going away: the question ends with its own time limit.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
