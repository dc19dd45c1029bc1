//! The one list of routes, by who calls them.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::auth::{Anyone, Route, Routes};
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
    let cors = axum::middleware::from_fn_with_state(app.clone(), origin::cors);
    let no_store =
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Router::new()
        .merge(widget().into_router().layer(cors))
        .merge(backend().into_router())
        .merge(service().into_router().layer(CsrfLayer::new()).layer(no_store))
        .merge(pages().into_router())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST))
        // Live feeds have no end, so they stand outside the time limit.
        .merge(feeds().into_router())
        .fallback(|| async { Refusal::NotFound.into_response() })
        .with_state(app)
}

/// Every route with its admission, group by group.
pub fn routes() -> Vec<Route> {
    [widget(), backend(), service(), pages(), feeds()].iter().flat_map(|group| group.list().to_vec()).collect()
}

/// For the widget, on pages of other origins.
fn widget() -> Routes {
    Routes::default()
        .post("/v1/session", session::post)
        .post("/v1/events", events::post)
        .post("/v1/progress", progress::post)
        .post("/v1/clips", media::clips)
        .get("/v1/media/{site}/{file}", media::file)
        .post("/v1/help", help::post)
        .get("/v1/chat", chat::open)
        .post("/v1/chat/stream", chat::listen)
        .post("/v1/chat/send", chat::send)
        .post("/v1/chat/files", chat::files::ask)
        .post("/v1/chat/files/link", chat::files::link)
        .post("/v1/chat/files/{site}/{id}", chat::files::bring)
        .post("/v1/chat/files/{site}/{id}/drop", chat::files::drop_one)
        .get("/v1/files/{site}/{c}/{id}", chat::files::fetch)
}

/// For the host's backend.
fn backend() -> Routes {
    Routes::default()
        .post("/v1/facts", facts::post)
        .put("/v1/accounts/{id}", accounts::put)
        .put("/v1/desk", desk::put)
        .delete("/v1/users/{id}", erasure::delete)
        .put("/v1/flows/{name}", flows::put)
}

/// For the console.
fn service() -> Routes {
    Routes::default()
        .get("/api/session", console::viewer)
        .post("/api/session", console::sign_in)
        .delete("/api/session", console::sign_out)
        .post("/api/link", console::check_link)
        .get("/api/security", security::get)
        .delete("/api/security/browsers/{id}", security::end)
        .post("/api/security/codes", security::begin)
        .put("/api/security/codes", security::confirm)
        .delete("/api/security/codes", security::forget)
        .get("/api/journey", console::journey)
        .get("/api/postponed", console::postponed)
        .get("/api/feelings", console::feelings)
        .get("/api/clips", console::clips)
        .get("/api/help", console::helped)
        .get("/api/inbox", inbox::list)
        .get("/api/pointers", inbox::pointers)
        .get("/api/inbox/search", inbox::search)
        .get("/api/inbox/{c}/transcript", inbox::transcript)
        .post("/api/inbox/{c}/files", inbox::bring)
        .get("/api/inbox/{c}/files/{id}", inbox::file)
        .put("/api/inbox/{c}/bar", inbox::bar)
        .delete("/api/inbox/{c}/bar", inbox::unbar)
        .get("/api/inbox/{c}", inbox::thread)
        .post("/api/inbox/{c}", inbox::say)
        .patch("/api/inbox/{c}", inbox::sign)
}

/// Files that are the same for everybody, and health.
fn pages() -> Routes {
    Routes::default()
        .get("/", |_: Anyone| async { Redirect::temporary("/console") })
        .get("/tabiji.js", assets::loader)
        .get("/assets/{file}", assets::hashed)
        .get("/console", assets::console)
        .get("/console/{*page}", assets::console)
        .get("/health/live", health::live)
        .get("/health/ready", health::ready)
}

/// What the console listens to as long as it is open.
fn feeds() -> Routes {
    Routes::default().get("/api/live", console::live).get("/api/inbox/live", inbox::live)
}
