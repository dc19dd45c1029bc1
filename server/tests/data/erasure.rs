//! Erasure over the wire: nothing of a person is left in any file of the data folder, nor in an export.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use store::suite;

use crate::collector::{Collector, NOW, event};

const WHO: &str = "canary-person";
const SAID: &str = "canary words";

/// The names of files below a folder that contain a text.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

impl Collector {
    async fn said_by(&self, user: &str) {
        let events = [
            event(1, NOW, "custom", &json!({ "name": "typed", "what": SAID }).to_string()),
            event(2, NOW, "custom", &json!({ "name": "typed", "what": -0.0, "text": SAID }).to_string()),
        ];
        let who = json!({ "user": user, "account": "acct" });
        let body =
            format!(r#"{{"site":"pk_one","who":{who},"sent_at":{NOW},"events":[{}]}}"#, events.join(","));
        self.post(body.into_bytes()).await.assert_status_ok();
        // A body that cannot be read names them, too.
        self.post(format!(r#"{{"site":"pk_one","who":{who},"said":"{SAID}""#).into_bytes()).await;
        let fact = json!({ "id": crate::collector::id(7), "account": "a", "user": user, "name": "users", "value": 5 });
        let request = self.backend(self.server.post("/v1/facts"), "one");
        request.json(&json!({ "facts": [fact] })).await.assert_status_ok();
        suite::projected(&self.store).await;
    }
}

#[tokio::test]
async fn s24_nothing_of_an_erased_person_is_in_any_file_nor_in_an_export() {
    let collector = Collector::new().await;
    collector.said_by(WHO).await;
    assert!(!holding(collector.folder.path(), WHO).is_empty(), "it was there");
    let erase = || collector.backend(collector.server.delete(&format!("/v1/users/{WHO}")), "one");
    let receipt: Value = erase().await.json();
    assert_eq!((receipt["user"].as_str(), receipt["records"].as_u64()), (Some(WHO), Some(3)), "{receipt}");
    assert_eq!(receipt["tables"]["refused"], 1, "{receipt}");
    let list = "erasures.ndjson";
    let left: Vec<String> =
        holding(collector.folder.path(), WHO).into_iter().filter(|name| name != list).collect();
    assert_eq!(left, [""; 0]);
    assert_eq!(holding(collector.folder.path(), SAID), [""; 0]);
    for what in ["events", "accounts", "steps"] {
        let request = collector.backend(collector.server.get(&format!("/v1/export/{what}")), "one");
        let text = request.await.text();
        assert!(!text.contains(WHO) && !text.contains(SAID), "{what}: {text}");
    }
    let again: Value = erase().await.json();
    assert_eq!((again["records"].as_u64(), again["tables"].clone()), (Some(0), json!({})));
}

#[tokio::test]
async fn s24_an_account_is_erased_with_everybody_in_it() {
    let collector = Collector::new().await;
    let put = collector.backend(collector.server.put("/v1/accounts/a"), "one");
    put.json(&json!({ "name": SAID, "contact": SAID })).await.assert_status_ok();
    collector.said_by(WHO).await;
    let erase = collector.backend(collector.server.delete("/v1/accounts/a"), "one");
    let receipt: Value = erase.await.json();
    assert_eq!((receipt["account"].as_str(), receipt["records"].as_u64()), (Some("a"), Some(2)), "{receipt}");
    let request = collector.backend(collector.server.get("/v1/export/accounts"), "one");
    assert!(!request.await.text().contains(SAID));
    let theirs = collector.backend(collector.server.delete("/v1/accounts/a"), "two").await.json::<Value>();
    assert_eq!(theirs["records"], 0, "another site's account is another account");
}
