//! What becomes of links, sign-ins and open streams when an operator may no longer use them.

use std::time::Duration;

use reqwest::StatusCode;
use store::{Grant, SiteId};
use tabiji_server::console::auth::links::new_link;
use tabiji_server::crypto;
use tokio::time::timeout;

use crate::collector::collector;

/// An operator is removed, cut down or reset: what they have in hand ends, whether it was used or not.
#[tokio::test]
async fn s14_links_sessions_and_streams_end_with_what_they_were_given_for() {
    let collector = collector().await;
    let store = &collector.app.store;
    let link =
        async |grant: Grant| new_link(&collector.app, grant, Some("own@example.com".into())).await.unwrap();
    let is_valid = async |link: &String| {
        let url = format!("http://{}/api/link", collector.address);
        collector.http.post(url).json(link).send().await.unwrap().status() == StatusCode::NO_CONTENT
    };
    let stream = async |cookie: &str| {
        let url = format!("http://{}/api/inbox/live?site=pk_one", collector.address);
        collector.http.get(url).header("cookie", format!("tabiji={cookie}")).send().await.unwrap()
    };
    for deed in ["removed", "cut down", "reset"] {
        let cookie = collector.sign_in_as("own@example.com", Grant::ALL).await;
        let (live, unused) = (stream(&cookie).await, link(Grant::ALL).await);
        assert!(live.status().is_success() && is_valid(&unused).await, "{deed}");
        match deed {
            "removed" => assert!(store.remove_operator("own@example.com").await.unwrap()),
            "cut down" => {
                let less = Grant::of(vec![SiteId(2)]);
                assert!(store.set_grant("own@example.com", less).await.unwrap());
            }
            _ => {
                let fresh = link(Grant::ALL).await;
                let now = collector.app.clock.now();
                store.redeem_link(crypto::digest(&fresh), "own@example.com", "none", now).await.unwrap();
            }
        }
        assert!(!is_valid(&unused).await, "{deed}: the link is dead");
        // The stream ends; were it open, this would wait for ever.
        timeout(Duration::from_secs(30), live.bytes()).await.expect("the stream goes on").unwrap();
        let again = stream(&cookie).await.status();
        assert!(matches!(again.as_u16(), 401 | 404), "{deed}: {again}");
        store.remove_operator("own@example.com").await.unwrap();
    }
}
