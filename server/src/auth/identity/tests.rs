//! Tokens that must and must not be believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use store::{NewSite, PreviousKeys, SiteId};

use super::*;

const NOW: Millis = 1_790_000_000_000;

fn site(verified_only: bool) -> Site {
    let settings = NewSite {
        name: "demo".into(),
        public_key: "pk_demo".into(),
        secret_hash: [0; 32],
        identity_secret: "secret".into(),
        identity_key: None,
        signing_secret: "signing".into(),
        origins: vec![],
        verified_only,
    };
    Site { id: SiteId(1), settings, previous: PreviousKeys::default() }
}

fn claims() -> Value {
    json!({ "sub": "u1", "account": "a1", "aud": "pk_demo", "exp": NOW / 1000 + 600, "name": "田中" })
}

fn signed(claims: &Value, secret: &str) -> String {
    encode(&Header::default(), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

fn with(name: &str, value: Value) -> Value {
    let mut all = claims();
    all[name] = value;
    all
}

#[test]
fn a_signed_token_names_person_and_account() {
    let identity = identify(&site(false), Some(&signed(&claims(), "secret")), None, NOW).unwrap();
    assert_eq!(identity.account, "a1".into());
    assert_eq!((identity.name.as_deref(), identity.verified), (Some("田中"), true));
}

#[test]
fn c10_tokens_that_prove_nothing_are_refused() {
    let mut endless = claims();
    endless.as_object_mut().unwrap().remove("exp");
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", signed(&claims(), "x").split('.').nth(1).unwrap());
    for (what, token) in [
        ("wrong key", signed(&claims(), "other")),
        ("wrong audience", signed(&with("aud", json!("pk_other")), "secret")),
        ("no expiry", signed(&endless, "secret")),
        ("expired", signed(&with("exp", json!(NOW / 1000 - 61)), "secret")),
        ("a day and two minutes", signed(&with("exp", json!(NOW / 1000 + MAX_LIFETIME + 120)), "secret")),
        ("not yet", signed(&with("nbf", json!(NOW / 1000 + 600)), "secret")),
        ("marked account", signed(&with("account", json!("~a1")), "secret")),
        ("alg none", unsigned),
        ("no token at all", "hello".into()),
    ] {
        let refused = identify(&site(false), Some(&token), None, NOW);
        let expected = if what == "expired" { "token_expired" } else { "bad_token" };
        assert_eq!(refused.map_err(|refusal| refusal.tag()), Err(expected), "{what}");
    }
}

#[test]
fn times_may_have_fractions_and_a_token_blanks_or_quotes_around_it() {
    let soon = (NOW / 1000) as f64 + 600.0;
    for (name, value) in [("exp", soon + 0.123_456), ("exp", soon), ("nbf", soon - 600.5)] {
        let token = signed(&with(name, json!(value)), "secret");
        assert!(identify(&site(false), Some(&token), None, NOW).is_ok(), "{name} {value}");
    }
    let token = signed(&claims(), "secret");
    for around in [format!("{token}\n"), format!("\"{token}\""), format!(" {token}\r\n")] {
        assert!(identify(&site(false), Some(&around), None, NOW).is_ok(), "{around:?}");
    }
    let long_ago = signed(&with("exp", json!(1)), "secret");
    assert_eq!(identify(&site(false), Some(&long_ago), None, NOW), Err(Refusal::TokenExpired));
}

/// Why a token is refused.
fn why(token: &str) -> &'static str {
    match identify(&site(false), Some(token), None, NOW) {
        Err(Refusal::BadToken(why)) => why,
        other => panic!("{token}: {other:?}"),
    }
}

#[test]
fn each_wrong_claim_is_named_with_what_to_do() {
    let (text, list, object) = (json!("1790000600"), json!(["a"]), json!({ "a": 1 }));
    let long = json!("あ".repeat(67));
    let table: [(&str, &[Value], &str); 19] = [
        ("aud", &[Value::Null], "it has no aud: give it the site's public key"),
        ("aud", &[json!("pk_other"), list.clone(), json!([])], "its aud is not this site's public key"),
        ("aud", &[json!(1), json!(true), object.clone()], "its aud is neither a text nor a list: give it"),
        ("sub", &[Value::Null], "it has no sub: give it the person's id"),
        (
            "sub",
            &[json!(17), json!(1.5), json!(true), list.clone(), object.clone()],
            "its sub is not a text:",
        ),
        ("sub", &[json!(""), json!("a\n"), long.clone()], "its sub is not an id: give it 1 to 200 bytes"),
        ("account", &[Value::Null], "it has no account: give it the id of the person's company"),
        ("account", &[json!(9), json!(false), list.clone(), object.clone()], "its account is not a text:"),
        ("account", &[json!(""), json!("\0"), long], "its account is not an id: give it 1 to 200 bytes"),
        ("account", &[json!("~a1")], "its account begins with ~"),
        (
            "name",
            &[json!(7), json!(true), list.clone(), object.clone()],
            "its name is not a text: give it one",
        ),
        ("exp", &[Value::Null], "it has no exp: give it seconds within 24 hours"),
        ("exp", &[text.clone(), json!(true), list.clone(), object.clone()], "its exp is not a number:"),
        ("exp", &[json!(NOW + 600_000), json!(1e300)], "its exp is in milliseconds: give it seconds"),
        ("exp", &[json!(NOW / 1000 + 25 * 60 * 60)], "it lives longer than 24 hours"),
        ("nbf", &[text, json!(true), list, object], "its nbf is not a number:"),
        ("nbf", &[json!(NOW)], "its nbf is in milliseconds: give it seconds"),
        ("nbf", &[json!(NOW / 1000 + 600)], "its nbf is later than now"),
        ("nbf", &[json!((NOW / 1000) as f64 + 61.5)], "its nbf is later than now"),
    ];
    for (name, values, expected) in table {
        for value in values {
            let said = why(&signed(&with(name, value.clone()), "secret"));
            assert!(said.starts_with(expected), "{name} {value}: {said}");
        }
    }
    for name in ["aud", "sub", "account", "exp"] {
        let mut without = claims();
        without.as_object_mut().unwrap().remove(name);
        let said = why(&signed(&without, "secret"));
        assert!(said.starts_with(&format!("it has no {name}: give it ")), "{name}: {said}");
    }
}

#[test]
fn what_may_be_left_out_may_be_null() {
    for name in ["name", "nbf", "iss", "jti"] {
        let identity = identify(&site(false), Some(&signed(&with(name, Value::Null), "secret")), None, NOW);
        assert_eq!(identity.unwrap().name.is_none(), name == "name", "{name}");
    }
    let list = signed(&with("aud", json!(["another", "pk_demo"])), "secret");
    assert!(identify(&site(false), Some(&list), None, NOW).is_ok());
}

#[test]
fn what_is_wrong_before_the_claims_is_said() {
    let good = signed(&claims(), "secret");
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (header, body) = head.split_once('.').unwrap();
    let of = |header: Value| format!("{}.{body}.{signature}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let list = encode(&Header::default(), &json!(["a"]), &EncodingKey::from_secret(b"secret")).unwrap();
    for (token, expected) in [
        ("eyJ…".to_owned(), "it is no JWT"),
        (String::new(), "it is no JWT"),
        ("not.a.token".to_owned(), "it is no JWT"),
        (format!("Bearer {good}"), "it is no JWT"),
        (format!("{header}=.{body}.{signature}"), "its parts are not base64url:"),
        (format!("{head}.a+b/"), "its parts are not base64url:"),
        (of(json!({ "alg": "none" })), "its header cannot be read: alg is HS256 (or EdDSA)"),
        (of(json!({ "typ": "JWT" })), "its header cannot be read: alg is HS256 (or EdDSA)"),
        (of(json!({ "alg": "HS256", "kid": 1 })), "its header cannot be read: alg is HS256 (or EdDSA)"),
        (of(json!({ "alg": "HS512" })), "its algorithm is not HS256"),
        (signed(&claims(), "other"), "its signature does not fit: sign it with this site's identity secret"),
        (list, "its claims are no JSON object"),
    ] {
        let said = why(&token);
        assert!(said.starts_with(expected), "{token}: {said}");
    }
}

#[test]
fn c10_a_secret_that_was_replaced_signs_until_its_time() {
    let previous = PreviousKeys { identity_secret: Some(("old".into(), NOW + 1)), ..PreviousKeys::default() };
    let site = Site { previous, ..site(false) };
    let of = |secret: &str, now| identify(&site, Some(&signed(&claims(), secret)), None, now).is_ok();
    assert!(of("secret", NOW) && of("old", NOW) && of("secret", NOW + 1));
    assert!(!of("old", NOW + 1) && !of("other", NOW));
}

/// A token of a host that signs with a key pair.
fn signed_by(pem: &str, kid: Option<&str>) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::EdDSA) };
    encode(&header, &claims(), &EncodingKey::from_ed_pem(pem.as_bytes()).unwrap()).unwrap()
}

