//! The schemas of all types. What is taken and what is sent of one type differ: a field that may be left out is always
//! sent, and one that callers must not write is there.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value};

/// Where they stand in the document.
const PLACE: &str = "/components/schemas";

/// The schemas of what is taken, and of what is sent.
pub struct Schemas {
    pub(super) taken: SchemaGenerator,
    pub(super) sent: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = PLACE.into();
        settings.meta_schema = None;
        Self { taken: settings.clone().into_generator(), sent: settings.for_serialize().into_generator() }
    }

    /// All of them by name, with `answers` that point at them: what is sent of a type that is taken as well has a name
    /// with `Sent` at its end.
    pub(super) fn into_definitions(
        mut self,
        answers: impl Iterator<Item = impl FnOnce(&dyn Fn(&mut Value))>,
    ) -> Map<String, Value> {
        let mut all = self.taken.take_definitions(true);
        let both: Vec<String> = all.keys().cloned().collect();
        let rename = |name: &str| {
            if both.iter().any(|one| one == name) { format!("{name}Sent") } else { name.to_owned() }
        };
        let point = |value: &mut Value| point_at(value, &rename);
        for (name, mut schema) in self.sent.take_definitions(true) {
            point(&mut schema);
            all.insert(rename(&name), schema);
        }
        answers.for_each(|answer| answer(&point));
        all
    }
}

/// Gives every reference in a schema the name that its target has.
fn point_at(value: &mut Value, rename: &impl Fn(&str) -> String) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), field.as_str()) {
                    ("$ref", Some(target)) => {
                        let target = target.rsplit('/').next().unwrap_or_default();
                        *field = format!("#{PLACE}/{}", rename(target)).into();
                    }
                    _ => point_at(field, rename),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| point_at(item, rename)),
        _ => {}
    }
}
