//! From JSON: values, lists and tables.

use js_sys::{Array, JSON, Object, Reflect};
use protocol::SortedMap;
use wasm_bindgen::{JsCast, JsValue};

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
        JSON::parse(text).ok().map(Self)
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
        Self(Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED))
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
        let Some(object) = self.0.dyn_ref::<Object>() else { return Vec::new() };
        let pair = |pair: JsValue| {
            let pair: Array = pair.unchecked_into();
            Some((pair.get(0).as_string()?, Self(pair.get(1))))
        };
        Object::entries(object).iter().filter_map(pair).collect()
    }

    pub fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    pub fn item(&self, index: u32) -> Self {
        Self(self.0.dyn_ref::<Array>().map_or(JsValue::UNDEFINED, |list| list.get(index)))
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
        json.0.dyn_ref::<Array>()?.iter().map(|item| T::read(&Json(item))).collect()
    }
}

/// Reads an object whose keys are ids or names.
pub(super) fn table<K: Ord, V: Read>(json: &Json, key: fn(String) -> K) -> SortedMap<K, V> {
    json.pairs().into_iter().filter_map(|(name, value)| Some((key(name), V::read(&value)?))).collect()
}
