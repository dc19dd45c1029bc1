//! Addresses that carry their own permission and expire.

use hmac::{Hmac, Mac};
use protocol::Millis;
use serde::Deserialize;
use sha2::Sha256;
use store::Site;

use crate::crypto;

/// The query of a signed address.
#[derive(Clone, Debug, Deserialize)]
pub struct SignedUrl {
    /// When the address expires.
    pub until: Millis,
    /// The signature in hexadecimal.
    pub sign: String,
}

impl SignedUrl {
    /// Signs what an address stands for, part by part, until a time.
    pub fn new(site: &Site, parts: &[&str], until: Millis) -> Self {
        Self {
            until,
            sign: crypto::hex(&mac(&site.identity_secret, site, parts, until).finalize().into_bytes()),
        }
    }

    /// Signs an address that is valid for one to two periods, in milliseconds. All that are made within one are equal,
    /// so that browsers use what they have cached.
    pub fn cacheable(site: &Site, parts: &[&str], now: Millis, period: Millis) -> Self {
        Self::new(site, parts, (now / period + 2) * period)
    }

    /// Returns the query that ends the address.
    pub fn query(&self) -> String {
        format!("until={}&sign={}", self.until, self.sign)
    }

    /// Whether this collector signed the address, for these parts and no others, and it has not expired.
    pub fn is_valid(&self, site: &Site, parts: &[&str], now: Millis) -> bool {
        let Some(sign) = unhex(&self.sign).filter(|_| self.until >= now) else { return false };
        let is_by = |secret: &str| mac(secret, site, parts, self.until).verify_slice(&sign).is_ok();
        is_by(&site.identity_secret) || site.previous.identity_secret(now).is_some_and(is_by)
    }
}

/// HMAC-SHA256 (RFC 2104) over site, time and parts, keyed with a secret that only site and host have.
/// Parts have no line breaks.
fn mac(secret: &str, site: &Site, parts: &[&str], until: Millis) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(format!("{}\n{until}\n{}", site.id.0, parts.join("\n")).as_bytes());
    mac
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