/// Key pairs of a host: private and public, for these tests only.
const OLD: (&str, &str) = (include_str!("keys/old.private.pem"), include_str!("keys/old.public.pem"));
const NEW: (&str, &str) = (include_str!("keys/new.private.pem"), include_str!("keys/new.public.pem"));

#[test]
fn s12_a_public_key_is_replaced_with_an_overlap_whatever_the_kid() {
    let mut site = site(false);
    site.settings.identity_key = Some(NEW.1.to_owned());
    site.previous.identity_key = Some((OLD.1.to_owned(), NOW + 1));
    let of = |pem, kid, now| identify(&site, Some(&signed_by(pem, kid)), None, now).is_ok();
    for kid in [None, Some("old"), Some("new"), Some("")] {
        assert!(of(NEW.0, kid, NOW) && of(OLD.0, kid, NOW), "{kid:?}");
        assert!(of(NEW.0, kid, NOW + 1) && !of(OLD.0, kid, NOW + 1), "{kid:?}");
    }
}

#[test]
fn s12_with_a_public_key_the_shared_secret_signs_nobody_in() {
    let mut site = site(false);
    site.settings.identity_key = Some(NEW.1.to_owned());
    let of = |site: &Site, token: &str, now| identify(site, Some(token), None, now).map(|_| ());
    let shared = signed(&claims(), "secret");
    let refused = of(&site, &shared, NOW).unwrap_err();
    assert!(matches!(refused, Refusal::BadToken(why) if why.contains("EdDSA")), "{refused:?}");
    // The public key is no secret: a token that is signed with its text proves nothing.
    assert!(of(&site, &signed(&claims(), NEW.1), NOW).is_err());
    assert_eq!(of(&site, &signed_by(NEW.0, None), NOW), Ok(()));
    assert!(of(&site, &signed_by(OLD.0, None), NOW).is_err());
    // A host that moves from one to the other has a while for it.
    site.previous.identity_secret = Some(("secret".into(), NOW + 1));
    assert_eq!((of(&site, &shared, NOW), of(&site, &signed_by(NEW.0, None), NOW)), (Ok(()), Ok(())));
    assert!(of(&site, &shared, NOW + 1).is_err());
    // Without a public key, none verifies.
    site.settings.identity_key = None;
    assert!(of(&site, &signed_by(NEW.0, None), NOW).is_err());
}

#[test]
fn a_visitors_word_never_reaches_a_verified_account() {
    let who = ClaimedIdentity { user: "u1".into(), account: Some("a1".into()) };
    let identity = identify(&site(false), None, Some(&who), NOW).unwrap();
    assert!(identity.account.is_unverified() && !identity.verified);
    let strict = site(true);
    assert_eq!(identify(&strict, None, Some(&who), NOW), Err(Refusal::TokenRequired));
}

/// S37: who a token is believed to be was signed by the site; nothing else becomes a person.
#[test]
fn s37_a_token_of_any_bytes_is_refused_or_was_signed() {
    let mut site = site(false);
    (site.settings.public_key, site.settings.identity_secret) = ("pk_one".into(), "the secret of one".into());
    let good = include_str!("../../../../tests/fuzz/corpora/jwt/good.txt");
    assert!(identify(&site, Some(good), None, NOW).is_ok(), "a good token is believed");
    fuzz::fuzz("jwt", |bytes| {
        let Ok(token) = std::str::from_utf8(bytes) else { return };
        let Ok(person) = identify(&site, Some(token), None, NOW) else { return };
        assert!(person.verified && person.user.as_str() == "tanaka" && person.account.as_str() == "acct-1");
    });
}
