//! `/openapi.json`: every route with what it takes and answers, made of the handlers themselves.
//!
//! A route is registered with its handler ([`crate::auth::Routes`]), and the handler's arguments and its answer say by
//! their types what they are: an argument that is not [`Extracted`] or an answer that is not an [`Answer`] does not
//! compile. Schemas come from the types that are read and written, by the same derive that makes `tabiji schema`. What no
//! type says (kinds of files, refusals of a handler) stands beside the route in `server/src/router.rs`. Reasons:
//! `docs/decisions/0023-openapi.md`.

mod answer;
mod extracted;
mod operation;
mod schemas;

use serde_json::{Map, Value, json};

pub use answer::{Answer, Answers};
pub use extracted::Extracted;
pub(crate) use extracted::body_refusals;
pub use operation::{Operation, Security};
pub use schemas::Schemas;

/// One route, and what describes it.
#[derive(Clone)]
pub struct Described {
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// What its handler is called in the code.
    pub handler: &'static str,
    /// What its admission and its arguments say, then its answer, then what stands beside the route.
    pub parts: Vec<Part>,
}

/// Something that is known of a route.
#[derive(Clone, Copy)]
pub struct Part(pub fn(&mut Operation, &mut Schemas));

/// The document of these routes.
pub fn document(routes: &[Described]) -> Value {
    let mut schemas = Schemas::new();
    let mut operations = Vec::new();
    for route in routes {
        let mut operation = Operation::new(route);
        route.parts.iter().for_each(|Part(describe)| describe(&mut operation, &mut schemas));
        operations.push(operation);
    }
    let answers =
        operations.iter_mut().map(|operation| |point: &dyn Fn(&mut Value)| operation.point_answers(point));
    let schemas = schemas.into_definitions(answers);
    let mut paths: Map<String, Value> = Map::new();
    for (route, operation) in routes.iter().zip(operations) {
        let path = paths.entry(written(route.path)).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation.into_value();
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tabiji",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the collector answers. `/v1` is for widgets and backends and only grows; `/api` is the \
                console's own and changes with it.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": Security::schemes() },
    })
}

/// A path as OpenAPI writes it: what takes several parts of an address has no sign of its own there.
pub fn written(path: &str) -> String {
    path.replace("{*", "{")
}
