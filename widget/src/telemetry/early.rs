//! Events that happen before the outbox is there: each is written to the device's storage at once, which is done when
//! the call returns, and the outbox takes it over.

use crate::browser;
use crate::i18n::concat;

/// Writes an event down, as JSON.
pub fn keep(owner: &str, id: &str, event: &str) {
    browser::remember(&key(owner, id), Some(event));
}

/// Where an owner's event is kept.
pub fn key(owner: &str, id: &str) -> String {
    concat(&[&prefix(owner), id])
}

/// What every key of an owner begins with.
pub fn prefix(owner: &str) -> String {
    concat(&["tabiji:early:", owner, "|"])
}
