//! What limits password checks: one at a time, and slower after failed ones.

use tokio::sync::Semaphore;

use super::login_throttle::LoginThrottle;

/// The limits of password checks.
pub struct PasswordChecks {
    /// Failed sign-ins by address.
    pub throttle: LoginThrottle,
    /// One check at a time: each takes a core and 19 MiB.
    pub hashing: Semaphore,
    /// The same for browsers in which their operator was signed in before: they do not wait behind strangers.
    pub hashing_known: Semaphore,
}

impl Default for PasswordChecks {
    fn default() -> Self {
        Self {
            throttle: LoginThrottle::default(),
            hashing: Semaphore::new(1),
            hashing_known: Semaphore::new(1),
        }
    }
}
