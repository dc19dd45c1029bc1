//! The grammar of a flow file: unknown and missing keys, and values of another kind, all of them in one run. What is
//! allowed stands in the JSON Schema of the protocol's types, so nothing is written twice.

use std::ops::Range;

use protocol::files::Flow;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{MAX_PROBLEMS, Problem, Severity};

/// A longer word, in bytes, is no misspelling of any that is known.
const MAX_WORD: usize = 64;
/// Words that differ by more of their letters than this share have nothing to do with each other.
const ALIKE: usize = 3;

/// Returns every mistake of grammar; none for a text that is no TOML at all.
pub(super) fn problems(text: &str) -> Vec<Problem> {
    let Ok(root) = DeTable::parse(text) else { return Vec::new() };
    let schema = schemars::schema_for!(Flow).to_value();
    let mut check = Check { schema: &schema, problems: Vec::new() };
    check.table(root.get_ref(), root.span(), &schema, true);
    check.problems
}

struct Check<'a> {
    schema: &'a Value,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn add(&mut self, tag: &'static str, span: Range<usize>, message: String, help: String) {
        self.problems.push(Problem { severity: Severity::Error, tag, message, help, span });
    }

    /// Checks a value against what may stand there.
    fn value(&mut self, key: &str, value: &Spanned<DeValue<'_>>, schema: &'a Value) {
        let schema = self.resolved(schema);
        if let Some(words) = words(schema) {
            return self.word(key, value, &words);
        }
        let kinds = self.kinds(schema);
        if !kinds.iter().any(|kind| is(value.get_ref(), kind)) {
            let expected = if is_text_by_language(schema) {
                "a text for each language, such as { ja = \"…\", en = \"…\" }".to_owned()
            } else {
                kinds.iter().map(|kind| said(kind)).collect::<Vec<_>>().join(" or ")
            };
            let help = format!("write {expected}");
            return self.add("bad-value", value.span(), format!("{key} is {expected}"), help);
        }
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, value.span(), schema, false),
            DeValue::Array(list) => {
                if let Some(items) = schema.get("items") {
                    list.iter().for_each(|item| self.value(key, item, items));
                }
            }
            DeValue::Integer(number)
                if schema.get("minimum").is_some() && number.as_str().starts_with('-') =>
            {
                let help = "write a whole number from 0".to_owned();
                self.add("bad-value", value.span(), format!("{key} is below 0"), help);
            }
            _ => {}
        }
    }

    /// Checks the keys of a table, and their values.
    fn table(&mut self, table: &DeTable<'_>, span: Range<usize>, schema: &'a Value, is_root: bool) {
        let fields = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let mut meant = Vec::new();
        for (key, value) in table.iter() {
            if self.problems.len() >= MAX_PROBLEMS {
                return;
            }
            let name = key.get_ref().as_ref();
            match (fields.and_then(|fields| fields.get(name)), others) {
                (Some(field), _) => self.value(name, value, field),
                (None, Some(other)) => self.value(name, value, other),
                // A rule of its own says what it is about.
                (None, None) if is_root && name == "version" => {}
                (None, None) => {
                    let known: Vec<&str> =
                        fields.into_iter().flat_map(Map::keys).map(String::as_str).collect();
                    meant.extend(nearest(name, &known).map(str::to_owned));
                    let help = suggestion(name, &known, "`tabiji schema` lists every field for your editor");
                    self.add("unknown-field", key.span(), format!("there is no field {name}"), help);
                }
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            // A misspelt field is one mistake and not two.
            if table.get(name).is_none() && !meant.iter().any(|meant| meant == name) {
                let help = format!("add {name} = …; `tabiji flow new` writes a complete flow");
                self.add("missing-field", span.clone(), format!("{name} is missing"), help);
            }
        }
    }

    /// Checks one of several words.
    fn word(&mut self, key: &str, value: &Spanned<DeValue<'_>>, known: &[&str]) {
        let given = value.get_ref().as_str().unwrap_or_default();
        if !known.contains(&given) {
            let all = known.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
            let help = suggestion(given, known, &format!("write one of {all}"));
            self.add("bad-value", value.span(), format!("{key} is one of {all}"), help);
        }
    }

    /// Follows references, and leaves out "or nothing", which TOML cannot write.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let reference = schema.get("$ref").and_then(Value::as_str);
        if let Some(name) = reference.and_then(|reference| reference.strip_prefix("#/$defs/")) {
            return self.resolved(&self.schema["$defs"][name]);
        }
        let choices = schema.get("anyOf").and_then(Value::as_array);
        let mut real = choices.into_iter().flatten().filter(|one| one["type"] != "null");
        match (real.next(), real.next()) {
            (Some(only), None) => self.resolved(only),
            _ => schema,
        }
    }

    /// The kinds of values that may stand there; every kind when the schema says none.
    fn kinds(&self, schema: &'a Value) -> Vec<&'a str> {
        let of = |schema: &'a Value| match &schema["type"] {
            Value::String(kind) => vec![kind.as_str()],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let choices = schema.get("anyOf").and_then(Value::as_array);
        let all: Vec<&str> = match choices {
            Some(choices) => choices.iter().flat_map(|one| of(self.resolved(one))).collect(),
            None => of(schema),
        };
        all.into_iter().filter(|kind| *kind != "null").collect()
    }
}

/// The words of a value that is one of several.
fn words(schema: &Value) -> Option<Vec<&str>> {
    let listed = schema.get("enum").and_then(Value::as_array);
    let single = schema.get("oneOf").and_then(Value::as_array);
    match (listed, single) {
        (Some(words), _) => words.iter().map(Value::as_str).collect(),
        (None, Some(choices)) => choices.iter().map(|one| one.get("const").and_then(Value::as_str)).collect(),
        (None, None) => None,
    }
}

fn is_text_by_language(schema: &Value) -> bool {
    schema["type"] == "object" && schema["additionalProperties"]["type"] == "string"
}

fn is(value: &DeValue<'_>, kind: &str) -> bool {
    match value {
        DeValue::String(_) => kind == "string",
        DeValue::Integer(_) => kind == "integer" || kind == "number",
        DeValue::Float(_) => kind == "number",
        DeValue::Boolean(_) => kind == "boolean",
        DeValue::Array(_) => kind == "array",
        DeValue::Table(_) => kind == "object",
        DeValue::Datetime(_) => false,
    }
}

/// A kind of value in plain words.
fn said(kind: &str) -> &'static str {
    match kind {
        "string" => "a text in quotes",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list in [ ]",
        _ => "a table in { }",
    }
}

fn suggestion(given: &str, known: &[&str], otherwise: &str) -> String {
    nearest(given, known).map_or_else(|| otherwise.to_owned(), |word| format!("did you mean {word}?"))
}

/// The known word that a misspelt one was meant to be.
fn nearest<'w>(given: &str, known: &[&'w str]) -> Option<&'w str> {
    if given.len() > MAX_WORD {
        return None;
    }
    let distances = known.iter().map(|word| (strsim::osa_distance(given, word), *word));
    let (distance, word) = distances.min()?;
    (distance <= word.chars().count().max(ALIKE) / ALIKE).then_some(word)
}
