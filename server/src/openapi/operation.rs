//! One route in the document, while its parts are added.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::{Described, Schemas, written};
use crate::http::{Bottleneck, Refusal};

/// JSON, as it is sent both ways.
const JSON: &str = "application/json";

/// What lets a caller in, as far as OpenAPI knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// `Authorization: Bearer sk_…`.
    SecretKey,
    /// The cookie of a signed-in operator.
    Session,
}

impl Security {
    fn name(self) -> &'static str {
        match self {
            Self::SecretKey => "secretKey",
            Self::Session => "session",
        }
    }

    pub(super) fn schemes() -> Value {
        json!({
            Self::SecretKey.name(): { "type": "http", "scheme": "bearer", "description": "a site's secret key (sk_…)" },
            Self::Session.name(): { "type": "apiKey", "in": "cookie", "name": "tabiji",
                "description": "over TLS `__Secure-tabiji`; POST /api/session sets it" },
        })
    }
}

/// What a handler is called in the document: its path in the code.
fn id(handler: &str) -> String {
    let path = handler.split_once("::").map_or(handler, |(_, path)| path);
    path.replace("{{closure}}", "answer").replace("::", ".")
}

/// What is known of a route.
pub struct Operation {
    handler: String,
    path: String,
    admission: &'static str,
    security: Option<Security>,
    parameters: Vec<Value>,
    body: Option<(&'static str, Value)>,
    /// Kinds of content with their schemas, by status; none for an answer without one.
    answers: BTreeMap<u16, BTreeMap<&'static str, Vec<Value>>>,
    refusals: BTreeMap<u16, Vec<&'static str>>,
    links: Map<String, Value>,
}

impl Operation {
    pub(super) fn new(route: &Described) -> Self {
        let mut operation = Self {
            handler: id(route.handler),
            path: written(route.path),
            admission: "",
            security: None,
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            refusals: BTreeMap::new(),
            links: Map::new(),
        };
        // While it stops, and when it takes too long.
        operation.refuses([Refusal::Busy(Bottleneck::Stopping)]);
        operation.sends_nothing(408);
        for name in operation.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let parameter = json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } });
            operation.parameters.push(parameter);
        }
        operation
    }

    /// The admission by its name, and what lets in.
    pub fn admits(&mut self, admission: &'static str, security: Option<Security>) {
        (self.admission, self.security) = (admission, security);
    }

    /// The fields of `T` stand in the query.
    pub fn query<T: JsonSchema>(&mut self, schemas: &mut Schemas) {
        let schema = T::json_schema(&mut schemas.taken).to_value();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.iter().any(|one| one == name);
            let parameter = json!({ "name": name, "in": "query", "required": is_required, "schema": schema });
            self.parameters.push(parameter);
        }
    }

    /// The body is JSON of `T`.
    pub fn takes_json<T: JsonSchema>(&mut self, schemas: &mut Schemas) {
        self.body = Some((JSON, schemas.taken.subschema_for::<T>().to_value()));
    }

    /// The body is of this media type.
    pub fn takes(&mut self, kind: &'static str) {
        self.body = Some((kind, json!({ "type": "string" })));
    }

    /// It answers JSON of `T`.
    pub fn sends_json<T: JsonSchema>(&mut self, status: u16, schemas: &mut Schemas) {
        let schema = schemas.sent.subschema_for::<T>().to_value();
        self.answers.entry(status).or_default().entry(JSON).or_default().push(schema);
    }

    /// It answers with this media type.
    pub fn sends(&mut self, status: u16, kind: &'static str) {
        self.answers.entry(status).or_default().entry(kind).or_default().push(json!({}));
    }

    /// It answers with a status alone.
    pub fn sends_nothing(&mut self, status: u16) {
        self.answers.entry(status).or_default();
    }

    /// It refuses for these reasons; what they hold does not matter.
    pub fn refuses(&mut self, refusals: impl IntoIterator<Item = Refusal>) {
        for refusal in refusals {
            let tags = self.refusals.entry(refusal.status().as_u16()).or_default();
            if !tags.contains(&refusal.tag()) {
                tags.push(refusal.tag());
            }
        }
    }

    /// What it asks the store for may fail.
    pub fn asks_store(&mut self) {
        self.refuses([Refusal::StoreAway, Refusal::Failed]);
    }

    /// What stands at `pointer` of the answer is the `parameter` of another route.
    pub fn leads(&mut self, operation: &'static str, parameter: &'static str, pointer: &'static str) {
        let link = json!({ "operationId": operation, "parameters": { parameter: format!("$response.body#{pointer}") } });
        self.links.insert(operation.replace('.', "_"), link);
    }

    /// Lets the references of its answers be changed.
    pub(super) fn point_answers(&mut self, point: &dyn Fn(&mut Value)) {
        self.answers.values_mut().flat_map(BTreeMap::values_mut).flatten().for_each(point);
    }

    pub(super) fn into_value(mut self) -> Value {
        for (status, tags) in &self.refusals {
            let refused = json!({
                "type": "object", "required": ["error"],
                "properties": { "error": {
                    "type": "object", "required": ["tag", "message"],
                    "properties": { "tag": { "enum": tags }, "message": { "type": "string" } },
                } },
            });
            self.answers.entry(*status).or_default().entry(JSON).or_default().push(refused);
        }
        let mut responses = Map::new();
        for (status, kinds) in &self.answers {
            let content: Map<String, Value> = kinds
                .iter()
                .map(|(kind, schemas)| {
                    let schema = if let [only] = schemas.as_slice() {
                        only.clone()
                    } else {
                        json!({ "anyOf": schemas })
                    };
                    ((*kind).to_owned(), json!({ "schema": schema }))
                })
                .collect();
            let refused = self.refusals.get(status).map(|tags| format!("refused: {}", tags.join(", ")));
            let mut response = json!({ "description": refused.unwrap_or_else(|| "answered".into()) });
            if !content.is_empty() {
                response["content"] = content.into();
            }
            if *status == 200 && !self.links.is_empty() {
                response["links"] = self.links.clone().into();
            }
            responses.insert(status.to_string(), response);
        }
        let mut value = json!({
            "operationId": self.handler,
            "description": format!("Admission: {}", self.admission),
            "tags": [self.path.split('/').nth(1).filter(|tag| ["v1", "api"].contains(tag)).unwrap_or("web")],
            "x-admission": self.admission,
            "parameters": self.parameters,
            "responses": responses,
        });
        if let Some((kind, schema)) = self.body {
            value["requestBody"] = json!({ "required": true, "content": { kind: { "schema": schema } } });
        }
        if let Some(security) = self.security {
            value["security"] = json!([{ security.name(): [] }]);
        }
        value
    }
}
