//! Digests: secrets are kept only as their SHA-256, ids can be made from content, and each use of a secret has a key of its
//! own.

use hkdf::Hkdf;
use protocol::ids::EventId;
use sha2::{Digest, Sha256};

/// Returns what is kept of a secret: its SHA-256.
pub fn digest(secret: &str) -> [u8; 32] {
    digest_of(secret.as_bytes())
}

/// Returns the SHA-256 of a content.
pub fn digest_of(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

/// What a key that is derived from a secret is for. One of these keys makes nothing of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing addresses of files, clips, pictures and uploads.
    SignedAddress,
}

impl Purpose {
    /// The label from which the key is derived; never used for anything else.
    fn label(self) -> &'static str {
        match self {
            Self::SignedAddress => "tabiji/1 signed address",
        }
    }
}

/// Returns the key of a secret for one purpose (HKDF with SHA-256, RFC 5869).
pub fn derived(secret: &str, purpose: Purpose) -> [u8; 32] {
    let mut key = [0; 32];
    #[expect(clippy::expect_used, reason = "HKDF refuses keys of more than 8160 bytes only")]
    Hkdf::<Sha256>::new(None, secret.as_bytes())
        .expand(purpose.label().as_bytes(), &mut key)
        .expect("32 bytes are few");
    key
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s12_each_derived_key_has_one_purpose() {
        let address = derived("one", Purpose::SignedAddress);
        assert_eq!(address, derived("one", Purpose::SignedAddress));
        assert_ne!(address, derived("two", Purpose::SignedAddress));
        // Neither what is kept of a secret, nor the secret with the label behind it, is the key.
        let label = Purpose::SignedAddress.label();
        assert!(![digest("one"), digest(&format!("one{label}")), digest(label)].contains(&address));
    }
}
