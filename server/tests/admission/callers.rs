//! Every route in the name of every kind of caller. What comes out is the table of `docs/access.md`.

use axum::http::StatusCode;
use serde_json::Value;
use store::Role;
use tabiji_server::auth::Route;
use tabiji_server::router;

use crate::world::{NOW, Said, Tenant, World, body, grant, origin, request, token};

const HALF_A_DAY: i64 = 12 * 60 * 60 * 1000;
const DOCUMENT: &str = "../docs/access.md";
const TABLE: &str = "| route |";

/// Who asks. Each brings all that they have to every route, as an attacker would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Nobody,
    Guest,
    Person,
    ExpiredToken,
    OtherToken,
    ForeignPage,
    Bearer,
    Backend,
    OtherBackend,
    Reader,
    Agent,
    Admin,
    OtherAgent,
}

const CALLERS: [(Caller, &str); 13] = [
    (Caller::Nobody, "nobody"),
    (Caller::Guest, "guest"),
    (Caller::Person, "person"),
    (Caller::ExpiredToken, "expired token"),
    (Caller::OtherToken, "other site's token"),
    (Caller::ForeignPage, "foreign page"),
    (Caller::Bearer, "signed address"),
    (Caller::Backend, "backend"),
    (Caller::OtherBackend, "other site's key"),
    (Caller::Reader, "reader"),
    (Caller::Agent, "agent"),
    (Caller::Admin, "admin"),
    (Caller::OtherAgent, "other site's admin"),
];

/// Refusals of an admission. Whatever else is answered, the caller was let in: a wrong password is, for one.
const CLOSED: [&str; 10] = [
    "signed_out",
    "role_too_low",
    "foreign_page",
    "foreign_origin",
    "unknown_key",
    "secret_key_in_browser",
    "bad_token",
    "token_expired",
    "token_required",
    "not_found",
];

