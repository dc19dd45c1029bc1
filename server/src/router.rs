//! The one list of routes, by who calls them.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{delete, get, post, put};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::console::{inbox, security};
use crate::http::{Refusal, origin};
use crate::{
    accounts, assets, chat, console, desk, erasure, events, facts, flows, health, help, media, progress,
    session,
};

/// A request that takes longer is given up; the longest good one is a held progress question.
const LONGEST: Duration = Duration::from_secs(60);

/// Everything that this collector answers.
pub fn router(app: App) -> Router {
    let widget = Router::new()
        .route("/v1/session", post(session::post))
        .route("/v1/events", post(events::post))
        .route("/v1/progress", post(progress::post))
        .route("/v1/clips", post(media::clips))
        .route("/v1/media/{site}/{file}", get(media::file))
        .route("/v1/help", post(help::post))
        .route("/v1/chat", get(chat::open))
        .route("/v1/chat/stream", post(chat::listen))
        .route("/v1/chat/send", post(chat::send))
        .route("/v1/chat/files", post(chat::files::ask))
        .route("/v1/chat/files/link", post(chat::files::link))
        .route("/v1/chat/files/{site}/{id}", post(chat::files::bring))
        .route("/v1/chat/files/{site}/{id}/drop", post(chat::files::drop_one))
        .route("/v1/files/{site}/{c}/{id}", get(chat::files::fetch))
        .layer(axum::middleware::from_fn_with_state(app.clone(), origin::cors));
    let backend = Router::new()
        .route("/v1/facts", post(facts::post))
        .route("/v1/accounts/{id}", put(accounts::put))
        .route("/v1/desk", put(desk::put))
        .route("/v1/users/{id}", delete(erasure::delete))
        .route("/v1/flows/{name}", put(flows::put));
    let service = Router::new()
        .route("/api/session", get(console::viewer).post(console::sign_in).delete(console::sign_out))
        .route("/api/link", post(console::check_link))
        .route("/api/security", get(security::get))
        .route("/api/security/browsers/{id}", delete(security::end))
        .route("/api/security/codes", post(security::begin).put(security::confirm).delete(security::forget))
        .route("/api/journey", get(console::journey))
        .route("/api/postponed", get(console::postponed))
        .route("/api/feelings", get(console::feelings))
        .route("/api/clips", get(console::clips))
        .route("/api/help", get(console::helped))
        .route("/api/inbox", get(inbox::list))
        .route("/api/pointers", get(inbox::pointers))
        .route("/api/inbox/search", get(inbox::search))
        .route("/api/inbox/{c}/transcript", get(inbox::transcript))
        .route("/api/inbox/{c}/files", post(inbox::bring))
        .route("/api/inbox/{c}/files/{id}", get(inbox::file))
        .route("/api/inbox/{c}/bar", put(inbox::bar).delete(inbox::unbar))
        .route("/api/inbox/{c}", get(inbox::thread).post(inbox::say).patch(inbox::sign))
        .layer(CsrfLayer::new())
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    let pages = Router::new()
        .route("/", get(|| async { Redirect::temporary("/console") }))
        .route("/tabiji.js", get(assets::loader))
        .route("/assets/{file}", get(assets::hashed))
        .route("/console", get(assets::console))
        .route("/console/{*page}", get(assets::console))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready));
    Router::new()
        .merge(widget)
        .merge(backend)
        .merge(service)
        .merge(pages)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST))
        // The live feed has no end, so it stands outside the time limit.
        .route("/api/live", get(console::live))
        .route("/api/inbox/live", get(inbox::live))
        .fallback(|| async { Refusal::NotFound.into_response() })
        .with_state(app)
}
