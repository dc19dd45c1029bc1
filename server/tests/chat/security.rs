//! What strangers cannot do to an operator, and what administrators read afterwards.

use protocol::chat::{ClientFrame, Hello, NackReason, ServerFrame};
use protocol::console::{Role, SecurityEntry, SecurityKind};
use protocol::ids::ClaimedIdentity;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use store::{Grant, SiteId};
use tabiji_server::crypto;

use crate::collector::{APP, Collector, ManualClock, collector, collector_at, hello, message, new_id};

const RIGHT: &str = "a good passphrase";
const WRONG: &str = "wrong wrong wrong";

/// A browser with what it keeps.
#[derive(Clone, Default)]
struct Browser(Vec<(String, String)>);

impl Browser {
    async fn ask(
        &mut self,
        collector: &Collector,
        method: Method,
        path: &str,
        body: &Value,
    ) -> (StatusCode, String) {
        let cookies: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request =
            collector.http.request(method, format!("http://{}{path}", collector.address)).json(body);
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        self.keep(&answer);
        let status = answer.status();
        let fault = answer.json::<Value>().await.unwrap_or_default();
        (status, fault["error"]["tag"].as_str().unwrap_or_default().to_owned())
    }

    fn keep(&mut self, answer: &Response) {
        for cookie in answer.headers().get_all("set-cookie") {
            let (pair, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.0.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Signs in; returns the refusal's tag, empty when it worked.
    async fn sign_in(&mut self, collector: &Collector, email: &str, password: &str) -> String {
        let form = json!({ "email": email, "password": password });
        self.ask(collector, Method::POST, "/api/session", &form).await.1
    }

    /// Comes in for the first time, by a link.
    async fn welcome(&mut self, collector: &Collector, email: &str, grant: Grant) {
        let link = new_id().to_string();
        collector.app.store.add_link(crypto::digest(&link), grant, None, i64::MAX).await.unwrap();
        let form = json!({ "link": link, "email": email, "password": RIGHT });
        assert_eq!(self.ask(collector, Method::POST, "/api/session", &form).await.0, StatusCode::NO_CONTENT);
    }

    async fn log(&self, collector: &Collector, before: &str) -> Result<Vec<SecurityEntry>, StatusCode> {
        let cookies: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let url = format!("http://{}/api/security/log{before}", collector.address);
        let answer = collector.http.get(url).header("cookie", cookies.join("; ")).send().await.unwrap();
        if answer.status().is_success() { Ok(answer.json().await.unwrap()) } else { Err(answer.status()) }
    }
}

#[tokio::test]
async fn s15_strangers_never_lock_out_a_browser_that_was_signed_in_before() {
    let clock = ManualClock::at("2026-11-24T10:00");
    let collector = collector_at(clock.clone()).await;
    let (mut own, mut stays) = (Browser::default(), Browser::default());
    own.welcome(&collector, "sato@example.com", Grant::ALL).await;
    assert_eq!(stays.sign_in(&collector, "sato@example.com", RIGHT).await, "");
    let (status, _) = own.ask(&collector, Method::DELETE, "/api/session", &json!({})).await;
    assert_eq!((status, own.0.len()), (StatusCode::NO_CONTENT, 1), "the mark of the browser stays");
    let mut stranger = Browser::default();
    for n in 0..15 {
        let tag = stranger.sign_in(&collector, "sato@example.com", WRONG).await;
        assert_eq!(tag, if n < 5 { "wrong_password" } else { "too_many_tries" }, "{n}");
    }
    // Strangers wait, whatever they know and whatever they claim to be.
    let mut other = Browser::default();
    other.welcome(&collector, "mori@example.com", Grant::ALL).await;
    let invented = Browser(vec![("tabiji-browser".into(), "0".repeat(64))]);
    for mut browser in [stranger.clone(), other.clone(), invented] {
        assert_eq!(browser.sign_in(&collector, "sato@example.com", RIGHT).await, "too_many_tries");
    }
    // Who was in before comes in at once, and who is in can go on.
    assert_eq!(own.sign_in(&collector, "sato@example.com", RIGHT).await, "");
    let change = json!({ "password": RIGHT, "new": "another good passphrase" });
    let (status, tag) = stays.ask(&collector, Method::PUT, "/api/security/password", &change).await;
    assert_eq!((status, tag.as_str()), (StatusCode::NO_CONTENT, ""));
    // A known browser is no way to guess: its own wrong tries are counted.
    for n in 0..7 {
        let tag = own.sign_in(&collector, "sato@example.com", WRONG).await;
        assert_eq!(tag, if n < 5 { "wrong_password" } else { "too_many_tries" }, "{n}");
    }
    assert_eq!(
        own.sign_in(&collector, "mori@example.com", WRONG).await,
        "wrong_password",
        "of another it is a stranger"
    );
    // Nor is a browser known any longer once its operator was removed.
    collector.app.store.remove_operator("sato@example.com").await.unwrap();
    let mark = own.0.iter().find(|(name, _)| name == "tabiji-browser").unwrap().1.clone();
    assert!(!collector.app.store.is_known_browser(crypto::digest(&mark), "sato@example.com").await.unwrap());
}

#[tokio::test]
async fn s15_what_happens_to_access_is_read_by_administrators_alone() {
    let collector = collector().await;
    let mut admin = Browser::default();
    admin.welcome(&collector, "admin@example.com", Grant::ALL).await;
    let role = |role| Grant { role, ..Grant::of(vec![SiteId(1)]) };
    let mut agent = Browser::default();
    agent.welcome(&collector, "agent@example.com", role(Role::Agent)).await;
    let mut of_one = Browser::default();
    of_one.welcome(&collector, "one@example.com", role(Role::Admin)).await;
    assert_eq!(Browser::default().sign_in(&collector, "agent@example.com", WRONG).await, "wrong_password");
    assert_eq!(Browser::default().sign_in(&collector, "my password", WRONG).await, "wrong_password");
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, "hello")).await;
    let (c, ..) = client.ack(id).await;
    let path = format!("/api/inbox/{}/transcript?site=pk_one", c.0);
    assert_eq!(agent.ask(&collector, Method::GET, &path, &json!({})).await.0, StatusCode::OK);
    let url = format!("http://{}/v1/users/tanaka", collector.address);
    let erased = collector.http.delete(url).header("authorization", "Bearer sk_one").send().await.unwrap();
    assert!(erased.status().is_success());
    assert_eq!(agent.log(&collector, "").await, Err(StatusCode::FORBIDDEN));
    assert_eq!(Browser::default().log(&collector, "").await, Err(StatusCode::UNAUTHORIZED));
    agent.ask(&collector, Method::DELETE, "/api/session", &json!({})).await;

    let all = admin.log(&collector, "").await.unwrap();
    assert!(all.is_sorted_by(|a, b| a.id > b.id), "the newest first");
    let kinds: Vec<SecurityKind> = all.iter().map(|entry| entry.kind).collect();
    use SecurityKind::{Erased, LinkUsed, RoleRefused, SignIn, SignInFailed, SignOut, TranscriptRead};
    let came = [SignIn, LinkUsed];
    let expected = [
        &[SignOut, RoleRefused, Erased, TranscriptRead, SignInFailed, SignInFailed][..],
        &came,
        &came,
        &came,
    ];
    assert_eq!(kinds, expected.concat());
    let read = all.iter().find(|entry| entry.kind == TranscriptRead).unwrap();
    assert_eq!(
        (read.by.as_str(), read.site.as_deref(), &read.about),
        ("agent@example.com", Some("one"), &c.0.to_string())
    );
    let failed: Vec<_> = all.iter().filter(|entry| entry.kind == SignInFailed).collect();
    let about: Vec<_> = failed.iter().map(|entry| (entry.by.as_str(), entry.about.as_str())).collect();
    assert_eq!(
        about,
        [("", ""), ("", "agent@example.com")],
        "what is no operator's address may be a password"
    );
    let text = serde_json::to_string(&all).unwrap();
    assert!(!text.contains("tanaka") && !text.contains(RIGHT) && !text.contains(WRONG), "{text}");
    // Page by page, and of one's own sites.
    let page = admin.log(&collector, &format!("?before={}", all[2].id)).await.unwrap();
    assert_eq!(page, all[3..]);
    let own = of_one.log(&collector, "").await.unwrap();
    assert!(own.iter().all(|entry| entry.site.as_deref() == Some("one")) && own.len() == 2, "{own:#?}");
}

#[tokio::test]
async fn s15_what_a_backend_exports_is_noted_once_an_hour_wherever_it_begins() {
    let clock = ManualClock::at("2026-11-24T10:00");
    let collector = collector_at(clock.clone()).await;
    let mut admin = Browser::default();
    admin.welcome(&collector, "admin@example.com", Grant::ALL).await;
    let export = async |site: &str, what: &str| {
        let url = format!("http://{}/v1/export/{what}", collector.address);
        collector.http.get(url).bearer_auth(format!("sk_{site}")).send().await.unwrap().status()
    };
    let exported = async || {
        let all = admin.log(&collector, "").await.unwrap().into_iter();
        let exports = all.filter(|entry| entry.kind == SecurityKind::Exported);
        exports.map(|entry| (entry.by, entry.site.unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(export("nobody", "events").await, StatusCode::UNAUTHORIZED);
    assert_eq!(export("one", "events?after=nothing").await, StatusCode::BAD_REQUEST);
    assert_eq!(exported().await, []);
    // The second page is an export, too: nobody can say that it was not the first.
    for what in ["accounts?after=acct-1", "events", "steps", "accounts"] {
        assert_eq!(export("one", what).await, StatusCode::OK, "{what}");
    }
    let by = |site: &str| ("backend".to_owned(), site.to_owned());
    assert_eq!(exported().await, [by("one")]);
    assert_eq!(export("two", "accounts").await, StatusCode::OK);
    clock.set("2026-11-24T10:59");
    export("one", "events").await;
    assert_eq!(exported().await, [by("two"), by("one")]);
    clock.set("2026-11-24T11:00");
    export("one", "events").await;
    assert_eq!(exported().await, [by("one"), by("two"), by("one")]);
}

#[tokio::test]
async fn s15_a_flood_of_failures_is_a_few_entries_that_say_how_many() {
    let collector = collector().await;
    let mut admin = Browser::default();
    admin.welcome(&collector, "admin@example.com", Grant::ALL).await;
    let mut stranger = Browser::default();
    for _ in 0..200 {
        stranger.sign_in(&collector, "admin@example.com", WRONG).await;
    }
    let all = admin.log(&collector, "").await.unwrap();
    let failed: Vec<_> = all.iter().filter(|entry| entry.kind == SecurityKind::SignInFailed).collect();
    // Twenty at once, and one every three seconds that this takes.
    assert!((20..50).contains(&failed.len()), "{}", failed.len());
    assert!(failed.iter().map(|entry| entry.count).sum::<u64>() <= 200);
}

#[tokio::test]
async fn s17_what_staff_see_of_a_guest_lets_nobody_in_as_them() {
    let collector = collector().await;
    let secret = format!("guest-{}", new_id());
    let guest =
        |user: &str| Hello { who: Some(ClaimedIdentity { user: user.into(), account: None }), ..hello("") };
    let mut client = collector.enter(guest(&secret)).await;
    let id = new_id();
    client.say(&message(id, None, id, "my own question")).await;
    let (c, ..) = client.ack(id).await;
    let cookie = collector.sign_in().await;
    let read = async |path: &str| {
        let url = format!("http://{}{path}", collector.address);
        let answer =
            collector.http.get(url).header("cookie", format!("tabiji={cookie}")).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");
        answer.text().await.unwrap()
    };
    let mut stream = {
        let url = format!("http://{}/api/inbox/live?site=pk_one", collector.address);
        collector.http.get(url).header("cookie", format!("tabiji={cookie}")).send().await.unwrap()
    };
    // Every route of the console that shows the conversation, and the stream.
    let mut shown = Vec::new();
    for path in [
        "/api/inbox?site=pk_one".to_owned(),
        format!("/api/inbox/{}?site=pk_one", c.0),
        format!("/api/inbox/{}/transcript?site=pk_one", c.0),
    ] {
        let text = read(&path).await;
        assert!(!text.contains(&secret), "{path}: {text}");
        let at = text.find("guest-").unwrap_or_else(|| panic!("{path} names nobody: {text}"));
        shown.push(text[at..at + secret.len()].to_owned());
    }
    let again = new_id();
    client.say(&message(again, Some(c), again, "and another")).await;
    client.ack(again).await;
    let mut heard = String::new();
    while !heard.contains("and another") {
        heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
    }
    assert!(heard.contains("guest-") && !heard.contains(&secret), "{heard}");
    shown.dedup();
    let [shown] = &shown[..] else { panic!("one person, one id: {shown:?}") };
    // With it nobody reads or writes in the guest's name, by whatever way it is claimed.
    for claimed in
        [shown.clone(), format!("~{shown}"), secret.to_uppercase(), secret[..secret.len() - 1].to_owned()]
    {
        let mut other = collector.socket("pk_one", Some(APP)).await.unwrap();
        other.say(&ClientFrame::Hello(guest(&claimed))).await;
        let known = other
            .until(|tell| if let ServerFrame::Welcome(said) = tell { Some(said.conversations) } else { None })
            .await;
        assert!(known.is_empty(), "{claimed}");
        let id = new_id();
        other.say(&message(id, Some(c), id, "let me in")).await;
        assert_eq!(other.nack(id).await, NackReason::NotFound, "{claimed}");
    }
    // The guest goes on where they were.
    let mut back = collector.enter(guest(&secret)).await;
    let id = new_id();
    back.say(&message(id, Some(c), id, "still me")).await;
    assert_eq!(back.ack(id).await.0, c);
}