/// What a caller says in bodies and in headers.
async fn credentials(world: &World, caller: Caller) -> (Said, Vec<(&'static str, String)>) {
    let said = |token: Option<String>, guest| Said { site: "one", token, guest };
    let page = vec![("origin", origin("one")), ("sec-fetch-site", "cross-site".to_owned())];
    let console = async |role: Role, tenant: &Tenant| {
        let email = format!("{}@{}.example.com", role.word(), tenant.name);
        let cookie = world.sign_in(&email, grant(role, tenant.id)).await;
        vec![("cookie", format!("tabiji={cookie}")), ("sec-fetch-site", "same-origin".to_owned())]
    };
    match caller {
        Caller::Nobody | Caller::Bearer => (said(None, None), Vec::new()),
        Caller::Guest => (said(None, Some("guest-01990000-0000-7000-8000-000000000001")), page),
        Caller::Person => (said(Some(token("one", HALF_A_DAY)), None), page),
        Caller::ExpiredToken => (said(Some(token("one", -HALF_A_DAY)), None), page),
        Caller::OtherToken => (said(Some(token("two", HALF_A_DAY)), None), page),
        Caller::ForeignPage => {
            // In the browser of an administrator, and with a token that was stolen.
            let mut headers = console(Role::Admin, &world.one).await;
            headers[1].1 = "cross-site".to_owned();
            headers.push(("origin", "https://evil.example.com".to_owned()));
            (said(Some(token("one", HALF_A_DAY)), None), headers)
        }
        Caller::Backend => (said(None, None), vec![("authorization", "Bearer sk_one".to_owned())]),
        Caller::OtherBackend => (said(None, None), vec![("authorization", "Bearer sk_two".to_owned())]),
        Caller::Reader => (said(None, None), console(Role::Reader, &world.one).await),
        Caller::Agent => (said(None, None), console(Role::Agent, &world.one).await),
        Caller::Admin => (said(None, None), console(Role::Admin, &world.one).await),
        Caller::OtherAgent => (said(None, None), console(Role::Admin, &world.two).await),
    }
}

/// What a route says to a caller: "yes", or why not.
async fn answer(world: &World, caller: Caller, route: &Route) -> String {
    let (said, headers) = credentials(world, caller).await;
    let store = &world.app.store;
    // Another browser of the same operator, so that there is one to sign out.
    if let Some(email) = headers.iter().find(|(name, _)| *name == "cookie") {
        let cookie = tabiji_server::crypto::digest(email.1.trim_start_matches("tabiji="));
        if let Some((session, _)) = store.session(cookie).await.unwrap() {
            let other = tabiji_server::crypto::digest("another browser");
            store.end_session(other).await.unwrap();
            store.add_session(other, session).await.unwrap();
        }
    }
    let address = world.address(route, &world.one, caller == Caller::Bearer);
    let body = body(route, &world.one, &said);
    let answer = world.send(request(route.method, &address, &headers, body)).await;
    let status = answer.status();
    assert!(!status.is_server_error(), "{caller:?} {route:?}: {status}");
    if status.is_success() || status.is_redirection() {
        return "yes".to_owned();
    }
    let text = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let tag = serde_json::from_slice::<Value>(&text).unwrap_or_default()["error"]["tag"].clone();
    if route.admission == "Anyone" && status == StatusCode::NOT_FOUND {
        // The files of the web are built apart.
        return "yes".to_owned();
    }
    match tag.as_str().filter(|tag| CLOSED.contains(tag)) {
        Some(tag) => format!("{} `{tag}`", status.as_u16()),
        // Let in, and refused for what was asked: no upgrade to a socket is possible here, for example.
        None => "yes".to_owned(),
    }
}

/// The table, line by line.
async fn table() -> Vec<String> {
    let mut routes = router::routes();
    routes.sort_by_key(|route| (route.admission, route.path, route.method));
    // What ends something comes last, so that everything is there for those before.
    routes.sort_by_key(|route| (route.method == "DELETE", route.path.ends_with("/drop")));
    let mut columns = Vec::new();
    for (caller, _) in CALLERS {
        let world = World::new().await;
        let mut column = Vec::new();
        for route in &routes {
            column.push(answer(&world, caller, route).await);
        }
        columns.push(column);
    }
    let names = CALLERS.map(|(_, name)| name).join(" | ");
    let head = [format!("{TABLE} admission | {names} |"), "| --- ".repeat(CALLERS.len() + 2) + "|"];
    let mut rows: Vec<String> = routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            let cells = columns.iter().map(|column| column[at].as_str()).collect::<Vec<_>>().join(" | ");
            format!("| `{} {}` | {} | {cells} |", route.method, route.path, route.admission)
        })
        .collect();
    rows.sort();
    head.into_iter().chain(rows).collect()
}

/// S16: the document has the table that the router gives. With `TABIJI_WRITE_ACCESS` the test writes it.
#[tokio::test]
async fn s16_every_route_answers_every_caller_as_the_document_says() {
    let found = table().await;
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let (before, rest) = document.split_once(TABLE).expect("the document has a table");
    let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
    if std::env::var_os("TABIJI_WRITE_ACCESS").is_some() {
        let end = if after.is_empty() { String::new() } else { format!("\n{after}") };
        std::fs::write(DOCUMENT, format!("{before}{}\n{end}", found.join("\n"))).unwrap();
        return;
    }
    let written: Vec<String> = format!("{TABLE}{rest}")
        .lines()
        .take_while(|line| line.starts_with('|'))
        .map(str::to_owned)
        .collect();
    let differing: Vec<_> = found.iter().filter(|line| !written.contains(line)).collect();
    assert!(differing.is_empty(), "docs/access.md says something else of:\n{differing:#?}");
    assert_eq!(found.len(), written.len(), "docs/access.md has routes that are gone");
}

