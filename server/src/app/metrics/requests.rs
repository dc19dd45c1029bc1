//! How long requests take, and what is refused. A stream counts until its answer begins, and as open until it ends.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;

use super::{Answered, Lasting, Templates};
use crate::app::App;
use crate::http::Refusal;

/// What stands for a path that no route has.
const NO_ROUTE: &str = "none";

/// A collector, and the routes that it measures apart.
#[derive(Clone)]
pub struct Routed {
    app: App,
    templates: Arc<Templates>,
}

impl Routed {
    /// Requests of a collector with these routes.
    pub fn new(app: App, templates: Templates) -> Self {
        Self { app, templates: Arc::new(templates) }
    }
}

/// Measures one request.
pub async fn measure(
    State(Routed { app, templates }): State<Routed>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = method(request.method());
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.and_then(|path| templates.get(path.as_str())).copied().unwrap_or(NO_ROUTE);
    let response = next.run(request).await;
    let answered = Answered { method, route, status: class(response.status()) };
    app.metrics.requests.get_or_create(&answered).observe(begun.elapsed().as_secs_f64());
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        app.metrics.refused(refusal);
    }
    if !is_stream(&response) {
        return response;
    }
    let open = Lasting::of(&app.metrics.streams);
    response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _open = &open;
            frame
        }))
    })
}

fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"text/event-stream"))
}

/// A method's name; clients invent others.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
