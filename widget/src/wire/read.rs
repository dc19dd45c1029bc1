//! From JSON: values, lists and tables.

use protocol::SortedMap;
use wasm_bindgen::JsValue;

use crate::js;

/// A parsed value; what is missing reads as nothing.
#[derive(Clone, Default)]
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

    /// A field that is there and not null.
    fn present(&self, name: &str) -> Option<Self> {
        let field = self.field(name);
        (!field.0.is_undefined() && !field.0.is_null()).then_some(field)
    }

    /// Whether a field is there and not null.
    pub fn has(&self, name: &str) -> bool {
        self.present(name).is_some()
    }

    /// A field that must be there.
    pub fn get<T: Read>(&self, name: &str) -> Option<T> {
        T::read(&self.present(name)?)
    }

    /// Reads a field into its place; returns whether it is there and of the right shape. In a large type this is less
    /// code than moving what `get` returns.
    #[inline(never)]
    pub fn fill<T: Read>(&self, name: &str, place: &mut T) -> bool {
        let value = self.get(name);
        let is_there = value.is_some();
        if let Some(value) = value {
            *place = value;
        }
        is_there
    }

    /// Runs for each item of a list until that says no; returns whether it is a list and every item was good.
    fn each(&self, run: &mut dyn FnMut(&Self) -> bool) -> bool {
        let Some(list) = js::items(&self.0) else { return false };
        for item in list {
            if !run(&Self(item)) {
                return false;
            }
        }
        true
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

// One loop for lists of all types: what an iterator's `collect` brings is compiled again for each.
impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Option<Self> {
        let mut all = Self::new();
        let mut add = |item: &Json| {
            let value = T::read(item);
            let is_good = value.is_some();
            if let Some(value) = value {
                all.push(value);
            }
            is_good
        };
        json.each(&mut add).then_some(all)
    }
}

/// Reads an object whose keys are ids or names.
pub(super) fn table<K: Ord, V: Read>(json: &Json, key: fn(String) -> K) -> SortedMap<K, V> {
    json.pairs().into_iter().filter_map(|(name, value)| Some((key(name), V::read(&value)?))).collect()
}
