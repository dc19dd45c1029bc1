//! `/metrics` on a listener of its own, so that nothing that is published leads to it.

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
use tokio::net::TcpListener;

use crate::app::App;

/// Answers what is measured, as long as the collector runs; without a listener it does nothing.
pub(super) async fn run(app: &App, listener: Option<TcpListener>) -> Infallible {
    if let Some(listener) = listener {
        let router = Router::new().route("/metrics", get(measured)).with_state(app.clone());
        let error = axum::serve(listener, router).await;
        tracing::error!(?error, "/metrics no longer answers");
    }
    std::future::pending().await
}

async fn measured(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], app.measured().await)
}
