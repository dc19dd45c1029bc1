//! A small map: a sorted list of pairs.
//!
//! What an account has are a few dozen steps, facts and names. For so few a list is as fast as a
//! tree, and every kind of tree costs a browser ten times the bytes of code.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Values by key, in the order of the keys. On the wire it is an object.
#[derive(Clone, Debug, PartialEq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> SortedMap<K, V> {
    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All pairs, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// All values, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// All values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Sets the value of a key; gives the old one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a key out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }

    /// The value of a key, made when it is not there.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, V::default()));
                at
            }
        };
        &mut self.0[at].1
    }
}

/// Many pairs that come at once. What a stranger sends may be in any order, and putting each in its place moves all
/// that stand behind it; so the pairs are sorted when all are there. A browser reads what its collector wrote, which is
/// in order, and is spared the bytes of a sort.
impl<K: Ord, V> SortedMap<K, V> {
    /// Takes a pair, which may stand in the wrong place until [`Self::sort`].
    fn take(&mut self, key: K, value: V) {
        if cfg!(target_family = "wasm") {
            self.insert(key, value);
        } else {
            self.0.push((key, value));
        }
    }

    /// Sorts the pairs; of equal keys the last one counts.
    fn sort(&mut self) {
        if cfg!(not(target_family = "wasm")) {
            self.0.sort_by(|(one, _), (other, _)| one.cmp(other));
            self.0.dedup_by(|later, kept| {
                let is_same = later.0 == kept.0;
                if is_same {
                    std::mem::swap(later, kept);
                }
                is_same
            });
        }
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        let mut table = Self::default();
        for (key, value) in pairs {
            table.take(key, value);
        }
        table.sort();
        table
    }
}

impl<K: Ord + Borrow<Q>, V, Q: Ord + ?Sized> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    /// # Panics
    /// When the key is not there.
    fn index(&self, key: &Q) -> &V {
        match self.get(key) {
            Some(value) => value,
            None => panic!("the key is not in the table"),
        }
    }
}

#[cfg(feature = "schema")]
impl<K, V: schemars::JsonSchema> schemars::JsonSchema for SortedMap<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("MapOf{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<V>() })
    }
}

impl<K: Serialize, V: Serialize> Serialize for SortedMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for SortedMap<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

struct Pairs<K, V>(PhantomData<(K, V)>);

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Pairs<K, V> {
    type Value = SortedMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Self::Value, A::Error> {
        let mut table = SortedMap::default();
        while let Some((key, value)) = pairs.next_entry()? {
            table.take(key, value);
        }
        table.sort();
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    thread_local!(static COMPARED: Cell<usize> = const { Cell::new(0) });

    /// A key that counts how often it is compared.
    #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
    struct Counted(String);

    impl Ord for Counted {
        fn cmp(&self, other: &Self) -> Ordering {
            COMPARED.set(COMPARED.get() + 1);
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Counted {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    #[test]
    fn s1_pairs_in_any_order_cost_no_more_than_sorting_them() {
        let most = 16_384;
        let ascending = |n: usize| format!("{n:06}");
        let descending = |n: usize| format!("{:06}", most - n);
        let equal = |_: usize| "same".to_owned();
        let shuffled = |n: usize| format!("{:06}", n * 7919 % most);
        for key in [&ascending as &dyn Fn(usize) -> String, &descending, &equal, &shuffled] {
            let pairs: Vec<String> = (0..most).map(|n| format!("\"{}\":{n}", key(n))).collect();
            let text = format!("{{{}}}", pairs.join(","));
            COMPARED.set(0);
            let table: SortedMap<Counted, usize> = serde_json::from_str(&text).unwrap();
            // log₂ n is 14, and each pair is compared with the one before it.
            assert!(COMPARED.get() <= most * 20, "{}", COMPARED.get());
            assert!(table.iter().zip(table.iter().skip(1)).all(|((one, _), (next, _))| one.0 < next.0));
        }
    }

    proptest! {
        #[test]
        fn reading_pairs_is_inserting_them_one_by_one(pairs in prop::collection::vec((0u8..8, 0u8..4), 0..40)) {
            let mut one_by_one = SortedMap::default();
            for (key, value) in &pairs {
                one_by_one.insert(key.to_string(), *value);
            }
            let text: Vec<String> = pairs.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            let read: SortedMap<String, u8> = serde_json::from_str(&format!("{{{}}}", text.join(","))).unwrap();
            prop_assert_eq!(&read, &one_by_one);
            let collected: SortedMap<String, u8> =
                pairs.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
            prop_assert_eq!(collected, one_by_one);
        }
    }
}
