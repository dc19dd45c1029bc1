//! The headers of answers, and what browsers say of where a request comes from.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use store::{Grant, Role};
use tabiji_server::crypto;
use tabiji_server::{router, web};

use crate::world::{NOW, Said, World, body, grant, origin, request, token};

/// The headers of every answer.
const ALWAYS: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
];

fn has(headers: &HeaderMap, name: &str) -> String {
    let all: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
    assert!(all.len() <= 1, "{name} twice: {all:?}");
    all.first().copied().unwrap_or_default().to_owned()
}

/// Checks what every answer says, and returns who may use it.
fn checked(what: &str, headers: &HeaderMap, is_https: bool) -> String {
    for (name, value) in ALWAYS {
        assert_eq!(has(headers, name), value, "{what}: {name}");
    }
    let policy = has(headers, "content-security-policy");
    let is_file = policy == "default-src 'none'; sandbox";
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    assert!(is_file || policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval' "), "{what}: {policy}");
    let devices = has(headers, "permissions-policy");
    assert!(devices.contains("camera=()") && devices.contains("geolocation=()"), "{what}: {devices}");
    let tls = has(headers, "strict-transport-security");
    assert_eq!(tls.starts_with("max-age="), is_https, "{what}: {tls}");
    assert!(!has(headers, "cache-control").is_empty(), "{what}");
    assert_eq!(has(headers, "server") + &has(headers, "x-powered-by"), "", "{what} says what runs here");
    has(headers, "cross-origin-resource-policy")
}

/// S18: every route, let in and refused, and what is no route; over TLS and not.
#[tokio::test]
async fn s18_every_answer_has_the_headers_of_its_kind() {
    for url in ["http://127.0.0.1:7600", "https://help.example.com"] {
        let world = World::at(url).await;
        let is_https = url.starts_with("https");
        let cookie = world.sign_in("admin@one.example.com", grant(Role::Admin, world.one.id)).await;
        let cookie = format!("{}={cookie}", if is_https { "__Secure-tabiji" } else { "tabiji" });
        let mut kinds = std::collections::BTreeSet::new();
        let mut routes = router::routes();
        routes.sort_by_key(|route| route.method == "DELETE");
        for route in routes {
            let said = Said { site: "one", token: Some(token("one", 3_600_000)), guest: None };
            let own = match route.admission {
                "HostBackend" => vec![("authorization", "Bearer sk_one".to_owned())],
                "WidgetCaller" | "WidgetPage" => vec![("origin", origin("one"))],
                _ => vec![("cookie", cookie.clone())],
            };
            for (headers, signed) in
                [(own, true), (vec![("origin", "https://evil.example.com".to_owned())], false)]
            {
                let address = world.address(&route, &world.one, signed);
                let body = body(&route, &world.one, &said);
                let answer = world.send(request(route.method, &address, &headers, body)).await;
                let what = format!("{} {} {}", route.method, route.path, answer.status());
                let policy = checked(&what, answer.headers(), is_https);
                let is_shared = route.path.starts_with("/assets/")
                    || matches!(route.path, "/tabiji.js" | "/{loader}")
                    || (route.path.starts_with("/v1/") && route.admission != "HostBackend");
                // A file of a conversation is saved, and shown by nobody.
                let is_private = route.path.starts_with("/v1/files/") && answer.status() == StatusCode::OK;
                let expected = if is_shared && !is_private { "cross-origin" } else { "same-origin" };
                assert_eq!(policy, expected, "{what}");
                kinds.insert(answer.status().as_u16());
            }
        }
        assert!([200, 204, 401, 403, 404].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
        for (method, path, status) in [
            ("GET", "/console/", 307),
            ("GET", "/nothing", 404),
            ("GET", "/tabiji@0.0.0.js", 404),
            ("GET", "/console.html", 404),
            ("GET", "/v1/nothing", 404),
            ("GET", "/assets/%2e%2e%2fsecret", 404),
            ("POST", "/console", 405),
            ("PATCH", "/v1/events", 405),
            ("OPTIONS", "/v1/events", 403),
            ("POST", "/api/session", 400),
        ] {
            let answer = world.send(request(method, path, &[], Body::from("{}"))).await;
            assert_eq!(answer.status(), status, "{method} {path}");
            checked(&format!("{method} {path}"), answer.headers(), is_https);
        }
    }
}

/// S18: what an operator's browser keeps goes to the data of the console, and to no file.
#[tokio::test]
async fn s18_no_file_is_where_the_cookie_of_the_console_goes() {
    for (url, name) in
        [("http://127.0.0.1:7600", "tabiji="), ("https://help.example.com", "__Secure-tabiji=")]
    {
        let world = World::at(url).await;
        let store = &world.app.store;
        store.add_link(crypto::digest("once"), Grant::ALL, None, NOW + 1).await.unwrap();
        let form = json!({ "link": "once", "email": "sato@example.com", "password": "a good passphrase" });
        let answer = world.send(request("POST", "/api/session", &[], Body::from(form.to_string()))).await;
        let mut cookies =
            answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let cookie = cookies.next().unwrap().to_owned();
        assert!(cookies.all(|other| other.contains("Path=/api/session; HttpOnly")), "what lets nobody in");
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(parts[0].starts_with(name) && parts.contains(&"Path=/api"), "{cookie}");
        assert!(parts.contains(&"HttpOnly") && !cookie.contains("Domain"), "{cookie}");
        assert_eq!(parts.contains(&"Secure"), name.starts_with("__Secure-"), "{cookie}");
        let ours = parts[0].to_owned();
        // Below the path there is data only; what leads to a file leads out of it.
        for route in router::routes().iter().filter(|route| route.method == "GET") {
            let address = world.address(route, &world.one, true);
            let headers = [("cookie", ours.clone())];
            let answer = world.send(request("GET", &address, &headers, Body::empty())).await;
            let kind = has(answer.headers(), "content-type");
            if route.path.starts_with("/api/") {
                let is_data = ["application/json", "text/event-stream", "text/plain", ""]
                    .iter()
                    .any(|data| kind.split(';').next() == Some(data));
                assert!(is_data, "{}: {kind}", route.path);
                let location = has(answer.headers(), "location");
                assert!(!location.starts_with("/api"), "{}: {location}", route.path);
            }
        }
        // A second cookie of the name is of another host of the domain: neither is believed.
        let asked = async |cookie: String| {
            world.send(request("GET", "/api/session", &[("cookie", cookie)], Body::empty())).await.status()
        };
        assert_eq!(asked(ours.clone()).await, StatusCode::OK);
        assert_eq!(asked(format!("other=1; {ours}")).await, StatusCode::OK);
        assert_eq!(asked(format!("{ours}; {name}tossed")).await, StatusCode::UNAUTHORIZED);
    }
}

/// C14: with the cookie of an administrator, whatever way a page of another origin asks.
#[tokio::test]
async fn c14_a_page_of_another_origin_asks_the_console_nothing() {
    let world = World::new().await;
    let store = &world.app.store;
    let email = "admin@one.example.com";
    let cookie = world.sign_in(email, grant(Role::Admin, world.one.id)).await;
    let before = (store.operators().await.unwrap(), store.sessions(email).await.unwrap());
    let evil = "https://evil.example.com";
    let ways: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site"), ("origin", evil)],
        // A form, a picture, a link: some browsers send no origin with them.
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("origin", "null")],
        // Another host of the same domain.
        &[("sec-fetch-site", "same-site"), ("origin", "https://other.example.com")],
        &[("sec-fetch-site", "same-site")],
        // Browsers that say no more than the origin.
        &[("origin", evil)],
        &[("origin", "null")],
    ];
    let mut tried = 0;
    for route in router::routes().iter().filter(|route| route.path.starts_with("/api/")) {
        for way in ways {
            let says_site = way.iter().any(|(name, _)| *name == "sec-fetch-site");
            if route.method == "GET" && !says_site {
                // Nothing is written, and without CORS nothing can be read.
                continue;
            }
            for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
                let mut headers: Vec<(&str, String)> =
                    way.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
                headers.push(("cookie", format!("tabiji={cookie}")));
                headers.push(("host", "help.example.com".into()));
                let address = world.address(route, &world.one, false);
                let said = Said { site: "one", ..Said::default() };
                let mut request = request(route.method, &address, &headers, body(route, &world.one, &said));
                request.headers_mut().insert("content-type", kind.parse().unwrap());
                let answer = world.send(request).await;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{way:?} {route:?}");
                assert!(answer.headers().get("access-control-allow-origin").is_none(), "{route:?}");
                let text = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
                let refusal: Value = serde_json::from_slice(&text).unwrap();
                assert_eq!(refusal["error"]["tag"], "foreign_page", "{way:?} {route:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
    assert_eq!((store.operators().await.unwrap(), store.sessions(email).await.unwrap()), before);
    // The console's own page, behind a proxy that ends TLS, and a program without a browser.
    for own in [&[("sec-fetch-site", "same-origin")][..], &[("origin", "https://help.example.com")], &[]] {
        let mut headers: Vec<(&str, String)> =
            own.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        headers.push(("cookie", format!("tabiji={cookie}")));
        headers.push(("host", "help.example.com".into()));
        let name = Body::from(json!({ "name": "Sato" }).to_string());
        let answer = world.send(request("PUT", "/api/profile", &headers, name)).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{own:?}");
    }
}

/// C14: a proxy that says another host than browsers do, as many do by default.
#[tokio::test]
async fn c14_behind_a_proxy_that_changes_the_host_the_console_answers_its_own_page() {
    let world = World::at("http://help.example.com/tabiji").await;
    let cookie = world.sign_in("admin@one.example.com", grant(Role::Admin, world.one.id)).await;
    for (origin, status) in [
        ("http://help.example.com", StatusCode::NO_CONTENT),
        ("https://help.example.com", StatusCode::FORBIDDEN),
        ("http://help.example.com.evil.example", StatusCode::FORBIDDEN),
    ] {
        let cookie = format!("tabiji={cookie}");
        let headers =
            [("cookie", cookie), ("host", "127.0.0.1:7600".to_owned()), ("origin", origin.to_owned())];
        let name = Body::from(json!({ "name": "Sato" }).to_string());
        let answer = world.send(request("PUT", "/api/profile", &headers, name)).await;
        assert_eq!(answer.status(), status, "{origin}");
    }
}

/// T38: on every route of the widget.
#[tokio::test]
async fn t38_a_page_that_is_not_listed_is_refused_and_counted_on_every_route() {
    let world = World::new().await;
    let evil = "https://evil.example.com";
    let mut tried = 0;
    let routes = router::routes();
    for route in routes.iter().filter(|route| matches!(route.admission, "WidgetCaller" | "WidgetPage")) {
        let address = world.address(route, &world.one, false);
        let said = Said { site: "one", token: Some(token("one", 3_600_000)), guest: None };
        for listed in [false, true] {
            let from = if listed { origin("one") } else { evil.to_owned() };
            let preflight = Request::builder().method(Method::OPTIONS).uri(&address).header("origin", &from);
            let preflight = preflight.header("access-control-request-method", "POST");
            let preflight = world.send(preflight.body(Body::empty()).unwrap()).await;
            let seconds = if listed { "86400" } else { "5" };
            assert_eq!(has(preflight.headers(), "access-control-max-age"), seconds, "{route:?}");
            // Text needs no preflight, so it must be read as well as JSON.
            let headers = [("origin", from.clone())];
            let mut request = request(route.method, &address, &headers, body(route, &world.one, &said));
            request.headers_mut().insert("content-type", "text/plain;charset=UTF-8".parse().unwrap());
            let answer = world.send(request).await;
            let allowed = has(answer.headers(), "access-control-allow-origin");
            assert_eq!(has(answer.headers(), "access-control-allow-credentials"), "", "{route:?}");
            if listed {
                assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{route:?}");
                assert_eq!(allowed, from, "{route:?}");
            } else {
                tried += 1;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{route:?}");
                // The sentence of the refusal is all that such a page may read (docs/decisions/0016-first-minutes.md).
                assert_eq!(allowed, "*", "{route:?}");
                let text = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
                let refusal: Value = serde_json::from_slice(&text).unwrap();
                assert_eq!(refusal["error"]["tag"], "foreign_origin");
                assert_eq!(refusal.as_object().unwrap().len(), 1, "{refusal}");
            }
        }
    }
    // What was refused is counted beside the requests, a few times a second for all sites.
    let counted = async {
        loop {
            let refused = world.app.store.refused_requests(Some(world.one.id)).await.unwrap();
            if refused.iter().any(|one| one.tag == "foreign_origin" && one.origin.as_deref() == Some(evil)) {
                break;
            }
            let body = Body::from(json!({ "site": "pk_one", "locale": "en" }).to_string());
            world.send(request("POST", "/v1/session", &[("origin", evil.to_owned())], body)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), counted).await.expect("it is not counted");
    assert_eq!(tried, 10, "routes of the widget");
}

/// S20: what `site add` prints and a page pins is what is served, whatever way it travels.
#[tokio::test]
async fn s20_the_loader_of_a_version_is_the_one_that_its_hash_names() {
    let Some(integrity) = web::assets::integrity() else {
        panic!("the assets are not built: cargo xtask assets");
    };
    let world = World::new().await;
    let ask = async |path: &str| world.send(request("GET", path, &[], Body::empty())).await;
    let pinned = ask(&format!("/{}", web::assets::PINNED)).await;
    assert_eq!(pinned.status(), StatusCode::OK);
    assert!(has(pinned.headers(), "cache-control").contains("immutable"));
    // A browser compares only what it may read.
    assert_eq!(has(pinned.headers(), "access-control-allow-origin"), "*");
    assert!(has(pinned.headers(), "content-type").starts_with("text/javascript"));
    let content = axum::body::to_bytes(pinned.into_body(), 1 << 20).await.unwrap();
    let newest = ask("/tabiji.js").await;
    assert!(!has(newest.headers(), "cache-control").contains("immutable"), "it moves with the version");
    assert_eq!(axum::body::to_bytes(newest.into_body(), 1 << 20).await.unwrap(), content);
    let hash = integrity.strip_prefix("sha256-").unwrap();
    assert_eq!(STANDARD.decode(hash).unwrap(), crypto::digest_of(&content));
}
