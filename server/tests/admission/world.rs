//! Two sites with something of everything in them, in one process, and requests to every route in the name of anybody.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Method, Request, header};
use axum::response::Response;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use store::{ConsoleSession, Grant, NewSite, Role, SecondFactor, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::auth::Route;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::web;
use tabiji_server::widget::clips;
use tabiji_server::{crypto, pictures, random, router};
use tempfile::TempDir;
use tower::ServiceExt;

pub const NOW: i64 = 1_790_000_000_000;
const JPEG: &[u8] = include_bytes!("../../src/uploads/strip_metadata/jpeg/pictures/baseline.jpg");
/// The name of a clip's file; the file of each site says whose it is.
const CLIP: &str = "first-0123456789.vtt";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// What one site has. Its name stands in every text of it.
pub struct Tenant {
    /// `one` or `two`.
    pub name: &'static str,
    /// Its number.
    pub id: SiteId,
    /// A conversation of the verified person.
    pub conversation: String,
    /// A file in it.
    pub file: String,
    /// Signed addresses, by the start of their path.
    addresses: Vec<(&'static str, String)>,
}

/// A collector with two tenants.
pub struct World {
    pub router: Router,
    pub app: App,
    pub one: Tenant,
    pub two: Tenant,
    _folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::at("http://127.0.0.1:7600").await
    }

    /// A collector that browsers reach at this address.
    pub async fn at(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
        for name in ["one", "two"] {
            let site = NewSite {
                secret_hash: crypto::digest(&format!("sk_{name}")),
                identity_secret: format!("the secret of {name}"),
                origins: vec![origin(name)],
                ..suite::site(name)
            };
            store.add_site(site).await.unwrap();
        }
        let config =
            Config { data: folder.path().to_owned(), public_url: public_url.into(), ..Config::default() };
        let app = App::new(store, Arc::new(StoppedClock(NOW)), config);
        let router = router::router(app.clone());
        let (one, two) =
            (fill(&router, &app, "one", SiteId(1)).await, fill(&router, &app, "two", SiteId(2)).await);
        Self { router, app, one, two, _folder: folder }
    }

    /// Signs an operator in; returns the cookie. A second session is what can be ended from afar.
    pub async fn sign_in(&self, email: &str, grant: Grant) -> String {
        let store = &self.app.store;
        if store.operator(email).await.unwrap().is_none() {
            let link = random::secret("");
            store.add_link(crypto::digest(&link), grant.clone(), None, NOW + 1).await.unwrap();
            store.redeem_link(crypto::digest(&link), email, "none", NOW).await.unwrap();
            let second =
                SecondFactor { totp_secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(), enabled: true };
            store.set_second_factor(email, Some(second)).await.unwrap();
            store.set_operator_picture(email, Some(pictures::checked(JPEG, NOW).unwrap())).await.unwrap();
        }
        store.set_grant(email, grant).await.unwrap();
        let cookie = random::secret("");
        let session = ConsoleSession { email: email.into(), created: NOW, used: NOW, browser: String::new() };
        store.add_session(crypto::digest(&cookie), session).await.unwrap();
        cookie
    }

    /// The path and query of a route at a tenant; without `signed` the signatures in it are made up.
    pub fn address(&self, route: &Route, tenant: &Tenant, signed: bool) -> String {
        let site = format!("pk_{}", tenant.name);
        let known = tenant.addresses.iter().find(|(start, _)| route.path.starts_with(start));
        if let Some((_, address)) = known.filter(|_| route.admission == "SignedAddress") {
            let address = match route.path.ends_with("/drop") {
                true => address.replacen('?', "/drop?", 1),
                false => address.clone(),
            };
            let query = if signed { "" } else { "&" };
            let address = if signed { address } else { address.split_once("sign=").unwrap().0.to_owned() };
            return format!("{address}{query}{}", if signed { "&at=0" } else { "sign=00&at=0" });
        }
        let path = route.path.replace("{conversation}", &tenant.conversation);
        let path = match path.contains("/browsers/") {
            true => path.replace("{id}", &crypto::hex(&crypto::digest("another browser")[..8])),
            false if path.starts_with("/api/inbox") => path.replace("{id}", &tenant.file),
            false => path.replace("{id}", "acct-1"),
        };
        let path = path
            .replace("{name}", "setup")
            .replace("{what}", "events")
            .replace("{*page}", "inbox")
            .replace("{file}", "widget.js");
        let path = path.replace("{loader}", web::assets::PINNED);
        let count = if path.contains("/help/") { "read" } else { "started" };
        format!(
            "{path}?site={site}&q=message&locale=en&step=users&at=0&count={count}&clip=first-setup&scale=ces&article=save"
        )
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// The origin of a site's pages.
pub fn origin(name: &str) -> String {
    format!("https://{name}.example.com")
}

/// A token that a host's backend signed, of a person at their company.
pub fn token(name: &str, expires: i64) -> String {
    let claims = json!({ "sub": format!("person of {name}"), "account": format!("company of {name}"),
        "name": format!("Tanaka of {name}"), "aud": format!("pk_{name}"), "exp": (NOW + expires) / 1000 });
    let key = EncodingKey::from_secret(format!("the secret of {name}").as_bytes());
    encode(&Header::default(), &claims, &key).unwrap()
}

/// Who says what of themselves in a body.
#[derive(Clone, Default)]
pub struct Said {
    /// The site's name.
    pub site: &'static str,
    pub token: Option<String>,
    /// The id that a guest claims.
    pub guest: Option<&'static str>,
}

/// A body that the route can read, as far as anybody may send it.
pub fn body(route: &Route, tenant: &Tenant, said: &Said) -> Vec<u8> {
    let site = format!("pk_{}", said.site);
    let who = said.guest.map(|user| json!({ "user": user, "account": "acct-guest" }));
    let c = &tenant.conversation;
    let read = |what: &str| std::fs::read_to_string(format!("../demo-site/{what}")).unwrap();
    let hello = json!({ "v": 1, "site": site, "tok": said.token, "who": who });
    let with_hello = |mut more: Value| {
        more["hello"] = hello.clone();
        more
    };
    let session = json!({ "site": site, "token": said.token, "who": who, "locale": "en" });
    let fresh = random::id(NOW).to_string();
    let value = match (route.method, route.path) {
        ("PUT", "/v1/flows/{name}") => return read("flow.toml").into(),
        ("PUT", "/v1/desk") => json!({ "zone": "Asia/Tokyo" }),
        ("POST", "/v1/facts") => {
            json!({ "facts": [{ "id": fresh, "account": "a", "name": "users", "value": 5 }] })
        }
        ("PUT", "/v1/accounts/{id}") => json!({ "name": "Company" }),
        ("POST", "/v1/progress") => json!({ "site": site, "token": said.token, "who": who, "since": -1 }),
        ("POST", "/v1/events") => {
            json!({ "site": site, "token": said.token, "who": who, "sent_at": NOW, "events": [] })
        }
        ("POST", "/v1/chat/stream") => hello,
        ("POST", "/v1/chat/send") => {
            with_hello(json!({ "frames": [{ "t": "sync", "c": c, "from": 1, "to": 9 }] }))
        }
        ("POST", "/v1/chat/files") => with_hello(json!({ "id": fresh, "name": "a.txt", "size": 3 })),
        ("POST", "/v1/chat/files/link") => with_hello(json!({ "c": c, "id": tenant.file })),
        ("POST", path) if path.starts_with("/v1/chat/files/{site}") => return b"abc".to_vec(),
        ("POST", path) if path.starts_with("/v1/") => session,
        ("POST", "/api/session") => json!({ "email": "nobody@example.com", "password": "wrong wrong wrong" }),
        ("POST", "/api/link") => json!("no link"),
        ("PUT", "/api/profile") => json!({ "name": "Sato" }),
        ("PUT", "/api/profile/picture") => return JPEG.to_vec(),
        ("PUT", "/api/security/password") => {
            json!({ "password": "wrong wrong wrong", "new": "right right right" })
        }
        ("POST", "/api/security/codes") => json!({ "password": "wrong wrong wrong" }),
        (_, "/api/security/codes") => json!({ "code": "000000" }),
        ("POST", "/api/inbox/{conversation}") => {
            json!({ "mid": fresh, "kind": "note", "body": { "text": "noted" } })
        }
        ("PATCH", _) => json!({ "read": 1 }),
        ("POST", "/api/inbox/{conversation}/files") => json!({ "id": fresh, "name": "b.txt", "size": 3 }),
        _ => return Vec::new(),
    };
    value.to_string().into()
}

/// A request with these headers. What stands in a body is JSON, as clients say.
pub fn request(
    method: &str,
    address: &str,
    headers: &[(&str, String)],
    body: impl Into<Body>,
) -> Request<Body> {
    let method: Method = method.to_uppercase().parse().unwrap();
    let mut request = Request::builder().method(method).uri(address);
    request = request.header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(name.parse::<HeaderName>().unwrap(), value);
    }
    request.body(body.into()).unwrap()
}

/// Fills a site: a flow, an article, a clip, a company with its handoff sheet, and a conversation with a file, an answer
/// and a note.
async fn fill(router: &Router, app: &App, name: &'static str, id: SiteId) -> Tenant {
    let ask = async |method: &str, address: &str, headers: &[(&str, String)], body: String| -> Value {
        let request = request(method, address, headers, Body::from(body));
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let text = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        assert!(status.is_success(), "{method} {address}: {status} {}", String::from_utf8_lossy(&text));
        serde_json::from_slice(&text).unwrap_or_default()
    };
    let backend = [("authorization", format!("Bearer sk_{name}"))];
    let page = [("origin", origin(name))];
    let flow = std::fs::read_to_string("../demo-site/flow.toml").unwrap();
    ask(
        "PUT",
        "/v1/flows/setup",
        &backend,
        flow.replace("Register five users", &format!("Register five users of {name}")),
    )
    .await;
    let article = json!({ "id": "save", "title": { "en": format!("Article of {name}") },
        "text": { "en": format!("Text of {name}") } });
    let support = json!({ "zone": "Asia/Tokyo", "articles": [article] });
    ask("PUT", "/v1/desk", &backend, support.to_string()).await;
    let account = json!({ "name": format!("Company of {name}"),
        "handoff": { "expectation": format!("Expectation of {name}") } });
    ask("PUT", &format!("/v1/accounts/company%20of%20{name}"), &backend, account.to_string()).await;
    let hello = json!({ "v": 1, "site": format!("pk_{name}"), "tok": token(name, DAY / 2) });
    let session =
        json!({ "site": format!("pk_{name}"), "token": token(name, DAY / 2), "locale": "en" }).to_string();
    ask("POST", "/v1/session", &page, session).await;
    let fact = json!({ "id": random::id(NOW).to_string(), "account": format!("company of {name}"), "name": "users", "value": 5 });
    ask("POST", "/v1/facts", &backend, json!({ "facts": [fact] }).to_string()).await;
    let visit = random::id(NOW).to_string();
    let cue = json!({ "from": 0.0, "to": 2.0, "text": format!("caption of {name}") });
    let track = json!({ "lang": "en", "file": "first.en.vtt", "cues": [cue] });
    let video = json!({ "clip": "first-setup", "seconds": 36.0, "sizes": [], "scripts": [track] });
    app.store.upsert_video(id, serde_json::from_value(video).unwrap()).await.unwrap();
    let mut n = 0;
    let mut event = |kind: &str, step: Option<&str>, data: Value| {
        n += 1;
        let (at, flow) = (NOW - 60_000 + n * 1_000, (kind == "survey.answered").then_some("setup@1"));
        json!({ "id": random::id(at).to_string(), "at": at, "session": visit, "n": n, "flow": flow, "kind": kind,
            "step": step, "data": data })
    };
    let events = [
        event(
            "step.snoozed",
            Some("deals"),
            json!({ "until": NOW + DAY, "reason": format!("later of {name}") }),
        ),
        event(
            "survey.answered",
            None,
            json!({ "question": "effort", "scale": "ces", "stage": "usage", "score": 4,
            "comment": format!("comment of {name}") }),
        ),
        event("video.started", None, json!({ "clip": "first-setup", "at": 0 })),
        event("video.progress", None, json!({ "clip": "first-setup", "at": 3, "seen": "0-3" })),
        event("chat.opened", None, json!({ "help": true })),
        event("faq.viewed", None, json!({ "article": "save" })),
        event("custom", None, json!({ "name": format!("tracked of {name}") })),
        // Quarantined.
        event("custom", None, json!({ "name": format!("broken of {name}"), "n": -0.0 })),
    ];
    let batch = json!({ "site": format!("pk_{name}"), "token": token(name, DAY / 2), "sent_at": NOW, "events": events });
    ask("POST", "/v1/events", &page, batch.to_string()).await;
    suite::projected(&app.store).await;
    let (file, mid) = (random::id(NOW).to_string(), random::id(NOW).to_string());
    let content = format!("file of {name}");
    let upload =
        json!({ "hello": hello, "id": file, "name": format!("of {name}.txt"), "size": content.len() });
    let target = ask("POST", "/v1/chat/files", &page, upload.to_string()).await;
    let bring = format!("/{}", target["to"].as_str().unwrap());
    ask("POST", &format!("{bring}&at=0"), &[], content).await;
    let said = json!({ "t": "send", "mid": mid, "ck": mid,
        "body": { "text": format!("message of {name}"), "file": { "id": file } } });
    let posted = json!({ "hello": hello, "frames": [said] }).to_string();
    let acknowledged = ask("POST", "/v1/chat/send", &page, posted).await;
    let conversation = acknowledged[0]["c"].as_str().unwrap().to_owned();
    let link = json!({ "hello": hello, "c": conversation, "id": file }).to_string();
    let link = ask("POST", "/v1/chat/files/link", &page, link).await;
    // A file that is begun is where another chunk can go.
    let upload = json!({ "hello": hello, "id": random::id(NOW).to_string(), "name": "next.txt", "size": 3 });
    let next = ask("POST", "/v1/chat/files", &page, upload.to_string()).await;
    let folder = clips::folder(&app.config, id);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(CLIP), format!("WEBVTT of {name}")).unwrap();
    let site = app.sites.all().await.unwrap().into_iter().find(|site| site.id == id).unwrap();
    let picture = pictures::checked(JPEG, NOW).unwrap();
    let link_of_agent = random::secret("");
    let email = format!("support@{name}.example.com");
    app.store.add_link(crypto::digest(&link_of_agent), Grant::of(vec![id]), None, NOW + 1).await.unwrap();
    app.store.redeem_link(crypto::digest(&link_of_agent), &email, "none", NOW).await.unwrap();
    app.store.set_operator_name(&email, &format!("Agent of {name}")).await.unwrap();
    app.store.set_operator_picture(&email, Some(picture.clone())).await.unwrap();
    let absolute = |address: &str| format!("/{address}");
    let addresses = vec![
        ("/v1/media/", absolute(&clips::address(&site, CLIP, NOW))),
        ("/v1/pictures/", absolute(&pictures::address(&site, &picture.id, NOW))),
        ("/v1/files/", absolute(link["url"].as_str().unwrap())),
        ("/v1/chat/files/", absolute(next["to"].as_str().unwrap())),
    ];
    Tenant { name, id, conversation, file, addresses }
}

/// A grant of a role at one site.
pub fn grant(role: Role, site: SiteId) -> Grant {
    Grant { role, ..Grant::of(vec![site]) }
}
