//! From JSON: values, lists and tables.

use protocol::SortedMap;
use wasm_bindgen::JsValue;

use crate::js;

/// A parsed value; what is missing reads as nothing.
#[derive(Clone)]
pub struct Json(pub(super) JsValue);

/// A type that can be read; none when the value is of another shape.
pub trait Read: Sized {
    /// Reads one value.
    fn read(json: &Json) -> Option<Self>;
}

impl Json {
    /// Parses a text.
    pub fn parse(text: &str) -> Option<Self> {
        let value = js::parse(text);
        (!value.is_undefined()).then_some(Self(value))
    }

    /// A value that JavaScript holds already.
    pub fn of(value: JsValue) -> Self {
        Self(value)
    }

    /// A value that is not there.
    pub fn missing() -> Self {
        Self(JsValue::UNDEFINED)
    }

    /// The value as JavaScript has it.
    pub fn value(&self) -> &JsValue {
        &self.0
    }

    /// A field, whatever is in it.
    pub fn field(&self, name: &str) -> Self {
        Self(js::get(&self.0, name))
    }

    /// Whether a field is there and not null.
    pub fn has(&self, name: &str) -> bool {
        let field = self.field(name).0;
        !field.is_undefined() && !field.is_null()
    }

    /// A field that must be there.
    pub fn get<T: Read>(&self, name: &str) -> Option<T> {
        if self.has(name) { T::read(&self.field(name)) } else { None }
    }

    /// A field that has a default.
    pub fn or_default<T: Read + Default>(&self, name: &str) -> T {
        self.get(name).unwrap_or_default()
    }

    /// The pairs of an object, in its own order.
    pub fn pairs(&self) -> Vec<(String, Self)> {
        let mut all = js::fields(&self.0).into_iter();
        let mut pairs = Vec::new();
        while let (Some(name), Some(value)) = (all.next(), all.next()) {
            pairs.push((name.as_string().unwrap_or_default(), Self(value)));
        }
        pairs
    }

    pub fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
}

impl Read for Json {
    fn read(json: &Json) -> Option<Self> {
        Some(json.clone())
    }
}

impl Read for String {
    fn read(json: &Json) -> Option<Self> {
        json.0.as_string()
    }
}

impl Read for bool {
    fn read(json: &Json) -> Option<Self> {
        json.0.as_bool()
    }
}

impl Read for i64 {
    fn read(json: &Json) -> Option<Self> {
        json.number().map(|number| number as Self)
    }
}

impl Read for u32 {
    fn read(json: &Json) -> Option<Self> {
        json.number().map(|number| number as Self)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Option<Self> {
        js::items(&json.0)?.into_iter().map(|item| T::read(&Json(item))).collect()
    }
}

/// Reads an object whose keys are ids or names.
pub(super) fn table<K: Ord, V: Read>(json: &Json, key: fn(String) -> K) -> SortedMap<K, V> {
    json.pairs().into_iter().filter_map(|(name, value)| Some((key(name), V::read(&value)?))).collect()
}
