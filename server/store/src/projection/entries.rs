//! Which entries of an account are kept for the fold.

use journey::progress::{Entry, EntryKind};
use protocol::ids::OrderKey;

/// The earliest entry that an account has.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstEntry {
    /// Its place in time.
    pub key: OrderKey,
    /// Whether it only says that a person was present.
    pub is_presence: bool,
}

/// What is to be done with an account's entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryPlan {
    /// Entries to add, in the order of their keys. One whose key exists already is left out by the store.
    pub add: Vec<Entry>,
    /// An entry to delete afterwards.
    pub delete: Option<OrderKey>,
}

/// Plans which of `entries` are added to an account whose earliest entry is `first`.
///
/// Presence means something only as the very first thing that happened, so it is kept only there; a presence that
/// is no longer the first is deleted. The rows are the same in whatever order entries come.
pub fn plan_entries(mut entries: Vec<Entry>, first: Option<&FirstEntry>) -> EntryPlan {
    entries.sort_by_key(|entry| entry.key);
    let Some(earliest) = entries.first().map(|entry| entry.key) else { return EntryPlan::default() };
    let is_first = first.is_none_or(|first| earliest < first.key);
    entries.retain(|entry| entry.what != EntryKind::Present || is_first && entry.key == earliest);
    let delete = first.filter(|first| is_first && first.is_presence).map(|first| first.key);
    EntryPlan { add: entries, delete }
}
