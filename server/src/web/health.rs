//! `/health/live` and `/health/ready`: for supervisors that restart, and for load balancers that route. `/health/stream`
//! is for who looks at what stands in between.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::response::sse::Event;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::App;
use crate::auth::Anyone;
use crate::http::event_stream;

/// How far the two events of a stream are apart.
pub const BEAT: Duration = Duration::from_secs(1);

/// Answers as long as the process runs.
pub async fn live(_: Anyone) -> &'static str {
    "ok"
}

/// Answers 200 while the store answers and can write, with how far the projections are behind.
pub async fn ready(State(app): State<App>, _: Anyone) -> (StatusCode, Json<Value>) {
    let behind = async {
        app.store.can_write().await?;
        Ok::<_, store::StoreError>(app.store.head().await?.records() - app.store.cursor().await?.records())
    };
    match behind.await {
        Ok(behind) => (StatusCode::OK, Json(json!({ "status": "ok", "records_to_project": behind }))),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "store does not answer" })))
        }
    }
}

/// Sends an event at once and another one after [`BEAT`], by the way of everything live. A reader who gets both together is
/// behind something that holds streams back.
pub async fn stream(_: Anyone) -> Response {
    let (events, received) = mpsc::channel(1);
    tokio::spawn(async move {
        for wait in [Duration::ZERO, BEAT] {
            tokio::time::sleep(wait).await;
            // A reader that is gone needs none.
            let _ = events.send(Ok(Event::default().data("beat"))).await;
        }
    });
    event_stream(received, BEAT * 10)
}
