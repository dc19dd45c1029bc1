//! Two sites in one collector: whatever one of them has in hand, nothing of the other comes out.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_util::StreamExt;
use serde_json::json;
use store::{Grant, Role};
use tabiji_server::auth::Route;
use tabiji_server::router;

use crate::world::{NOW, Said, Tenant, World, body, grant, origin, request, token};

const AN_HOUR: i64 = 3_600_000;

/// What is read of an answer; of a stream that goes on, what comes at once.
async fn text(answer: Response) -> String {
    let mut text = format!("{:?} ", answer.headers());
    let mut content = answer.into_body().into_data_stream();
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(Duration::from_millis(50), content.next()).await {
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    text
}

/// Whether something of a tenant stands in a text: everything that it has says whose it is. What was named in the
/// question may be named in the answer.
fn speaks_of(text: &str, tenant: &Tenant, named: &str) -> bool {
    let name = tenant.name;
    let marks = [
        format!(" of {name}"),
        format!("%20of%20{name}"),
        format!("@{name}.example"),
        format!("pk_{name}"),
        tenant.conversation.clone(),
        tenant.file.clone(),
    ];
    marks.iter().any(|mark| text.contains(mark) && !named.contains(mark))
}

/// Everything by which a tenant's people get in.
async fn keys(world: &World, tenant: &Tenant) -> Vec<(Said, Vec<(&'static str, String)>)> {
    let name = tenant.name;
    let mut all = Vec::new();
    for role in Role::ALL {
        let cookie =
            world.sign_in(&format!("{}@{name}.example.com", role.word()), grant(role, tenant.id)).await;
        all.push((Said { site: name, ..Said::default() }, vec![("cookie", format!("tabiji={cookie}"))]));
    }
    let backend = vec![("authorization", format!("Bearer sk_{name}"))];
    all.push((Said { site: name, ..Said::default() }, backend));
    let page = vec![("origin", origin(name))];
    all.push((Said { site: name, token: Some(token(name, AN_HOUR)), guest: None }, page.clone()));
    all.push((Said { site: name, token: None, guest: Some("a visitor") }, page));
    all
}

/// Asks with what one tenant has for what another has: each part of a request speaks of either.
/// Returns each answer with what was named in the question.
async fn asked(world: &World, route: &Route, from: &Tenant, of: &Tenant) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for (said, headers) in keys(world, from).await {
        for tenant in [from, of] {
            for site in [from.name, of.name] {
                for signed in [false, true] {
                    // A signed address is a key by itself; a tenant has its own.
                    if signed && (route.admission != "SignedAddress" || tenant.name != from.name) {
                        continue;
                    }
                    let address = world.address(route, tenant, signed);
                    for address in [
                        address.clone(),
                        address.replace(&format!("pk_{}", tenant.name), &format!("pk_{site}")),
                        address.replace(&from.conversation, &of.conversation),
                        address.replace(&from.file, &of.file),
                        address.replace("/export/events", "/export/accounts"),
                        address.replace("/export/events", "/export/steps"),
                    ] {
                        let said = Said { site, ..said.clone() };
                        let body = body(route, tenant, &said);
                        let named = format!("{address} {}", String::from_utf8_lossy(&body));
                        let answer = world.send(request(route.method, &address, &headers, body)).await;
                        answers.push((text(answer).await, named));
                    }
                }
            }
        }
    }
    answers
}

/// T50: every route that reads, and those that write; streams included.
#[tokio::test]
async fn t50_with_what_one_site_has_nothing_of_another_is_read_on_any_route() {
    let world = World::new().await;
    let mut routes = router::routes();
    routes.sort_by_key(|route| route.method == "DELETE");
    let mut spoke = Vec::new();
    for route in &routes {
        let answers = asked(&world, route, &world.one, &world.two).await;
        for (answer, named) in &answers {
            assert!(!speaks_of(answer, &world.two, named), "{route:?}: {answer}");
        }
        if answers.iter().any(|(answer, _)| speaks_of(answer, &world.one, "")) {
            spoke.push(format!("{} {}", route.method, route.path));
        }
    }
    // Its own is read on these, so there would have been something to see.
    for own in [
        "GET /api/clips/accounts",
        "GET /api/feelings",
        "GET /api/feelings/accounts",
        "GET /api/help/accounts",
        "GET /api/inbox",
        "GET /api/inbox/moments",
        "GET /api/inbox/search",
        "GET /api/inbox/{conversation}",
        "GET /api/inbox/{conversation}/transcript",
        "GET /api/inbox/{conversation}/files/{id}",
        "GET /api/integration",
        "GET /api/journey/accounts",
        "GET /api/pointers",
        "GET /api/postponed",
        "GET /api/quarantine",
        "GET /api/session",
        "GET /v1/export/{what}",
        "GET /v1/files/{site}/{conversation}/{id}",
        "GET /v1/media/{site}/{file}",
        "POST /v1/chat/files/link",
        "POST /v1/chat/send",
        "POST /v1/chat/stream",
        "POST /v1/clips",
        "POST /v1/help",
        "POST /v1/session",
    ] {
        assert!(spoke.iter().any(|route| route == own), "{own} shows nothing: {spoke:?}");
    }
    // What was written in the name of one reached nothing of the other.
    let cookie = world.sign_in("all@example.com", Grant::ALL).await;
    let look = format!("/api/inbox/{}?site=pk_two&locale=en", world.two.conversation);
    let seen = text(
        world.send(request("GET", &look, &[("cookie", format!("tabiji={cookie}"))], Body::empty())).await,
    );
    let seen = seen.await;
    assert!(seen.contains("message of two") && !seen.contains("noted"), "{seen}");
}

/// T50: a stream of one site that is open while both are busy.
#[tokio::test]
async fn t50_a_live_stream_hears_of_its_own_site_only() {
    let world = World::new().await;
    let cookie = world.sign_in("agent@one.example.com", grant(Role::Agent, world.one.id)).await;
    let console = [("cookie", format!("tabiji={cookie}"))];
    let hello = |tenant: &Tenant| json!({ "v": 1, "site": format!("pk_{}", tenant.name), "tok": token(tenant.name, AN_HOUR) });
    let person = world.send(request(
        "POST",
        "/v1/chat/stream",
        &[("origin", origin("one"))],
        Body::from(hello(&world.one).to_string()),
    ));
    let agent = world.send(request("GET", "/api/inbox/live?site=pk_one", &console, Body::empty()));
    let reports = world.send(request("GET", "/api/live?site=pk_one", &console, Body::empty()));
    let streams =
        [person.await, agent.await, reports.await].map(|stream| stream.into_body().into_data_stream());
    // The other site first; what one's own site says ends the reading.
    for tenant in [&world.two, &world.one] {
        let mid = tabiji_server::random::id(NOW).to_string();
        let said = json!({ "t": "send", "mid": mid, "c": tenant.conversation,
            "body": { "text": format!("again of {}", tenant.name) } });
        let posted = json!({ "hello": hello(tenant), "frames": [said] }).to_string();
        let page = [("origin", origin(tenant.name))];
        let answer = world.send(request("POST", "/v1/chat/send", &page, Body::from(posted))).await;
        assert!(answer.status().is_success());
    }
    let [mut person, mut agent, mut reports] = streams;
    for stream in [&mut person, &mut agent] {
        let mut heard = String::new();
        while !heard.contains("again of one") {
            let chunk =
                tokio::time::timeout(Duration::from_secs(30), stream.next()).await.expect("it is silent");
            heard.push_str(&String::from_utf8_lossy(&chunk.unwrap().unwrap()));
        }
        assert!(!speaks_of(&heard, &world.two, ""), "{heard}");
    }
    // Reports say where they stand, and no word of anybody.
    let first = reports.next().await.unwrap().unwrap();
    let first = String::from_utf8_lossy(&first);
    assert!(first.starts_with("data: {\"cursor\":"), "{first}");
}
