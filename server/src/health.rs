//! `/health/live` and `/health/ready`: for whoever restarts and routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;

/// The process runs.
pub async fn live() -> &'static str {
    "ok"
}

/// The store answers and keeps what is written; also says how far the projections are behind.
pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
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
