//! `/health/live` and `/health/ready`: for supervisors that restart, and for load balancers that route.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::Anyone;

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
