//! Who may see what in the console, and how one comes in.

use std::time::Duration;

use protocol::chat::{ClientFrame, Hello, LogEntryBody, NackReason, ServerFrame};
use protocol::console::{SecuritySettings, SignedInBrowser};
use protocol::ids::ConversationId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Grant, SiteId};
use tabiji_server::{crypto, router};
use tokio::time::timeout;
use totp_rs::{Builder, Secret};

use crate::collector::{Client, Collector, ManualClock, collector, collector_at, hello, message, new_id};

impl Collector {
    /// Asks as a signed-in browser does, from the console's own page.
    async fn console(&self, cookie: &str, method: Method, path: &str, body: &Value) -> reqwest::Response {
        let own = format!("http://{}", self.address);
        let request = self.http.request(method, format!("{own}{path}")).header("origin", &own);
        request.header("cookie", format!("tabiji={cookie}")).json(body).send().await.unwrap()
    }

    async fn sign(&self, body: Value) -> (StatusCode, String, String) {
        let answer = self.console("", Method::POST, "/api/session", &body).await;
        let status = answer.status();
        let header = answer.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
        let header = header.unwrap_or_default();
        let tag = answer.json::<Value>().await.map_or_else(
            |_| String::new(),
            |fault| fault["error"]["tag"].as_str().unwrap_or_default().to_owned(),
        );
        (status, header, tag)
    }
}

fn value(cookie: &str) -> String {
    cookie.split(['=', ';']).nth(1).unwrap_or_default().to_owned()
}

async fn asked(collector: &Collector, user: &str) -> (Client, ConversationId) {
    let mut client = collector.enter(hello(user)).await;
    let id = new_id();
    client.say(&message(id, None, id, "hello")).await;
    let (c, ..) = client.ack(id).await;
    (client, c)
}

/// Every route of the console that the router knows, so that one that is added later is in it.
fn routes() -> Vec<String> {
    let all = router::routes().into_iter().map(|route| route.path.to_owned());
    let mut routes: Vec<String> = all.filter(|path| path.starts_with("/api/")).collect();
    routes.dedup();
    assert!(routes.len() > 15 && routes.contains(&"/api/inbox/live".to_owned()), "{routes:?}");
    routes
}

#[tokio::test]
async fn c6_an_agent_of_another_site_finds_nothing_on_any_route() {
    let collector = collector().await;
    let (_client, c) = asked(&collector, "tanaka").await;
    let own = collector.sign_in_as("own@example.com", Grant::of(vec![SiteId(1)])).await;
    let other = collector.sign_in_as("other@example.com", Grant::of(vec![SiteId(2)])).await;
    // These are about the operator who asks, not about a site.
    let personal = ["/api/session", "/api/link", "/api/security", "/api/profile"];
    let mut tried = 0;
    for route in routes() {
        if personal.iter().any(|mine| route.starts_with(mine)) {
            continue;
        }
        let path = route.replace("{conversation}", &c.0.to_string()).replace("{id}", &new_id().to_string());
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for key in ["pk_one", "pk_nobody"] {
                let body =
                    json!({ "mid": new_id(), "kind": "claimed", "id": new_id(), "name": "a", "size": 1 });
                let path = format!("{path}?site={key}&q=hello");
                let answer = collector.console(&other, method.clone(), &path, &body).await;
                if answer.status() == 405 {
                    continue;
                }
                tried += 1;
                assert_eq!(answer.status(), 404, "{method} {path}");
                assert!(answer.text().await.unwrap().contains("not_found"));
            }
        }
        // Without a sign-in there is no telling whether a site is there.
        let nobody = collector.console("", Method::GET, &format!("{path}?site=pk_one"), &json!({})).await;
        assert!(matches!(nobody.status().as_u16(), 401 | 405), "{route}: {}", nobody.status());
    }
    assert!(tried >= 30, "{tried}");
    // Their own site's agent does find it, and a conversation of one site is not in another.
    let path = |key: &str| format!("/api/inbox/{}?site={key}", c.0);
    let both = collector.sign_in_as("both@example.com", Grant::ALL).await;
    for (cookie, key, status) in [(&own, "pk_one", 200), (&both, "pk_one", 200), (&both, "pk_two", 404)] {
        assert_eq!(collector.console(cookie, Method::GET, &path(key), &json!({})).await.status(), status);
    }
    let viewer: Value =
        collector.console(&own, Method::GET, "/api/session", &json!({})).await.json().await.unwrap();
    assert_eq!(viewer["sites"].as_array().map(Vec::len), Some(1));
    // A conversation is never assigned to an agent who may not see it.
    let handed = |email: &str| json!({ "mid": new_id(), "kind": "handed", "body": { "agent": { "side": "agent", "id": email } } });
    let answer = collector.console(&own, Method::POST, &path("pk_one"), &handed("other@example.com")).await;
    assert_eq!(answer.status(), 404);
    let answer = collector.console(&own, Method::POST, &path("pk_one"), &handed("both@example.com")).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn c7_who_is_demoted_or_removed_hears_nothing_after_five_seconds() {
    let collector = collector().await;
    let store = &collector.app.store;
    for (n, feed) in ["/api/inbox/live?site=pk_one", "/api/live?site=pk_one"].iter().enumerate() {
        let email = format!("agent{n}@example.com");
        let one = Grant::of(vec![SiteId(1)]);
        for removed in [false, true] {
            let cookie = collector.sign_in_as(&email, one.clone()).await;
            store.set_grant(&email, one.clone()).await.unwrap();
            let mut answer = collector.console(&cookie, Method::GET, feed, &json!({})).await;
            assert_eq!(answer.status(), 200);
            if removed {
                assert!(store.remove_operator(&email).await.unwrap());
            } else {
                assert!(store.set_grant(&email, Grant::of(vec![SiteId(2)])).await.unwrap());
            }
            let over = async { while let Ok(Some(_)) = answer.chunk().await {} };
            timeout(Duration::from_secs(5), over).await.expect("the feed stays open");
            let status = collector.console(&cookie, Method::GET, feed, &json!({})).await.status();
            assert_eq!(status, if removed { 401 } else { 404 });
        }
    }
}

