//! The one list of routes, by who calls them. A new route goes here, into its group; its handler names an admission
//! ([`crate::auth`]) or does not compile, and `server/tests/admission/routes.txt` lists it.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::widget::ProgressReply;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::app::metrics::{Routed, measure};
use crate::auth::{Anyone, Route, Routes, cors, note_refused};
use crate::console::auth::{links, picture, profile, security_log, sessions, sign_in, totp};
use crate::console::{inbox, integration, quarantine, reports};
use crate::http::Bottleneck::{Client, Guests, Handshakes, Stopping, Uploads};
use crate::http::Refusal::*;
use crate::http::{for_other_origins, refuse_foreign, refuse_foreign_writes, secure, show_guests};
use crate::openapi::{self, Operation, Schemas};
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
                .layer(refuse_foreign_writes(&app.config.public_url))
                .layer(own_pages.clone()),
        )
        .merge(web_routes().into_router())
        .merge(asset_routes().into_router().layer(for_other_origins()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        // Live streams have no end, so they stand outside the time limit.
        .merge(streams().into_router().layer(axum::middleware::from_fn(show_guests)).layer(own_pages))
        .fallback(|| async { NotFound.into_response() })
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
    let mut response = Busy(Stopping).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Every route with its admission, group by group.
pub fn routes() -> Vec<Route> {
    groups().iter().flat_map(Routes::list).collect()
}

async fn root(State(app): State<App>, _: Anyone) -> Redirect {
    Redirect::temporary(&app.config.public_path("/console"))
}

async fn document(_: Anyone) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], openapi()).into_response()
}

/// The document, which is the same as long as the program runs.
fn openapi() -> &'static str {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let described: Vec<_> = groups().iter().flat_map(Routes::described).collect();
        openapi::document(&described).to_string()
    })
}

fn groups() -> [Routes; 7] {
    let [widget, backend] = [widget_routes(), backend_routes()];
    [widget, backend, sign_in_routes(), console_routes(), streams(), web_routes(), asset_routes()]
}

/// For the widget, on pages of other origins.
fn widget_routes() -> Routes {
    Routes::default()
        .post("/v1/session", widget::session::post)
        .post("/v1/events", widget::events::post)
        .says(|it, _| it.refuses([TooMany(0), GuestBudget(0), Busy(Guests)]))
        .post("/v1/progress", widget::progress::post)
        .says(|it, schemas| {
            it.sends_json::<ProgressReply>(200, schemas);
            it.sends_nothing(204);
        })
        .post("/v1/clips", widget::clips::post)
        .get("/v1/media/{site}/{file}", widget::clips::get)
        .says(file)
        .post("/v1/help", widget::articles::post)
        .get("/v1/chat", chat::open)
        .says(|it, _| it.refuses([Busy(Handshakes)]))
        .post("/v1/chat/stream", chat::listen)
        .says(|it, schemas| {
            stream(it, schemas);
            it.refuses([GuestBudget(0), Busy(Client)]);
        })
        .post("/v1/chat/send", chat::send)
        .says(|it, _| {
            it.refuses([TooMany(0), TooFast(0), BadToken("")]);
            it.leads("console.inbox.conversation.get", "conversation", "/0/c");
        })
        .post("/v1/chat/files", uploads::create)
        .says(|it, _| it.refuses([TooFast(0), GuestBudget(0), TooLarge(0), BadFile, FilesFull]))
        .post("/v1/chat/files/link", uploads::link)
        .post("/v1/chat/files/{site}/{id}", uploads::append)
        .says(|it, _| {
            it.takes("application/octet-stream");
            it.refuses([Busy(Uploads), TooLarge(0), TooSlow, BadGzip, BadFile]);
            it.refuses([Malformed(String::new())]);
        })
        .post("/v1/chat/files/{site}/{id}/drop", uploads::cancel)
        .get("/v1/files/{site}/{conversation}/{id}", uploads::download)
        .says(file)
        .get("/v1/pictures/{site}/{id}", pictures::get)
        .says(file)
}

/// For the host's backend.
fn backend_routes() -> Routes {
    Routes::default()
        .post("/v1/facts", backend::facts::post)
        .says(|it, _| it.refuses([TooMany(0)]))
        .put("/v1/accounts/{id}", backend::accounts::put)
        .put("/v1/desk", backend::support::put)
        .says(|it, _| it.refuses([BrokenSupportFile(String::new())]))
        .get("/v1/export/{what}", backend::exports::get)
        .says(|it, _| {
            it.sends(200, "application/x-ndjson");
            it.sends(200, "text/csv");
            it.sends(200, backend::exports::PARQUET);
        })
        .delete("/v1/users/{id}", backend::users::delete)
        .delete("/v1/accounts/{id}", backend::users::delete_account)
        .put("/v1/flows/{name}", backend::flows::put)
        .says(|it, _| it.refuses([BrokenFlow(String::new())]))
}

