//! Who is asking: an identity token (JWT, RFC 7519) signed by the host's backend, or a visitor's unverified word.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use protocol::Millis;
use protocol::ids::{AccountId, ClaimedIdentity, UserId};
use serde::Deserialize;
use store::{Site, SiteId, Visitor};

use crate::http::Refusal;
use crate::legible::is_legible;

/// The longest lifetime of a token, in seconds.
const MAX_LIFETIME: i64 = 24 * 60 * 60;
/// How far the clocks of host and collector may differ, in seconds.
const LEEWAY: i64 = 60;
/// A time above this, the year 5138 in seconds, was meant in milliseconds.
const MILLISECONDS: i64 = 100_000_000_000;
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

#[derive(Deserialize)]
struct Claims {
    sub: String,
    account: String,
    exp: NumericDate,
    #[serde(default)]
    nbf: Option<NumericDate>,
    #[serde(default)]
    name: Option<String>,
}

/// A time in seconds, which may have a fraction (RFC 7519, section 2); seconds begun count as over.
#[derive(Clone, Copy, Deserialize)]
struct NumericDate(f64);

impl NumericDate {
    fn seconds(self) -> i64 {
        self.0 as i64
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
    if !is_id(who.user.as_str()) || !is_id(account.as_str()) {
        return Err(Refusal::Malformed("user and account are ids of 1 to 200 characters".into()));
    }
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
    let claims = decode_claims(site, token, now)?;
    let (now, exp) = (now / 1000, claims.exp.seconds());
    if exp > MILLISECONDS {
        return Err(Refusal::BadToken("its exp is in milliseconds: give it seconds"));
    }
    if exp > now + MAX_LIFETIME + LEEWAY {
        return Err(Refusal::BadToken("it lives longer than 24 hours"));
    }
    if exp < now - LEEWAY {
        return Err(Refusal::TokenExpired);
    }
    if claims.nbf.is_some_and(|nbf| nbf.seconds() > now + LEEWAY) {
        return Err(Refusal::BadToken("it is not valid yet"));
    }
    // "~" marks unverified accounts, so no verified one may begin with it.
    if !is_id(&claims.sub) || !is_id(&claims.account) || claims.account.starts_with('~') {
        return Err(Refusal::BadToken("sub and account are ids of 1 to 200 characters"));
    }
    let name = claims.name.filter(|name| is_legible(name)).map(|name| name.chars().take(MAX_NAME).collect());
    let expires = Some((exp + LEEWAY) * 1000);
    Ok(Identity {
        user: UserId(claims.sub),
        account: AccountId(claims.account),
        name,
        verified: true,
        expires,
    })
}

/// Returns the claims of a token that the site's host signed, with its key or the one before. A `kid` in its header is not
/// read: there are two keys at most, and each is tried.
fn decode_claims(site: &Site, token: &str, now: Millis) -> Result<Claims, Refusal> {
    let algorithm = decode_header(token).map_err(|_| Refusal::BadToken("it is no JWT"))?.alg;
    let keys = keys(site, algorithm, now)?;
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&[site.public_key.as_str()]);
    rules.set_required_spec_claims(&["exp", "aud", "sub"]);
    // Times are checked by the collector's own clock.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let mut why = "its signature does not fit: sign it with this site's identity secret";
    for key in keys {
        match decode::<Claims>(token, &key, &rules) {
            Ok(decoded) => return Ok(decoded.claims),
            // Another key may fit.
            Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
            Err(error) => why = claims_fault(error.kind()),
        }
    }
    Err(Refusal::BadToken(why))
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

/// Says what is wrong with the claims of a token whose signature fits.
fn claims_fault(kind: &ErrorKind) -> &'static str {
    let missing = |claim: &str| match kind {
        ErrorKind::MissingRequiredClaim(missing) => missing == claim,
        ErrorKind::Json(error) => error.to_string().contains(&format!("missing field `{claim}`")),
        _ => false,
    };
    match kind {
        ErrorKind::InvalidAudience => "its aud is not this site's public key",
        _ if missing("aud") => "it has no aud: give it the site's public key",
        _ if missing("exp") => "it has no exp as a number: give it seconds within 24 hours",
        _ if missing("sub") => "it has no sub: give it the person's id",
        _ if missing("account") => "it has no account: give it the id of the person's company",
        ErrorKind::Json(_) => {
            "its claims have to be sub and account as texts, and exp as a number of seconds"
        }
        _ => "it cannot be read",
    }
}

/// Whether a text can be the id of a person or an account.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_ID && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests;
