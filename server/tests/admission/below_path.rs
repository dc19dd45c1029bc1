//! A collector below a path of a host: what it answers is for browsers, which know it by that path.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;
use store::{Grant, Role};
use tabiji_server::{crypto, router};

use crate::world::{NOW, World, grant, request};

/// The cookies that an answer sets, each with the path that it is for.
fn cookies(answer: &axum::response::Response) -> Vec<(String, String)> {
    let all = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let path =
        |cookie: &str| cookie.split("; ").find_map(|part| part.strip_prefix("Path=")).unwrap().to_owned();
    all.map(|cookie| (cookie.split('=').next().unwrap().to_owned(), path(cookie))).collect()
}

#[tokio::test]
async fn s33_below_a_path_the_cookies_are_for_what_is_below_it() {
    for (url, base) in [
        ("https://app.example.com", ""),
        ("https://app.example.com/tabiji", "/tabiji"),
        ("https://app.example.com/tools/tabiji/", "/tools/tabiji"),
        ("https://app.example.com/旅路", "/%E6%97%85%E8%B7%AF"),
    ] {
        let world = World::at(url).await;
        world.app.store.add_link(crypto::digest("once"), Grant::ALL, None, NOW + 1).await.unwrap();
        let form = json!({ "link": "once", "email": "sato@example.com", "password": "a good passphrase" });
        let answer = world.send(request("POST", "/api/session", &[], Body::from(form.to_string()))).await;
        let session = ("__Secure-tabiji".to_owned(), format!("{base}/api"));
        let browser = ("__Secure-tabiji-browser".to_owned(), format!("{base}/api/session"));
        assert_eq!(cookies(&answer), [session.clone(), browser]);
        let answer = world.send(request("DELETE", "/api/session", &[], Body::empty())).await;
        assert_eq!(cookies(&answer), [session], "what ends a session replaces the same cookie");
    }
}

#[tokio::test]
async fn s33_below_a_path_whatever_leads_on_leads_below_it() {
    let world = World::at("https://app.example.com/tabiji").await;
    let cookie = world.sign_in("admin@one.example.com", grant(Role::Admin, world.one.id)).await;
    let headers = [("cookie", format!("__Secure-tabiji={cookie}"))];
    let mut found = Vec::new();
    for route in router::routes().iter().filter(|route| route.method == "GET") {
        let address = world.address(route, &world.one, true);
        let answer = world.send(request("GET", &address, &headers, Body::empty())).await;
        let Some(place) = answer.headers().get("location") else { continue };
        let place = place.to_str().unwrap().to_owned();
        let here = place.strip_prefix("/tabiji").unwrap_or_else(|| panic!("{} leads to {place}", route.path));
        // What a proxy makes of it is there.
        let there = world.send(request("GET", here, &headers, Body::empty())).await;
        let is_page = here == "/console";
        assert!(is_page || there.status() == StatusCode::OK, "{place}: {}", there.status());
        found.push(route.path);
    }
    found.sort_unstable();
    let expected = ["/", "/api/inbox/{conversation}/files/{id}", "/api/profile/picture", "/console/"];
    assert_eq!(found, expected);
}