/// C9: a visitor who signs in on a page after they wrote as a guest is another person: neither may read or
/// change what the other wrote.
#[tokio::test]
async fn c9_another_identity_is_another_history() {
    let collector = collector().await;
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap();
    let token = |sub: &str, account: &str| {
        let exp = jiff::Timestamp::now().as_second() + 600;
        let claims = json!({ "sub": sub, "account": account, "aud": "pk_one", "exp": exp });
        let key = jsonwebtoken::EncodingKey::from_secret(site.identity_secret.as_bytes());
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
    };
    let signed =
        |sub: &str, account: &str| Hello { token: Some(token(sub, account)), who: None, ..hello(sub) };
    let mut before = Vec::new();
    // The same name as a guest, of two accounts, and with an account that a guest claims.
    for hello in [hello("tanaka"), signed("tanaka", "acct"), signed("tanaka", "other")] {
        let mut client = collector.enter(hello.clone()).await;
        let id = new_id();
        client.say(&message(id, None, id, "mine")).await;
        let (c, ..) = client.ack(id).await;
        before.push((hello, c));
    }
    for (hello, own) in &before {
        let mut client = collector.socket("pk_one", Some(crate::collector::APP)).await.unwrap();
        client.say(&ClientFrame::Hello(hello.clone())).await;
        let heads = client
            .until(|tell| if let ServerFrame::Welcome(said) = tell { Some(said.conversations) } else { None })
            .await;
        assert_eq!(heads.iter().map(|head| head.id).collect::<Vec<_>>(), [*own]);
        for (_, other) in before.iter().filter(|(_, c)| c != own) {
            let id = new_id();
            client.say(&message(id, Some(*other), id, "let me in")).await;
            assert_eq!(client.nack(id).await, NackReason::NotFound);
        }
        // An open connection does not become another person's.
        client.say(&ClientFrame::Token { token: token("suzuki", "acct") }).await;
        assert_eq!(client.closed().await, 4401);
    }
}

