//! Who is refused before there is a socket, and who is refused on it.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use protocol::chat::{ClientFrame, Hello, ServerFrame};
use serde_json::{Value, json};
use tabiji_server::clock::SystemClock;

use crate::collector::{APP, collector, collector_with, hello};

#[tokio::test]
async fn c8_only_pages_of_the_site_come_in_and_a_cookie_opens_nothing() {
    let collector = collector().await;
    let cookie = format!("tabiji={}", collector.sign_in().await);
    let console = format!("http://{}", collector.address);
    for origin in [
        None,
        Some("null"),
        Some(console.as_str()),
        Some("https://evil.example"),
        Some("https://two.example.com"),
        Some("http://app.example.com"),
        Some("https://app.example.com:8443"),
        Some("https://app.example.com.evil.example"),
        Some("https://evil.app.example.com"),
    ] {
        let refused = collector.socket_with("pk_one", origin, Some(&cookie)).await.err();
        assert_eq!(refused, Some(403), "{origin:?}");
    }
    assert_eq!(collector.socket("pk_nobody", Some(APP)).await.err(), Some(401));
    assert_eq!(collector.socket("sk_one", Some(APP)).await.err(), Some(403));
    // The same holds where frames go another way.
    let send = json!({ "hello": hello("a"), "frames": [] });
    for (path, body) in [("send", send), ("stream", json!(hello("a")))] {
        let url = format!("{console}/v1/chat/{path}");
        let request =
            collector.http.post(url).header("origin", "https://evil.example").header("cookie", &cookie);
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
    }
    // A page of the site with an agent's cookie is nobody until it says who it is: it is sent nothing.
    let mut silent = collector.socket_with("pk_one", Some(APP), Some(&cookie)).await.unwrap();
    assert_eq!(silent.texts_to_the_end().await, (4400, Vec::new()));
    let mut nameless = collector.socket_with("pk_one", Some(APP), Some(&cookie)).await.unwrap();
    nameless.say(&ClientFrame::Hello(Hello { who: None, ..hello("a") })).await;
    let (code, told) = nameless.texts_to_the_end().await;
    assert!(code == 4401 && told.len() == 1 && told[0].contains(r#""t":"refused""#), "{code} {told:?}");
    let mut rude = collector.socket("pk_one", Some(APP)).await.unwrap();
    rude.say(&ClientFrame::Ping).await;
    assert_eq!(rude.texts_to_the_end().await, (4400, Vec::new()));
}

/// A token of the site with one claim changed, or left out where the value is null.
fn token(now: i64, claim: &str, value: Value, secret: &str) -> String {
    let mut claims = json!({ "sub": "tanaka", "account": "acct", "aud": "pk_one", "exp": now + 600 });
    claims[claim] = value;
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

#[tokio::test]
async fn c10_c11_a_token_that_cannot_be_trusted_is_refused_in_words() {
    let collector = collector().await;
    let now = collector.app.clock.now() / 1000;
    let good = token(now, "sub", json!("tanaka"), "secret");
    // What one says who takes the signature away, and says so.
    let claims = good.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
    for (what, tag, token) in [
        ("nothing", "bad_token", String::new()),
        ("no token", "bad_token", "a.b.c".to_owned()),
        ("alg none", "bad_token", unsigned),
        ("another key", "bad_token", token(now, "sub", json!("tanaka"), "another")),
        ("another site", "bad_token", token(now, "aud", json!("pk_two"), "secret")),
        ("no audience", "bad_token", token(now, "aud", Value::Null, "secret")),
        ("not yet", "bad_token", token(now, "nbf", json!(now + 600), "secret")),
        ("no end", "bad_token", token(now, "exp", Value::Null, "secret")),
        ("two days", "bad_token", token(now, "exp", json!(now + 2 * 24 * 60 * 60), "secret")),
        ("expired", "token_expired", token(now, "exp", json!(now - 600), "secret")),
    ] {
        let mut client = collector.socket("pk_one", Some(APP)).await.unwrap();
        client.say(&ClientFrame::Hello(Hello { token: Some(token.clone()), ..hello("a") })).await;
        let (code, told) = client.texts_to_the_end().await;
        let refused: Vec<ServerFrame> = told.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let is_refusal = matches!(&refused[..], [ServerFrame::Refused { tag: given, .. }] if given == tag);
        assert!(is_refusal && code == 4401, "{what}: {code} {told:?}");
        let body = json!({ "hello": { "v": 1, "site": "pk_one", "tok": token }, "frames": [] });
        let url = format!("http://{}/v1/chat/send", collector.address);
        let posted = collector.http.post(url).header("origin", APP).json(&body).send().await.unwrap();
        assert_eq!(posted.status(), 401, "{what}");
        assert_eq!(posted.json::<Value>().await.unwrap()["error"]["tag"], tag, "{what}");
    }
    let welcome = Hello { token: Some(good), who: None, ..hello("a") };
    assert!(collector.enter(welcome).await.0.close(None).await.is_ok());
}

/// S3: the budget of sockets, whichever way a session begins.
#[tokio::test]
async fn s3_guests_share_one_budget_of_sockets_and_known_people_go_on() {
    let collector = collector_with(Arc::new(SystemClock), |config| config.limits.guests.sockets = 3).await;
    let stream = async |who: &Hello| {
        let url = format!("http://{}/v1/chat/stream", collector.address);
        collector.http.post(url).header("origin", APP).json(who).send().await.unwrap()
    };
    let _open = [collector.enter(hello("a")).await, collector.enter(hello("b")).await];
    assert_eq!(stream(&hello("c")).await.status(), 200);
    // The next one is one too many by either way, and those who are in stay.
    let mut late = collector.socket("pk_one", Some(APP)).await.unwrap();
    late.say(&ClientFrame::Hello(hello("d"))).await;
    let (_, told) = late.texts_to_the_end().await;
    assert!(told.len() == 1 && told[0].contains("guest_budget"), "{told:?}");
    let refused = stream(&hello("d")).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(refused.json::<Value>().await.unwrap()["error"]["tag"], "guest_budget");
    // Who has a token comes in, and so do the guests of another site.
    let now = collector.app.clock.now() / 1000;
    let known = token(now, "sub", json!("tanaka"), "secret");
    collector.enter(Hello { token: Some(known), who: None, ..hello("") }).await;
    let mut other = collector.socket("pk_two", Some("https://two.example.com")).await.unwrap();
    other.say(&ClientFrame::Hello(Hello { site: "pk_two".into(), ..hello("d") })).await;
    other.until(|tell| matches!(tell, ServerFrame::Welcome(_)).then_some(())).await;
}