/// For the console, while nobody is signed in: anybody may send a body there.
fn sign_in_routes() -> Routes {
    Routes::default()
        .post("/api/session", sign_in::post)
        .says(|it, _| {
            it.sends_nothing(204);
            it.refuses([WrongPassword, CodeNeeded, WrongCode, TooManyTries(0), DeadLink, AddressTaken]);
            it.refuses([WeakPassword, ForeignPage]);
        })
        .delete("/api/session", sign_in::delete)
        .says(|it, _| {
            it.sends_nothing(204);
            it.refuses([ForeignPage]);
        })
        .post("/api/link", links::post)
        .says(|it, _| it.refuses([TooManyTries(0), DeadLink, ForeignPage]))
}

/// For the console.
fn console_routes() -> Routes {
    Routes::default()
        .get("/api/session", sign_in::get)
        .put("/api/profile", profile::put)
        .get("/api/profile/picture", picture::get)
        .says(|it, schemas| {
            file(it, schemas);
            it.sends_nothing(204);
        })
        .put("/api/profile/picture", picture::put)
        .says(|it, _| {
            it.takes("application/octet-stream");
            it.refuses([Malformed(String::new()), BadGzip, TooLarge(0), TooSlow, BadFile]);
        })
        .delete("/api/profile/picture", picture::delete)
        .put("/api/security/password", profile::put_password)
        .says(|it, _| it.refuses([TooManyTries(0), WrongPassword, WeakPassword]))
        .get("/api/security", sessions::get)
        .get("/api/security/log", security_log::get)
        .delete("/api/security/browsers/{id}", sessions::delete)
        .post("/api/security/codes", totp::begin)
        .says(|it, _| it.refuses([TooManyTries(0), WrongPassword]))
        .put("/api/security/codes", totp::confirm)
        .says(|it, _| it.refuses([NotFound, TooManyTries(0), WrongCode]))
        .delete("/api/security/codes", totp::turn_off)
        .says(|it, _| it.refuses([NotFound, TooManyTries(0), WrongCode]))
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
        .says(|it, _| it.leads("console.inbox.conversation.get", "conversation", "/0/c"))
        .get("/api/pointers", inbox::composer_options)
        .get("/api/inbox/search", inbox::search)
        .get("/api/inbox/moments", inbox::moments)
        .get("/api/inbox/{conversation}/transcript", inbox::transcript)
        .says(|it, _| it.sends(200, "text/plain"))
        .post("/api/inbox/{conversation}/files", inbox::create_upload)
        .says(|it, _| it.refuses([TooLarge(0), BadFile, FilesFull]))
        .get("/api/inbox/{conversation}/files/{id}", inbox::download)
        .says(|it, _| it.sends_nothing(303))
        .put("/api/inbox/{conversation}/bar", inbox::block)
        .delete("/api/inbox/{conversation}/bar", inbox::unblock)
        .get("/api/inbox/{conversation}", inbox::conversation)
        .post("/api/inbox/{conversation}", inbox::append)
        .patch("/api/inbox/{conversation}", inbox::patch)
}

/// Pages that are the same for everybody, and health.
fn web_routes() -> Routes {
    Routes::default()
        .get("/", root)
        .says(|it, _| it.sends_nothing(307))
        .get("/openapi.json", document)
        .says(|it, _| it.sends(200, "application/json"))
        .get("/console", web::assets::console)
        .says(page)
        .get("/console/", web::assets::console_with_slash)
        .says(|it, _| it.sends_nothing(307))
        .get("/console/{*page}", web::assets::console_below)
        .says(page)
        .get("/health/live", web::health::live)
        .get("/health/ready", web::health::ready)
        .get("/health/stream", web::health::stream)
        .says(stream)
}

/// Files that pages of every origin load.
fn asset_routes() -> Routes {
    Routes::default()
        .get("/tabiji.js", web::assets::loader)
        .says(file)
        .get("/{loader}", web::assets::pinned)
        .says(file)
        .get("/assets/{file}", web::assets::hashed)
        .says(file)
}

/// What the console listens to as long as it is open.
fn streams() -> Routes {
    Routes::default()
        .get("/api/live", reports::live::get)
        .says(stream)
        .get("/api/inbox/live", inbox::live)
        .says(stream)
}

/// A file, of which browsers keep what they have.
fn file(it: &mut Operation, _: &mut Schemas) {
    it.sends(200, "*/*");
    it.sends(206, "*/*");
    it.sends_nothing(304);
    it.sends_nothing(416);
    it.refuses([NotFound]);
}

/// The console's page, where it is built.
fn page(it: &mut Operation, _: &mut Schemas) {
    it.sends(200, "text/html");
    it.sends_nothing(304);
    it.refuses([NotFound]);
}

/// Events as long as the caller listens.
fn stream(it: &mut Operation, _: &mut Schemas) {
    it.sends(200, "text/event-stream");
}
