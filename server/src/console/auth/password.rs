//! Passwords: hashed with argon2id (RFC 9106), one at a time, and throttled by address.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use protocol::Millis;
use store::SecondFactor;
use tokio::sync::SemaphorePermit;

use crate::app::AppInner;
use crate::app::login_throttle::LoginThrottle;
use crate::crypto;
use crate::http::{Bottleneck, Refusal};

/// The shortest password, in characters.
const MIN_PASSWORD: usize = 10;
/// The longest password, in bytes.
pub(super) const MAX_PASSWORD: usize = 1024;
/// A hash that no password has.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whose guesses at an address are counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guesser {
    /// Under which they are counted.
    pub key: String,
    /// Whether the operator was signed in before in this browser.
    is_known: bool,
}

impl Guesser {
    /// Any browser that nobody signed in with before: all of them are one.
    pub fn stranger(email: &str) -> Self {
        Self { key: email.to_owned(), is_known: false }
    }

    /// A browser in which this operator is or was signed in, by the hash of what it shows for that.
    pub fn known(email: &str, browser: [u8; 32]) -> Self {
        Self { key: format!("{email} {}", crypto::hex(&browser)), is_known: true }
    }
}

/// A sign-in of which the password was right. The next check waits until this is dropped.
pub(super) struct RightPassword<'a> {
    /// The second factor that is asked for as well.
    pub second_factor: Option<SecondFactor>,
    guesser: &'a Guesser,
    throttle: &'a LoginThrottle,
    _permit: SemaphorePermit<'a>,
}

impl RightPassword<'_> {
    /// Forgets the failed sign-ins of the address: everything that was asked for was right.
    pub fn accept(self) {
        self.throttle.forget(&self.guesser.key);
    }
}

/// Checks the password of an address.
///
/// # Errors
/// `TooManyTries` and `WrongPassword`.
pub(super) async fn verify<'a>(
    app: &'a AppInner,
    guesser: &'a Guesser,
    email: &str,
    password: String,
    now: Millis,
) -> Result<RightPassword<'a>, Refusal> {
    // One at a time: a burst of guesses cannot pass before the first of them is counted.
    let room = if guesser.is_known { &app.passwords.hashing_known } else { &app.passwords.hashing };
    let permit = room.acquire().await.map_err(|_| Refusal::Busy(Bottleneck::Passwords))?;
    let throttle = &app.passwords.throttle;
    throttle.allow(&guesser.key, now)?;
    throttle.count(&guesser.key, now);
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
    Ok(RightPassword { second_factor, guesser, throttle, _permit: permit })
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
