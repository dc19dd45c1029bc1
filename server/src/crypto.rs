//! Digests: secrets are kept only as their SHA-256, and ids can be made from content.

use protocol::ids::EventId;
use sha2::{Digest, Sha256};

/// Returns what is kept of a secret: its SHA-256.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Returns an id made of a text's SHA-256 (UUID version 8, RFC 9562): the same text always has the same id.
pub fn id_of(text: &str) -> EventId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(text)[..16]);
    EventId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
