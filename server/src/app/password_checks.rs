//! What limits password checks: one at a time, and slower after failed ones.

use tokio::sync::Semaphore;

use super::login_throttle::LoginThrottle;

/// The limits of password checks.
pub struct PasswordChecks {
    /// Failed sign-ins by address.
    pub throttle: LoginThrottle,
    /// One check at a time: each takes a core and 19 MiB.
    pub hashing: Semaphore,
}

impl Default for PasswordChecks {
    fn default() -> Self {
        Self { throttle: LoginThrottle::default(), hashing: Semaphore::new(1) }
    }
}
