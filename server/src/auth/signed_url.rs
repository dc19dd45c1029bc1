//! Addresses that carry their own permission and run out.

use hmac::{Hmac, Mac};
use protocol::Millis;
use serde::Deserialize;
use sha2::Sha256;
use store::Site;

use crate::secret;

/// What makes an address good.
#[derive(Clone, Debug, Deserialize)]
pub struct Signed {
    /// Until when it is.
    pub until: Millis,
    /// Shows that we made it.
    pub sign: String,
}

impl Signed {
    /// Signs what an address stands for, part by part, until a time.
    pub fn new(site: &Site, parts: &[&str], until: Millis) -> Self {
        Self { until, sign: secret::hex(&keyed(site, parts, until).finalize().into_bytes()) }
    }

    /// The end of the address.
    pub fn query(&self) -> String {
        format!("until={}&sign={}", self.until, self.sign)
    }

    /// Whether we made it, for this and nothing else, and it has not run out.
    pub fn is_good(&self, site: &Site, parts: &[&str], now: Millis) -> bool {
        let known = unhex(&self.sign);
        self.until >= now
            && known.is_some_and(|sign| keyed(site, parts, self.until).verify_slice(&sign).is_ok())
    }
}

/// HMAC-SHA256 (RFC 2104) over site, time and parts, keyed with a secret that never leaves site and host.
/// Parts have no line breaks.
fn keyed(site: &Site, parts: &[&str], until: Millis) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(site.identity_secret.as_bytes()).expect("any key will do");
    mac.update(format!("{}\n{until}\n{}", site.id.0, parts.join("\n")).as_bytes());
    mac
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
