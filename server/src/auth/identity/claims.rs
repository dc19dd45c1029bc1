//! What a token says of a person. Each claim is read by itself, so that a refusal names the one that is wrong and says what
//! to sign instead.

use serde_json::{Map, Value};

use super::is_id;

/// A time above this, the year 5138 in seconds, was meant in milliseconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// The claims that count; times are in seconds.
pub(super) struct Claims {
    pub(super) sub: String,
    pub(super) account: String,
    pub(super) name: Option<String>,
    pub(super) exp: i64,
    pub(super) nbf: Option<i64>,
}

impl Claims {
    /// Reads the claims of a token that is meant for this public key.
    ///
    /// # Errors
    /// With the claim that is wrong, and what to do.
    pub(super) fn read(said: &Map<String, Value>, public_key: &str) -> Result<Self, &'static str> {
        // Many backends write null for what they leave out.
        let claim = |name: &str| said.get(name).filter(|value| !value.is_null());
        match claim("aud") {
            None => return Err("it has no aud: give it the site's public key"),
            Some(Value::String(aud)) if aud == public_key => {}
            Some(Value::Array(all)) if all.iter().any(|aud| aud == public_key) => {}
            Some(Value::String(_) | Value::Array(_)) => return Err("its aud is not this site's public key"),
            Some(_) => return Err("its aud is neither a text nor a list: give it the site's public key"),
        }
        let sub = text(
            claim("sub").ok_or("it has no sub: give it the person's id")?,
            "its sub is not a text: give it the person's id in quotes",
        )?;
        let account = text(
            claim("account").ok_or("it has no account: give it the id of the person's company")?,
            "its account is not a text: give it the id of the person's company in quotes",
        )?;
        let name = claim("name")
            .map(|name| text(name, "its name is not a text: give it one in quotes, or leave it out"))
            .transpose()?;
        let exp = seconds(
            claim("exp").ok_or("it has no exp: give it seconds within 24 hours")?,
            "its exp is not a number: give it seconds within 24 hours, without quotes",
            "its exp is in milliseconds: give it seconds",
        )?;
        let number = "its nbf is not a number: give it seconds without quotes, or leave it out";
        let nbf = claim("nbf")
            .map(|nbf| seconds(nbf, number, "its nbf is in milliseconds: give it seconds"))
            .transpose()?;
        if !is_id(&sub) {
            return Err("its sub is not an id: give it 1 to 200 bytes without control characters");
        }
        if !is_id(&account) {
            return Err("its account is not an id: give it 1 to 200 bytes without control characters");
        }
        if account.starts_with('~') {
            return Err("its account begins with ~, as those of guests do: give it another id");
        }
        Ok(Self { sub, account, name, exp, nbf })
    }
}

fn text(value: &Value, why: &'static str) -> Result<String, &'static str> {
    value.as_str().map(str::to_owned).ok_or(why)
}

/// A time in seconds, which may have a fraction (RFC 7519, section 2); seconds begun count as over.
fn seconds(value: &Value, number: &'static str, large: &'static str) -> Result<i64, &'static str> {
    match value.as_f64().ok_or(number)? as i64 {
        seconds if seconds > MILLISECONDS => Err(large),
        seconds => Ok(seconds),
    }
}
