//! Randomness: keys, one-time secrets and ids. Secrets are kept only as their SHA-256.

use protocol::Millis;
use protocol::ids::EventId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A fresh secret of 256 bits in hexadecimal, behind a prefix that says what it is for.
pub fn fresh(prefix: &str) -> String {
    let bytes: [u8; 32] = random();
    prefix.to_owned() + &hex(&bytes)
}

/// A fresh public key: shorter, because it protects nothing by itself.
pub fn fresh_public_key() -> String {
    let bytes: [u8; 8] = random();
    "pk_".to_owned() + &hex(&bytes)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A fresh id that sorts by time.
pub fn fresh_id(now: Millis) -> EventId {
    EventId::new(now.unsigned_abs(), random())
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether `secret` is the one whose hash is `known`, in constant time.
pub fn matches(secret: &str, known: &[u8; 32]) -> bool {
    hash(secret).ct_eq(known).into()
}

/// A number below `end`, none likelier than another as far as anybody can see.
pub fn below(end: u64) -> u64 {
    u64::from_le_bytes(random()) % end.max(1)
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness there are no secrets, so there is nothing to go on with.
    #[expect(clippy::expect_used, reason = "an operating system without randomness cannot run a collector")]
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}
