//! The id of this browser, for people that the page does not name.

use protocol::ids::UserId;

use crate::browser::{self, Ids};
use crate::i18n::concat;

/// Where it is kept.
const DEVICE: &str = "tabiji:device";

/// Returns the id, which stays until it is forgotten.
pub fn id() -> UserId {
    let id = browser::recall(DEVICE).unwrap_or_else(|| {
        let fresh = concat(&["device-", &Ids::default().next().text()]);
        browser::remember(DEVICE, Some(&fresh));
        fresh
    });
    UserId(id)
}

/// Forgets it: the next person after one who signed out is another one.
pub fn forget() {
    browser::remember(DEVICE, None);
}
