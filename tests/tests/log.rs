//! What no log has in it, however much it says: secrets, and what people write.

use std::fs::File;

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{Stack, fresh_id, now};

const CANARIES: [&str; 6] =
    ["canary-message", "canary-post", "canary-answer", "canary-comment", "canary-password", "sk_canary"];

async fn post(stack: &Stack, path: &str, body: &Value) -> Result<()> {
    // A browser sends a text, so that no preflight is needed; what is answered is not the matter.
    stack.client.post(format!("{}{path}", stack.url())).body(body.to_string()).send().await?;
    Ok(())
}

#[tokio::test]
async fn a_log_of_everything_has_no_secret_and_no_persons_text_in_it() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    stack.stop_collector()?;
    let log = stack.data().join("log.txt");
    stack.start_collector_with_log("trace", File::create(&log)?.into()).await?;
    let (site, token) = (stack.key("public_key").to_owned(), stack.token("tanaka", "acct-1")?);
    let mut socket = stack.knock(&format!("http://127.0.0.1:{}", ports[0])).await?;
    socket.say(&json!({ "t": "hello", "v": 1, "site": site, "tok": token })).await?;
    socket.until("welcome").await?;
    socket.write("canary-message").await?;
    let cookie = stack.agent().await?;
    stack.answer(&cookie, "canary-answer").await?;
    while !socket.until("event").await?.to_string().contains("canary-answer") {}
    let frame =
        json!({ "t": "send", "mid": fresh_id(), "ck": fresh_id(), "body": { "text": "canary-post" } });
    post(
        &stack,
        "/v1/chat/send",
        &json!({ "hello": { "v": 1, "site": site, "tok": token }, "frames": [frame] }),
    )
    .await?;
    let data = json!({ "question": "mood-usage", "score": 3, "comment": "canary-comment" });
    let event = json!({ "id": fresh_id(), "at": now(), "kind": "survey.answered", "data": data });
    post(&stack, "/v1/events", &json!({ "site": site, "token": token, "sent_at": now(), "events": [event] }))
        .await?;
    post(&stack, "/v1/session", &json!({ "site": site, "token": format!("{token}x"), "locale": "ja" }))
        .await?;
    stack.fact("acct-1", "users", 1).await?;
    let facts = stack.client.post(format!("{}/v1/facts", stack.url())).bearer_auth("sk_canary");
    facts.json(&json!({ "facts": [] })).send().await?;
    let sign_in = json!({ "email": "sato@example.com", "password": "canary-password" });
    stack.client.post(format!("{}/api/session", stack.url())).json(&sign_in).send().await?;
    stack.stop_collector()?;
    let log = std::fs::read_to_string(log)?;
    assert!(log.contains("listening") && log.contains("stopped"), "{log}");
    let signature = token.rsplit('.').next().unwrap_or_default();
    let cookie = cookie.split('=').nth(1).unwrap_or_default();
    let secrets = [signature, cookie, stack.key("secret_key"), stack.key("identity_secret")];
    for canary in CANARIES.into_iter().chain(secrets) {
        assert!(canary.len() > 8 && !log.contains(canary), "{canary} is in the log: {log}");
    }
    Ok(())
}
