//! What a handler's answer says of the response.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use schemars::JsonSchema;

use super::{Operation, Schemas};
use crate::http::Refusal;

/// What a handler returns.
pub trait Answer {
    /// Adds what is answered.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

/// A handler with arguments `T`, as axum has them, whose answer is known by its type.
pub trait Answers<T> {
    /// Adds what it answers.
    fn describe(operation: &mut Operation, schemas: &mut Schemas);
}

macro_rules! answers {
    ($($argument:ident),*) => {
        impl<F, W, R, M, $($argument),*> Answers<(M, $($argument,)*)> for F
        where
            F: FnOnce($($argument),*) -> W,
            W: Future<Output = R>,
            R: Answer,
        {
            fn describe(operation: &mut Operation, schemas: &mut Schemas) {
                R::describe(operation, schemas);
            }
        }
    };
}

answers!(A1);
answers!(A1, A2);
answers!(A1, A2, A3);
answers!(A1, A2, A3, A4);
answers!(A1, A2, A3, A4, A5);

/// What may be refused asks the store; a handler's own reasons stand beside its route.
impl<T: Answer> Answer for Result<T, Refusal> {
    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        T::describe(operation, schemas);
        operation.asks_store();
        operation.refuses([Refusal::Busy(crate::http::Bottleneck::Writes)]);
    }
}

impl<T: JsonSchema> Answer for Json<T> {
    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.sends_json::<T>(200, schemas);
    }
}

/// A handler that returns a status alone has nothing to say but that it is done.
impl Answer for StatusCode {
    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.sends_nothing(204);
    }
}

impl<T: JsonSchema> Answer for (StatusCode, Json<T>) {
    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.sends_json::<T>(200, schemas);
        operation.sends_json::<T>(503, schemas);
    }
}

/// With which status stands beside the route.
impl Answer for Redirect {
    fn describe(_: &mut Operation, _: &mut Schemas) {}
}

impl Answer for &'static str {
    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.sends(200, "text/plain");
    }
}

/// What it is stands beside the route.
impl Answer for Response {
    fn describe(_: &mut Operation, _: &mut Schemas) {}
}