/// What the table must say in any case.
#[tokio::test]
async fn s16_nobody_gets_more_than_their_role() {
    for (caller, admissions) in [
        (Caller::Nobody, &["Anyone"][..]),
        (Caller::ForeignPage, &["Anyone"]),
        (Caller::ExpiredToken, &["Anyone", "WidgetPage"]),
        (Caller::OtherToken, &["Anyone", "WidgetPage"]),
        (Caller::Person, &["Anyone", "WidgetPage", "WidgetCaller"]),
        (Caller::Bearer, &["Anyone", "SignedAddress"]),
        (Caller::Backend, &["Anyone", "HostBackend"]),
        (Caller::Reader, &["Anyone", "SignedIn", "SiteAccess"]),
        (Caller::Agent, &["Anyone", "SignedIn", "SiteAccess", "AgentAccess"]),
        (Caller::Admin, &["Anyone", "SignedIn", "SiteAccess", "AgentAccess", "AdminAccess"]),
        // Of their own site.
        (Caller::OtherAgent, &["Anyone", "SignedIn", "AdminAccess"]),
    ] {
        let world = World::new().await;
        for route in router::routes() {
            let says = answer(&world, caller, &route).await;
            let may = admissions.contains(&route.admission);
            // A page of another origin asks the console nothing at all.
            let may = may && !(caller == Caller::ForeignPage && route.path.starts_with("/api/"));
            assert!(says != "yes" || may, "{caller:?} {route:?}");
        }
    }
}

/// T37: whatever is wrong with a secret key, the answer is the same to the byte, and names nobody.
#[tokio::test]
async fn t37_a_key_that_opens_nothing_is_answered_alike_whatever_is_wrong_with_it() {
    let world = World::new().await;
    let store = &world.app.store;
    // One key was replaced at once, one had a day that is over; a site was removed with its key.
    for (name, until) in [("revoked", NOW), ("expired", NOW - 1)] {
        let settings = store::NewSite {
            secret_hash: tabiji_server::crypto::digest(&format!("sk_{name}")),
            ..store::suite::site(name)
        };
        let id = store.add_site(settings.clone()).await.unwrap();
        let previous = store::PreviousKeys {
            secret_hash: Some((settings.secret_hash, until)),
            ..store::PreviousKeys::default()
        };
        let settings = store::NewSite { secret_hash: [9; 32], ..settings };
        store.update_site(store::Site { id, settings, previous }).await.unwrap();
    }
    let removed = store::NewSite {
        secret_hash: tabiji_server::crypto::digest("sk_removed"),
        ..store::suite::site("removed")
    };
    let removed = store.add_site(removed).await.unwrap();
    store.remove_site(removed).await.unwrap();
    let mut answers = std::collections::BTreeSet::new();
    for route in router::routes().iter().filter(|route| route.admission == "HostBackend") {
        for key in [
            "Bearer sk_nobody",
            "Bearer sk_on",
            "Bearer sk_onf",
            "Bearer sk_one1",
            "Bearer SK_ONE",
            "Bearer pk_one",
            "Bearer the secret of one",
            "Bearer ",
            "Basic c2tfb25lOg==",
            "sk_one",
            "Bearer sk_revoked",
            "Bearer sk_expired",
            "Bearer sk_removed",
        ] {
            let headers = [("authorization", key.to_owned())];
            let address = world.address(route, &world.one, false);
            let body = body(route, &world.one, &Said { site: "one", ..Said::default() });
            let answer = world.send(request(route.method, &address, &headers, body)).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{key} {route:?}");
            let headers = format!("{:?}", answer.headers());
            let text = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            answers.insert((headers, String::from_utf8(text.to_vec()).unwrap()));
        }
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
    let (headers, text) = answers.first().unwrap();
    assert!(
        ["one", "two", "revoked", "expired", "removed"]
            .iter()
            .all(|name| { !headers.contains(&format!("\"{name}")) && !text.contains(&format!(" {name} ")) })
    );
}
