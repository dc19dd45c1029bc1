//! Passwords: hashed with argon2id (RFC 9106), one at a time, and throttled by address.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use protocol::Millis;
use store::SecondFactor;
use tokio::sync::SemaphorePermit;

use crate::app::AppInner;
use crate::app::login_throttle::LoginThrottle;
use crate::http::{Bottleneck, Refusal};

/// The shortest password, in characters.
const MIN_PASSWORD: usize = 10;
/// The longest password, in bytes.
pub(super) const MAX_PASSWORD: usize = 1024;
/// A hash that no password has.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A sign-in of which the password was right. The next check waits until this is dropped.
pub(super) struct RightPassword<'a> {
    /// The second factor that is asked for as well.
    pub second_factor: Option<SecondFactor>,
    email: &'a str,
    throttle: &'a LoginThrottle,
    _permit: SemaphorePermit<'a>,
}

impl RightPassword<'_> {
    /// Forgets the failed sign-ins of the address: everything that was asked for was right.
    pub fn accept(self) {
        self.throttle.forget(self.email);
    }
}

/// Checks the password of an address.
///
/// # Errors
/// `TooManyTries` and `WrongPassword`.
pub(super) async fn verify<'a>(
    app: &'a AppInner,
    email: &'a str,
    password: String,
    now: Millis,
) -> Result<RightPassword<'a>, Refusal> {
    // One at a time: a burst of guesses cannot pass before the first of them is counted.
    let permit = app.passwords.hashing.acquire().await.map_err(|_| Refusal::Busy(Bottleneck::Passwords))?;
    let throttle = &app.passwords.throttle;
    throttle.allow(email, now)?;
    throttle.count(email, now);
    let operator = app.store.operator(email).await?;
    let second_factor = operator.as_ref().and_then(|operator| operator.second_factor.clone());
    // An unknown address takes as long as a known one.
    let known = operator.map_or_else(|| DECOY.to_owned(), |operator| operator.password);
    let right = blocking(move || {
        let hash = PasswordHash::new(&known).ok()?;
        Argon2::default().verify_password(password.as_bytes(), &hash).ok()
    });
    right.await?.ok_or(Refusal::WrongPassword)?;
    let second_factor = second_factor.filter(|second| second.enabled);
    Ok(RightPassword { second_factor, email, throttle, _permit: permit })
}

/// Checks that a new password is long enough.
///
/// # Errors
/// `WeakPassword`.
pub(super) fn check_strength(password: &str) -> Result<(), Refusal> {
    if password.chars().count() < MIN_PASSWORD { Err(Refusal::WeakPassword) } else { Ok(()) }
}

/// Hashes a new password.
///
/// # Errors
/// `Failed`.
pub(super) async fn hash(app: &AppInner, password: String) -> Result<String, Refusal> {
    let _permit = app.passwords.hashing.acquire().await.map_err(|_| Refusal::Busy(Bottleneck::Passwords))?;
    let hashed = blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
    });
    hashed.await?.ok_or(Refusal::Failed)
}

/// Runs slow work off the async threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::Failed)
}
