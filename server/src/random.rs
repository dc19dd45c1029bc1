//! Randomness of the operating system: secrets, keys and ids.

use protocol::Millis;
use protocol::ids::EventId;

use crate::crypto::hex;

/// Returns a fresh secret of 256 bits in hexadecimal, behind a prefix that says what it is for.
pub fn secret(prefix: &str) -> String {
    let bytes: [u8; 32] = bytes();
    prefix.to_owned() + &hex(&bytes)
}

/// Returns a fresh public key of 64 bits: it protects nothing by itself.
pub fn public_key() -> String {
    let bytes: [u8; 8] = bytes();
    "pk_".to_owned() + &hex(&bytes)
}

/// Returns a fresh id that sorts by time (UUID version 7, RFC 9562).
pub fn id(now: Millis) -> EventId {
    EventId::new(now.unsigned_abs(), bytes())
}

/// Returns a number below `end`; the bias is below 2⁻⁴⁰ for every `end` that is used here.
pub fn below(end: u64) -> u64 {
    u64::from_le_bytes(bytes()) % end.max(1)
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness there are no secrets, so there is nothing to go on with.
    #[expect(clippy::expect_used, reason = "an operating system without randomness cannot run a collector")]
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}
