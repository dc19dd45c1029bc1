//! Addresses that carry their own permission and expire.

use hmac::{Hmac, Mac};
use protocol::Millis;
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::Sha256;
use store::Site;

use crate::crypto::{self, Purpose};

/// The query of a signed address.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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
            sign: crypto::hex(&mac(&site.signing_secret, site, parts, until).finalize().into_bytes()),
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
        is_by(&site.signing_secret) || site.previous.signing_secret(now).is_some_and(is_by)
    }
}

/// HMAC-SHA256 (RFC 2104) over site, time and parts, with the key for addresses of a secret that this collector alone has.
/// Parts have no line breaks.
fn mac(secret: &str, site: &Site, parts: &[&str], until: Millis) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(&crypto::derived(secret, Purpose::SignedAddress))
        .expect("any key will do");
    mac.update(format!("{}\n{until}\n{}", site.id.0, parts.join("\n")).as_bytes());
    mac
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use store::{NewSite, PreviousKeys, SiteId};

    use super::*;

    const NOW: Millis = 1_790_000_000_000;

    fn site(signing: &str, identity: &str, previous: PreviousKeys) -> Site {
        let settings = NewSite {
            name: "demo".into(),
            public_key: "pk_demo".into(),
            secret_hash: [0; 32],
            identity_secret: identity.into(),
            identity_key: None,
            signing_secret: signing.into(),
            origins: vec![],
            verified_only: false,
        };
        Site { id: SiteId(1), settings, previous }
    }

    #[test]
    fn s12_an_address_is_signed_with_a_key_that_signs_nothing_else() {
        let ours = site("ours", "the host's", PreviousKeys::default());
        let signed = SignedUrl::new(&ours, &["file", "a"], NOW);
        assert!(signed.is_valid(&ours, &["file", "a"], NOW));
        assert!(
            !signed.is_valid(&ours, &["bring", "a"], NOW) && !signed.is_valid(&ours, &["file", "a"], NOW + 1)
        );
        // The host cannot make one of the secret that it has, however it signs.
        for secret in ["the host's", "ours"] {
            let text = format!("1\n{NOW}\nfile\na");
            let mut plain = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            plain.update(text.as_bytes());
            let forged = SignedUrl { until: NOW, sign: crypto::hex(&plain.finalize().into_bytes()) };
            assert!(!forged.is_valid(&ours, &["file", "a"], NOW), "{secret}");
        }
        let of_host = site("the host's", "the host's", PreviousKeys::default());
        assert!(!SignedUrl::new(&of_host, &["file", "a"], NOW).is_valid(&ours, &["file", "a"], NOW));
        // Another identity secret changes no address.
        let rotated = site("ours", "another", PreviousKeys::default());
        assert!(signed.is_valid(&rotated, &["file", "a"], NOW));
    }

    #[test]
    fn s12_addresses_outlive_a_new_signing_secret_for_a_while() {
        let before = site("old", "x", PreviousKeys::default());
        let signed = SignedUrl::new(&before, &["file", "a"], NOW + 1_000);
        let previous =
            PreviousKeys { signing_secret: Some(("old".into(), NOW + 10)), ..PreviousKeys::default() };
        let after = site("new", "x", previous);
        assert!(signed.is_valid(&after, &["file", "a"], NOW + 9));
        assert!(!signed.is_valid(&after, &["file", "a"], NOW + 10));
        let fresh = SignedUrl::new(&after, &["file", "a"], NOW + 1_000);
        assert!(fresh.is_valid(&after, &["file", "a"], NOW + 10));
    }
}
