//! The one list of routes, by who calls them. A new route goes here, into its group; its handler names an admission
//! ([`crate::auth`]) or does not compile, and `server/tests/admission/routes.txt` lists it.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::app::metrics::{Routed, measure};
use crate::auth::{Anyone, Route, Routes, cors, note_refused};
use crate::console::auth::{links, picture, profile, security_log, sessions, sign_in, totp};
use crate::console::{inbox, integration, quarantine, reports};
use crate::http::{
    Bottleneck, Refusal, for_other_origins, refuse_foreign, refuse_foreign_writes, secure, show_guests,
};
use crate::{backend, chat, pictures, uploads, web, widget};

/// The longest time of a request; a held progress question takes 25 s of it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// The largest body where nobody is signed in yet: an address, a password, a name and a code.
const SIGN_IN_BYTES: usize = 16 * 1024;

/// Everything that this collector answers.
pub fn router(app: App) -> Router {
    let cross_origin = axum::middleware::from_fn_with_state(app.clone(), cors);
    let note_refused = axum::middleware::from_fn_with_state(app.clone(), note_refused);
    let secure = axum::middleware::from_fn_with_state(app.config.is_https(), secure);
    let own_pages = axum::middleware::from_fn(refuse_foreign);
    let templates = routes().iter().map(|route| route.path).collect();
    Router::new()
        .merge(
            widget_routes()
                .into_router()
                .layer(note_refused.clone())
                .layer(cross_origin)
                .layer(for_other_origins()),
        )
        .merge(backend_routes().into_router().layer(note_refused))
        .merge(
            console_routes()
                .into_router()
                .merge(sign_in_routes().into_router().layer(DefaultBodyLimit::max(SIGN_IN_BYTES)))
                .layer(axum::middleware::from_fn(show_guests))
                .layer(refuse_foreign_writes())
                .layer(own_pages.clone()),
        )
        .merge(web_routes().into_router())
        .merge(asset_routes().into_router().layer(for_other_origins()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        // Live streams have no end, so they stand outside the time limit.
        .merge(streams().into_router().layer(axum::middleware::from_fn(show_guests)).layer(own_pages))
        .fallback(|| async { Refusal::NotFound.into_response() })
        .layer(axum::middleware::from_fn_with_state(app.clone(), refuse_when_stopping))
        .layer(secure)
        .layer(axum::middleware::from_fn_with_state(Routed::new(app.clone(), templates), measure))
        .with_state(app)
}

/// Refuses what comes after the stop signal; what came before it is finished.
async fn refuse_when_stopping(State(app): State<App>, request: Request, next: Next) -> Response {
    if !app.is_stopping() {
        return next.run(request).await;
    }
    let mut response = Refusal::Busy(Bottleneck::Stopping).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Every route with its admission, group by group.
pub fn routes() -> Vec<Route> {
    let console = [sign_in_routes(), console_routes(), streams()];
    let groups = [widget_routes(), backend_routes(), web_routes(), asset_routes()];
    groups.iter().chain(&console).flat_map(|group| group.list().to_vec()).collect()
}

/// For the widget, on pages of other origins.
fn widget_routes() -> Routes {
    Routes::default()
        .post("/v1/session", widget::session::post)
        .post("/v1/events", widget::events::post)
        .post("/v1/progress", widget::progress::post)
        .post("/v1/clips", widget::clips::post)
        .get("/v1/media/{site}/{file}", widget::clips::get)
        .post("/v1/help", widget::articles::post)
        .get("/v1/chat", chat::open)
        .post("/v1/chat/stream", chat::listen)
        .post("/v1/chat/send", chat::send)
        .post("/v1/chat/files", uploads::create)
        .post("/v1/chat/files/link", uploads::link)
        .post("/v1/chat/files/{site}/{id}", uploads::append)
        .post("/v1/chat/files/{site}/{id}/drop", uploads::cancel)
        .get("/v1/files/{site}/{conversation}/{id}", uploads::download)
        .get("/v1/pictures/{site}/{id}", pictures::get)
}

/// For the host's backend.
fn backend_routes() -> Routes {
    Routes::default()
        .post("/v1/facts", backend::facts::post)
        .put("/v1/accounts/{id}", backend::accounts::put)
        .put("/v1/desk", backend::support::put)
        .get("/v1/export/{what}", backend::exports::get)
        .delete("/v1/users/{id}", backend::users::delete)
        .delete("/v1/accounts/{id}", backend::users::delete_account)
        .put("/v1/flows/{name}", backend::flows::put)
}

/// For the console, while nobody is signed in: anybody may send a body there.
fn sign_in_routes() -> Routes {
    Routes::default()
        .post("/api/session", sign_in::post)
        .delete("/api/session", sign_in::delete)
        .post("/api/link", links::post)
}

/// For the console.
fn console_routes() -> Routes {
    Routes::default()
        .get("/api/session", sign_in::get)
        .put("/api/profile", profile::put)
        .get("/api/profile/picture", picture::get)
        .put("/api/profile/picture", picture::put)
        .delete("/api/profile/picture", picture::delete)
        .put("/api/security/password", profile::put_password)
        .get("/api/security", sessions::get)
        .get("/api/security/log", security_log::get)
        .delete("/api/security/browsers/{id}", sessions::delete)
        .post("/api/security/codes", totp::begin)
        .put("/api/security/codes", totp::confirm)
        .delete("/api/security/codes", totp::turn_off)
        .get("/api/integration", integration::get)
        .get("/api/quarantine", quarantine::get)
        .get("/api/journey", reports::journey::get)
        .get("/api/journey/accounts", reports::funnel_accounts::get)
        .get("/api/postponed", reports::snoozed::get)
        .get("/api/feelings", reports::survey::get)
        .get("/api/feelings/accounts", reports::survey::accounts)
        .get("/api/clips", reports::clips::get)
        .get("/api/clips/accounts", reports::clips::accounts)
        .get("/api/help", reports::help::get)
        .get("/api/help/accounts", reports::help::accounts)
        .get("/api/inbox", inbox::list)
        .get("/api/pointers", inbox::composer_options)
        .get("/api/inbox/search", inbox::search)
        .get("/api/inbox/moments", inbox::moments)
        .get("/api/inbox/{conversation}/transcript", inbox::transcript)
        .post("/api/inbox/{conversation}/files", inbox::create_upload)
        .get("/api/inbox/{conversation}/files/{id}", inbox::download)
        .put("/api/inbox/{conversation}/bar", inbox::block)
        .delete("/api/inbox/{conversation}/bar", inbox::unblock)
        .get("/api/inbox/{conversation}", inbox::conversation)
        .post("/api/inbox/{conversation}", inbox::append)
        .patch("/api/inbox/{conversation}", inbox::patch)
}

/// Pages that are the same for everybody, and health.
fn web_routes() -> Routes {
    Routes::default()
        .get("/", |_: Anyone| async { Redirect::temporary("/console") })
        .get("/console", web::assets::console)
        .get("/console/{*page}", web::assets::console)
        .get("/health/live", web::health::live)
        .get("/health/ready", web::health::ready)
        .get("/health/stream", web::health::stream)
}

/// Files that pages of every origin load.
fn asset_routes() -> Routes {
    Routes::default()
        .get("/tabiji.js", web::assets::loader)
        .get("/{loader}", web::assets::pinned)
        .get("/assets/{file}", web::assets::hashed)
}

/// What the console listens to as long as it is open.
fn streams() -> Routes {
    Routes::default().get("/api/live", reports::live::get).get("/api/inbox/live", inbox::live)
}