#[tokio::test]
async fn c13_a_door_that_shows_who_is_in_and_asks_for_codes() {
    let clock = ManualClock::at("2026-11-24T10:00");
    let collector = collector_at(clock.clone()).await;
    collector.app.store.add_link(crypto::digest("once"), Grant::ALL, None, i64::MAX).await.unwrap();
    let person = |password: &str| json!({ "email": "A@example.com", "password": password });
    let mut with_link = person("a good passphrase");
    with_link["link"] = json!("once");
    let (status, first, _) = collector.sign(with_link).await;
    assert_eq!(status, 204);
    assert!(
        first.contains("HttpOnly") && first.contains("SameSite=Lax") && !first.contains("Domain"),
        "{first}"
    );
    let (_, second, _) = collector.sign(person("a good passphrase")).await;
    assert_ne!(value(&first), value(&second), "each sign-in has a cookie of its own");
    // What is signed in is listed, and can be ended from elsewhere.
    clock.set("2026-11-24T10:05");
    let look = async |cookie: &str| {
        collector.console(&value(cookie), Method::GET, "/api/security", &json!({})).await
    };
    let security: SecuritySettings = look(&second).await.json().await.unwrap();
    assert_eq!((security.browsers.len(), security.two_factor), (2, false));
    let other: &SignedInBrowser = security.browsers.iter().find(|browser| !browser.current).unwrap();
    let path = format!("/api/security/browsers/{}", other.id);
    let stranger = collector.sign_in().await;
    let foreign = collector.console(&stranger, Method::DELETE, &path, &json!({})).await;
    assert_eq!(foreign.status(), 404, "nobody ends another person's");
    assert_eq!(collector.console(&value(&second), Method::DELETE, &path, &json!({})).await.status(), 204);
    assert_eq!(look(&first).await.status(), 401);
    // Half a day without use.
    clock.set("2026-11-24T22:06");
    assert_eq!(look(&second).await.status(), 401);
    let (_, cookie, _) = collector.sign(person("a good passphrase")).await;
    // Five wrong tries cost nothing, the next one waits.
    let mut tags = Vec::new();
    for _ in 0..6 {
        tags.push(collector.sign(person("wrong wrong wrong")).await.2);
    }
    assert_eq!(tags[4..], ["wrong_password", "too_many_tries"]);
    // A second factor: nothing is asked for until a code was given.
    clock.set("2026-11-24T22:10");
    let codes = async |method, body: &Value| {
        collector.console(&value(&cookie), method, "/api/security/codes", body).await
    };
    let password = |password: &str| json!({ "password": password });
    assert_eq!(
        codes(Method::POST, &password("wrong wrong wrong")).await.status(),
        401,
        "a browser is not enough"
    );
    clock.set("2026-11-24T22:10:30");
    let reply: protocol::console::TotpSetup =
        codes(Method::POST, &password("a good passphrase")).await.json().await.unwrap();
    assert!(reply.address.starts_with("otpauth://totp/Tabiji:a%40example.com?"), "{}", reply.address);
    assert!(reply.qr_code.0.starts_with("M0,0h1v1h-1z") && reply.qr_code.1 > 20);
    assert_eq!(collector.sign(person("a good passphrase")).await.0, 204);
    let totp = Builder::new().with_secret(Secret::try_from_base32(&reply.secret).unwrap()).build().unwrap();
    let now = || totp.generate(collector.app.clock.now().unsigned_abs() / 1000).to_string();
    assert_eq!(codes(Method::PUT, &json!({ "code": "000000" })).await.status(), 401);
    assert_eq!(codes(Method::PUT, &json!({ "code": now() })).await.status(), 204);
    assert_eq!(
        codes(Method::POST, &password("a good passphrase")).await.status(),
        400,
        "no other secret while codes are asked for"
    );
    let with = |code: &str| {
        let mut person = person("a good passphrase");
        person["code"] = json!(code);
        person
    };
    assert_eq!(collector.sign(person("a good passphrase")).await.2, "code_needed");
    assert_eq!(
        collector.sign(person("wrong wrong wrong")).await.2,
        "wrong_password",
        "nothing is told before"
    );
    assert_eq!(collector.sign(with(&now())).await.2, "wrong_code", "a code is good once");
    clock.set("2026-11-24T22:11");
    assert_eq!(collector.sign(with(&now())).await.0, 204);
    // Codes are guessed as slowly as passwords.
    clock.set("2026-11-24T22:20");
    let mut tags = Vec::new();
    for _ in 0..6 {
        tags.push(collector.sign(with("123456")).await.2);
    }
    assert_eq!(tags[4..], ["wrong_code", "too_many_tries"]);
    clock.set("2026-11-24T22:40");
    assert_eq!(codes(Method::DELETE, &json!({ "code": now() })).await.status(), 204);
    assert_eq!(collector.sign(person("a good passphrase")).await.0, 204);
}

/// A blocked person gets the answer for too many messages, which says nothing of the block. What they wrote stays theirs.
#[tokio::test]
async fn who_is_barred_is_told_nothing_useful() {
    let collector = collector().await;
    let (mut client, conversation) = asked(&collector, "mallory").await;
    let cookie = collector.sign_in().await;
    let path = format!("/api/inbox/{}/bar?site=pk_one", conversation.0);
    assert_eq!(collector.console(&cookie, Method::PUT, &path, &json!({})).await.status(), 204);
    assert!(collector.all().await[0].blocked);
    let id = new_id();
    client.say(&message(id, Some(conversation), id, "hello?")).await;
    assert_eq!(client.nack(id).await, NackReason::TooFast);
    let id = new_id();
    client.say(&message(id, None, id, "another one")).await;
    assert_eq!(client.nack(id).await, NackReason::TooFast, "nothing new is begun either");
    assert_eq!(collector.all().await.len(), 1);
    // A colleague of theirs is heard.
    asked(&collector, "tanaka").await;
    assert_eq!(collector.console(&cookie, Method::DELETE, &path, &json!({})).await.status(), 204);
    client.say(&message(id, Some(conversation), id, "hello?")).await;
    client.ack(id).await;
    let thread = collector.thread(conversation).await;
    assert!(!thread.conversation.blocked);
    let said = thread.entries.iter().map(|entry| &entry.body);
    let said: Vec<_> = said.skip(1).filter(|body| !matches!(body, LogEntryBody::Message(_))).collect();
    assert_eq!(said, [&LogEntryBody::Blocked { on: true }, &LogEntryBody::Blocked { on: false }]);
    let last = thread.entries.iter().rev().find_map(|entry| match &entry.body {
        LogEntryBody::Message(message) => Some(message.text.as_str()),
        _ => None,
    });
    assert_eq!(last, Some("hello?"));
}
