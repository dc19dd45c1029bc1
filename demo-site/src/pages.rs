//! The pages of 営業ノート, and the forms on them.

mod actions;
mod deals;
mod forms;
mod layout;
mod message;
mod refused;
mod views;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::Markup;

use crate::Arguments;
use crate::backend::Backend;
use crate::book::{Book, Company, LOGINS, Login};
use crate::text::Language;

/// What the pages share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    book: Book,
    backend: Backend,
    collector: String,
    public_key: String,
    policy: HeaderValue,
}

impl App {
    /// Puts the parts together.
    pub fn new(book: Book, backend: Backend, arguments: &Arguments) -> Self {
        let collector = arguments.collector.trim_end_matches('/').to_owned();
        let policy = policy(&collector, arguments.forbid_wasm, arguments.forbid_sockets);
        Self(Arc::new(Shared { book, backend, collector, public_key: arguments.public_key.clone(), policy }))
    }
}

/// What a careful product allows: itself, and the collector where the widget needs it.
fn policy(collector: &str, forbid_wasm: bool, forbid_sockets: bool) -> HeaderValue {
    // With the slash a path covers what is below it, and without one itself alone.
    let collector = [collector, "/"].concat();
    let wasm = if forbid_wasm { "" } else { " 'wasm-unsafe-eval'" };
    // "https:" with a host covers no "wss:".
    let sockets = if forbid_sockets { String::new() } else { collector.replacen("http", " ws", 1) };
    let text = format!(
        "default-src 'none'; script-src 'self' {collector}{wasm}; connect-src 'self' {collector}{sockets}; \
         style-src 'self'; img-src 'self' data: blob: {collector}; media-src {collector}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(views::dashboard))
        .route("/users", get(views::users).post(forms::add_person))
        .route("/users/remove", post(forms::remove_person))
        .route("/pipeline", get(views::pipeline).post(forms::save_stages))
        .route("/deals", get(views::deals).post(forms::add_deal))
        .route("/deals/import", post(forms::import_deals))
        .route("/actions/users", post(actions::users))
        .route("/actions/pipeline", post(actions::pipeline))
        .route("/actions/deals", post(actions::deals))
        .route("/reports", get(views::reports))
        .route("/login", get(views::login).post(forms::log_in))
        .route("/language", post(forms::choose_language))
        .route("/token", get(token))
        .route("/app.js", get(|| file("text/javascript; charset=utf-8", include_str!("../static/app.js"))))
        .route("/site.css", get(|| file("text/css; charset=utf-8", include_str!("../static/site.css"))))
        .with_state(app)
}

async fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// Returns a fresh identity token for the signed-in person.
async fn token(State(app): State<App>, visit: Visit) -> Result<String, StatusCode> {
    app.0.backend.token(&visit.login).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// Who is there, and how they want to read.
pub struct Visit {
    login: Login,
    language: Language,
    said: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let cookie = |name: &str| cookie(&parts.headers, name);
        let user = cookie("demo_user");
        // A demo opens without a password: the first person is signed in unless another was chosen.
        let login = LOGINS.into_iter().find(|login| Some(login.user) == user.as_deref()).unwrap_or(LOGINS[0]);
        let wish = cookie("demo_language")
            .or_else(|| parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().map(str::to_owned));
        let said = parts.uri.query().and_then(|query| query.strip_prefix("said=")).map(str::to_owned);
        Ok(Self { login, language: Language::of(wish.as_deref().unwrap_or("ja")), said })
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    all.split(';').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

impl App {
    fn company(&self, visit: &Visit) -> Company {
        self.0.book.company(visit.login.account)
    }

    /// A page with its policy.
    fn page(&self, visit: &Visit, title: &str, path: &str, inside: Markup) -> Response {
        let shared = &self.0;
        let Ok(token) = shared.backend.token(&visit.login) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let embed =
            layout::Embed { collector: &shared.collector, public_key: &shared.public_key, token: &token };
        let page = layout::page(visit.language, &visit.login, &embed, title, path, inside);
        let policy = (header::CONTENT_SECURITY_POLICY, shared.policy.clone());
        ([policy, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], page).into_response()
    }
}
