//! Slows down guessing: after five failed sign-ins at an address, each further one waits longer. Strangers are counted
//! together; a browser in which the operator was signed in before is counted by itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use protocol::Millis;

use crate::http::Refusal;

/// Failed sign-ins that cost nothing.
const FREE: u32 = 5;
/// The longest wait, in seconds.
const MAX_WAIT: u64 = 15 * 60;
/// Addresses that are remembered; beyond that the oldest are forgotten.
const MAX_ADDRESSES: usize = 10_000;

/// Failed sign-ins by who is counted together: how many, and when the last one was.
#[derive(Debug, Default)]
pub struct LoginThrottle(Mutex<BTreeMap<String, (u32, Millis)>>);

impl LoginThrottle {
    /// Lets a sign-in pass when enough time went by since the last failed one.
    ///
    /// # Errors
    /// `TooManyTries` with the seconds to wait.
    pub fn allow(&self, email: &str, now: Millis) -> Result<(), Refusal> {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((wrong, last)) = tries.get(email) else { return Ok(()) };
        let left = wait(*wrong).saturating_sub((now - last).max(0).unsigned_abs() / 1000);
        if left == 0 { Ok(()) } else { Err(Refusal::TooManyTries(left)) }
    }

    /// Counts a sign-in as failed, before it is checked.
    pub fn count(&self, email: &str, now: Millis) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= MAX_ADDRESSES && !tries.contains_key(email) {
            let oldest = tries.iter().min_by_key(|(_, (_, last))| *last).map(|(email, _)| email.clone());
            oldest.map(|email| tries.remove(&email));
        }
        let entry = tries.entry(email.to_owned()).or_default();
        *entry = (entry.0 + 1, now);
    }

    /// Forgets the failed sign-ins of an address after a right one.
    pub fn forget(&self, email: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(email);
    }
}

/// Seconds to wait after so many failed sign-ins: 0, then 2, 4, 8 …
fn wait(wrong: u32) -> u64 {
    match wrong.checked_sub(FREE) {
        None => 0,
        Some(over) => (2u64 << over.min(20)).min(MAX_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower_and_a_right_try_forgets() {
        let tries = LoginThrottle::default();
        for _ in 0..FREE {
            assert_eq!(tries.allow("a", 0), Ok(()));
            tries.count("a", 0);
        }
        assert_eq!(tries.allow("a", 500), Err(Refusal::TooManyTries(2)));
        assert_eq!(tries.allow("b", 500), Ok(()));
        assert_eq!(tries.allow("a", 2_000), Ok(()));
        tries.forget("a");
        assert_eq!(tries.allow("a", 2_000), Ok(()));
    }
}
