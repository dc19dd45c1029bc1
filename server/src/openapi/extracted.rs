//! What an argument of a handler says of the request.

use axum::extract::Request;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use schemars::JsonSchema;

use super::{Operation, Schemas};
use crate::http::{Document, Path, Query, Refusal, Text};

/// An argument of a handler after its admission.
pub trait Extracted {
    /// Adds what it reads.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

/// What is wrong with a body before anything of it is known.
pub(crate) fn body_refusals() -> [Refusal; 6] {
    [
        Refusal::Malformed(String::new()),
        Refusal::BadGzip,
        Refusal::TooDeep,
        Refusal::TooLarge(0),
        Refusal::TooSlow,
        Refusal::TooManyValues(0),
    ]
}

impl<T: JsonSchema> Extracted for Document<T> {
    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.takes_json::<T>(schemas);
        operation.refuses(body_refusals());
    }
}

impl Extracted for Text {
    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.takes("text/plain");
        operation.refuses(body_refusals());
    }
}

impl<T: JsonSchema> Extracted for Query<T> {
    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.query::<T>(schemas);
        operation.refuses([Refusal::Malformed(String::new())]);
    }
}

/// Its names are known from the route.
impl<T> Extracted for Path<T> {
    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.refuses([Refusal::NotFound]);
    }
}

impl Extracted for HeaderMap {
    fn describe(_: &mut Operation, _: &mut Schemas) {}
}

/// A handler that reads the whole of it says beside the route what it takes.
impl Extracted for Request {
    fn describe(_: &mut Operation, _: &mut Schemas) {}
}

impl Extracted for Result<WebSocketUpgrade, WebSocketUpgradeRejection> {
    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.sends_nothing(101);
        operation.refuses([Refusal::Malformed(String::new())]);
    }
}
