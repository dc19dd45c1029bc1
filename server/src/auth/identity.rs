//! Who is asking: an identity token (JWT, RFC 7519) signed by the host's backend, or a visitor's unverified word.

mod claims;

use jsonwebtoken::crypto::verify as verify_signature;
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, decode_header};
use protocol::Millis;
use protocol::ids::{AccountId, ClaimedIdentity, UserId};
use serde_json::{Map, Value};
use store::{Site, SiteId, Visitor};

use claims::Claims;

use crate::http::Refusal;
use crate::legible::is_legible;

/// The longest lifetime of a token, in seconds.
const MAX_LIFETIME: i64 = 24 * 60 * 60;
/// How far the clocks of host and collector may differ, in seconds.
const LEEWAY: i64 = 60;
/// The longest id of a person or an account, in bytes.
const MAX_ID: usize = 200;
/// The longest name of a person, in characters.
const MAX_NAME: usize = 100;

/// A person of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// The account; it begins with `~` when the host's backend has not vouched for it.
    pub account: AccountId,
    /// The person's name.
    pub name: Option<String>,
    /// Whether the host's backend vouched for both.
    pub verified: bool,
    /// When the token expires; none for a visitor without one.
    pub expires: Option<Millis>,
}

impl Identity {
    /// The person as conversations of a site know them.
    pub fn visitor(&self, site: SiteId) -> Visitor {
        Visitor { site, account: self.account.clone(), user: self.user.clone() }
    }
}

/// Verifies the token when there is one; otherwise takes the visitor's word, unverified.
///
/// # Errors
/// `BadToken` with the reason, `TokenExpired`, or `TokenRequired`.
pub fn identify(
    site: &Site,
    token: Option<&str>,
    who: Option<&ClaimedIdentity>,
    now: Millis,
) -> Result<Identity, Refusal> {
    match (token, who) {
        (Some(token), _) => verify(site, token, now),
        (None, _) if site.verified_only => Err(Refusal::TokenRequired),
        (None, Some(who)) => claim(who),
        (None, None) => Err(Refusal::TokenRequired),
    }
}

fn claim(who: &ClaimedIdentity) -> Result<Identity, Refusal> {
    let account = who.account.clone().unwrap_or_else(|| AccountId(who.user.0.clone()));
    check_id("user", who.user.as_str())?;
    check_id("account", account.as_str())?;
    Ok(Identity {
        user: who.user.clone(),
        account: account.unverified(),
        name: None,
        verified: false,
        expires: None,
    })
}

fn verify(site: &Site, token: &str, now: Millis) -> Result<Identity, Refusal> {
    // Some backends add a line end or quotes.
    let token = token.trim_matches(|letter: char| letter.is_whitespace() || letter == '"');
    let Claims { sub, account, name, exp, nbf } = read_claims(site, token, now)?;
    let now = now / 1000;
    if exp > now + MAX_LIFETIME + LEEWAY {
        return Err(Refusal::BadToken("it lives longer than 24 hours"));
    }
    if exp < now - LEEWAY {
        return Err(Refusal::TokenExpired);
    }
    if nbf.is_some_and(|nbf| nbf > now + LEEWAY) {
        return Err(Refusal::BadToken("its nbf is later than now: check the clocks of your servers"));
    }
    let name = name.filter(|name| is_legible(name)).map(|name| name.chars().take(MAX_NAME).collect());
    let expires = Some((exp + LEEWAY) * 1000);
    Ok(Identity { user: UserId(sub), account: AccountId(account), name, verified: true, expires })
}

/// Returns the claims of a token that the site's host signed, with its key or the one before. A `kid` in its header is not
/// read: there are two keys at most, and each is tried.
fn read_claims(site: &Site, token: &str, now: Millis) -> Result<Claims, Refusal> {
    let header = decode_header(token);
    let algorithm = header.map_err(|error| Refusal::BadToken(header_fault(token, error.kind())))?.alg;
    let keys = keys(site, algorithm, now)?;
    let (message, signature) = token.rsplit_once('.').unwrap_or_default();
    let mut why = "its signature does not fit: sign it with this site's identity secret";
    for key in keys {
        match verify_signature(signature, message.as_bytes(), &key, algorithm) {
            Ok(true) => {
                // Verified here, so that each claim can be looked at by itself.
                let claims = insecure_decode_claims::<Map<String, Value>>(token);
                let claims = claims.map_err(|error| fault(error.kind()));
                let claims = claims.and_then(|said| Claims::read(&said, site.public_key.as_str()));
                return claims.map_err(Refusal::BadToken);
            }
            // Another key may fit.
            Ok(false) => {}
            Err(error) => why = fault(error.kind()),
        }
    }
    Err(Refusal::BadToken(why))
}

const NO_BASE64URL: &str = "its parts are not base64url: write - and _ for + and /, and no =";

/// Says what is wrong with a token whose header cannot be read.
fn header_fault(token: &str, kind: &ErrorKind) -> &'static str {
    match kind {
        // A JSON object in base64 begins so.
        _ if !token.starts_with("eyJ") => "it is no JWT",
        ErrorKind::Base64(_) => NO_BASE64URL,
        ErrorKind::Json(_) => "its header cannot be read: alg is HS256 (or EdDSA), and typ and kid are texts",
        _ => "it is no JWT",
    }
}

/// Says what is wrong with a token whose header could be read.
fn fault(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Base64(_) => NO_BASE64URL,
        ErrorKind::Json(_) => "its claims are no JSON object",
        _ => "it cannot be read",
    }
}

/// Returns the keys that verify a site's tokens of an algorithm. A site with a public key takes no shared secret: a host that
/// gave it up does not depend on it any longer.
fn keys(site: &Site, algorithm: Algorithm, now: Millis) -> Result<Vec<DecodingKey>, Refusal> {
    let keys: Vec<DecodingKey> = match algorithm {
        Algorithm::HS256 => {
            let shared = site.identity_key.is_none().then_some(site.identity_secret.as_str());
            let secrets = shared.into_iter().chain(site.previous.identity_secret(now));
            secrets.map(|secret| DecodingKey::from_secret(secret.as_bytes())).collect()
        }
        Algorithm::EdDSA => {
            let pems = site.identity_key.as_deref().into_iter().chain(site.previous.identity_key(now));
            pems.filter_map(|pem| DecodingKey::from_ed_pem(pem.as_bytes()).ok()).collect()
        }
        _ => Vec::new(),
    };
    match algorithm {
        _ if !keys.is_empty() => Ok(keys),
        Algorithm::HS256 => {
            Err(Refusal::BadToken("this site has a public key: its tokens are signed with EdDSA"))
        }
        _ => Err(Refusal::BadToken("its algorithm is not HS256 (or EdDSA, for sites with such a key)")),
    }
}

/// Whether a text can be the id of a person or an account.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_ID && !text.chars().any(char::is_control)
}

/// Checks that a text, which a request calls by this name, can be the id of a person or an account.
///
/// # Errors
/// `Malformed`.
pub(crate) fn check_id(name: &str, text: &str) -> Result<(), Refusal> {
    let why = || {
        Refusal::Malformed(format!(
            "{name} is not an id: it has 1 to {MAX_ID} bytes and no control characters"
        ))
    };
    is_id(text).then_some(()).ok_or_else(why)
}

#[cfg(test)]
mod tests;
