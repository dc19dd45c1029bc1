//! What no log and no measure has in it, however much is said: secrets, and what is about people.

use std::fs::File;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Socket, Stack, fresh_id, now};

/// Who sends something, and where it goes.
struct Visit<'a> {
    stack: &'a Stack,
    site: &'a str,
    token: &'a str,
    cookie: &'a str,
}

impl Visit<'_> {
    /// Sends what a browser sends, with everything that a browser says of a person. What is answered is not the matter.
    async fn post(&self, path: &str, body: impl ToString) -> Result<Value> {
        let request = self.stack.client.post(format!("{}{path}", self.stack.url()));
        let request =
            request.header("user-agent", "canary-browser").header("x-forwarded-for", "203.0.113.77");
        let request = request.header("referer", "https://app.example.com/canary-page");
        let answer = request.body(body.to_string()).send().await?;
        Ok(answer.json().await.unwrap_or_default())
    }

    /// An agent's request in the console.
    async fn console(&self, method: &str, path: &str, body: Value) -> Result<()> {
        let request = self.stack.client.request(method.parse()?, format!("{}{path}", self.stack.url()));
        request.header("cookie", self.cookie).json(&body).send().await?;
        Ok(())
    }

    /// What the widget sends.
    async fn widget(&self) -> Result<()> {
        let caller = json!({ "site": self.site, "token": self.token, "locale": "ja" });
        self.post("/v1/session", &caller).await?;
        let session = fresh_id();
        let event = |kind: &str, data: Value| json!({ "id": fresh_id(), "at": now(), "session": session, "n": 1, "kind": kind, "data": data });
        let events = [
            event(
                "survey.answered",
                json!({ "question": "mood-usage", "score": 3, "comment": "canary-comment" }),
            ),
            event("canary.kind", json!({ "name": "canary-event", "canary-key": "canary-value" })),
            event("custom", json!({ "name": "canary-tracked", "mail": "canary-mail@example.com" })),
            json!({ "id": fresh_id(), "canary-field": "canary-broken" }),
        ];
        let batch = json!({ "site": self.site, "token": self.token, "sent_at": now(), "events": events });
        self.post("/v1/events", &batch).await?;
        self.post("/v1/events", &batch).await?;
        self.post("/v1/events", "{\"canary-body\": [").await?;
        self.post("/v1/events", json!({ "site": self.site, "sent_at": "canary-time", "events": [] })).await?;
        let guest = json!({ "user": "canary-guest", "account": "canary-company" });
        self.post("/v1/session", json!({ "site": self.site, "who": guest, "locale": "canary-locale" }))
            .await?;
        self.post("/v1/session", json!({ "site": self.site, "token": format!("{}x", self.token) })).await?;
        self.post("/v1/session", json!({ "site": "pk_canary-key", "locale": "ja" })).await?;
        self.post("/v1/help", &caller).await?;
        self.post("/v1/clips", &caller).await?;
        self.post("/canary-path?q=canary-query", "").await?;
        Ok(())
    }

    /// What a customer sends in the chat, beside the socket.
    async fn chat(&self) -> Result<()> {
        let hello = json!({ "v": 1, "site": self.site, "tok": self.token });
        let frame = |body: Value| {
            let ctx = json!({ "page": "https://app.example.com/canary-where", "error": "canary-error" });
            json!({ "t": "send", "mid": fresh_id(), "ck": fresh_id(), "body": body, "ctx": ctx })
        };
        let call = json!({ "t": "callback", "mid": fresh_id(), "ck": fresh_id(), "phone": "canary-0120-555-0100", "windows": [] });
        let frames = [frame(json!({ "text": "canary-post" })), call];
        self.post("/v1/chat/send", json!({ "hello": hello, "frames": frames })).await?;
        let content = "canary-content";
        let file =
            json!({ "hello": hello, "id": fresh_id(), "name": "canary-name.txt", "size": content.len() });
        let target = self.post("/v1/chat/files", &file).await?;
        let to = target["to"].as_str().unwrap_or_default().to_owned();
        ensure!(!to.is_empty(), "{target}");
        self.post(&format!("/{to}&at=0"), content).await?;
        Ok(())
    }

    /// What the host's backend sends.
    async fn backend(&self) -> Result<()> {
        self.stack.fact_by(Some("canary-clerk"), "canary-customer", "canary-fact", "canary-amount").await?;
        let url = self.stack.url();
        let account =
            json!({ "name": "canary-company-name", "handoff": { "expectation": "canary-handoff" } });
        let put = self.stack.client.put(format!("{url}/v1/accounts/canary-customer"));
        put.bearer_auth(self.stack.key("secret_key")).json(&account).send().await?;
        let unknown =
            json!({ "name": "canary-company-name", "canary-unknown": 1, "handoff": "canary-sheet" });
        let put = self.stack.client.put(format!("{url}/v1/accounts/canary-customer"));
        put.bearer_auth(self.stack.key("secret_key")).json(&unknown).send().await?;
        for (path, text) in
            [("flows/canary-flow", "canary = [\"canary-toml"), ("desk", "{\"zone\":\"canary-zone\"}")]
        {
            let put = self.stack.client.put(format!("{url}/v1/{path}")).body(text);
            put.bearer_auth(self.stack.key("secret_key")).send().await?;
        }
        let facts = self.stack.client.post(format!("{url}/v1/facts")).bearer_auth("sk_canary-secret");
        facts.json(&json!({ "facts": [] })).send().await?;
        Ok(())
    }

    /// What operators send.
    async fn operators(&self) -> Result<()> {
        let sign_in = json!({ "email": "canary-operator@example.com", "password": "canary-password", "code": "canary-code" });
        self.console("POST", "/api/session", sign_in).await?;
        self.console("POST", "/api/link", json!({ "link": "canary-link", "email": "canary-new@example.com", "password": "canary-first-password", "name": "canary-agent" })).await?;
        self.console("PUT", "/api/profile", json!({ "name": "canary-profile" })).await?;
        self.console(
            "PUT",
            "/api/security/password",
            json!({ "password": "canary-old-password", "new": "canary-new-password" }),
        )
        .await?;
        self.console("GET", &format!("/api/inbox/search?site={}&q=canary-search", self.site), Value::Null)
            .await?;
        let erase = self.stack.client.delete(format!("{}/v1/users/canary-clerk", self.stack.url()));
        erase.bearer_auth(self.stack.key("secret_key")).send().await?;
        Ok(())
    }
}

/// Has a conversation over a socket, which stays open.
async fn talk(stack: &Stack, port: u16, visit: &Visit<'_>) -> Result<Socket> {
    let mut socket = stack.knock(&format!("http://127.0.0.1:{port}")).await?;
    socket.say(&json!({ "t": "hello", "v": 1, "site": visit.site, "tok": visit.token })).await?;
    socket.until("welcome").await?;
    socket.write("canary-message").await?;
    stack.answer(visit.cookie, "canary-answer").await?;
    while !socket.until("event").await?.to_string().contains("canary-answer") {}
    Ok(socket)
}

/// S38: what is sent is full of words that nothing else has, and none of them comes out.
#[tokio::test]
async fn s38_no_log_and_no_measure_has_a_secret_or_what_is_about_people_in_it() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    let site = stack.key("public_key").to_owned();
    let token = stack.token("canary-user", "canary-account")?;
    for format in ["text", "json"] {
        stack.stop_collector()?;
        let file = stack.data().join("log.txt");
        let measures = stack.start_collector_watched(format, File::create(&file)?.into()).await?;
        let cookie = stack.agent().await?;
        let visit = Visit { stack: &stack, site: &site, token: &token, cookie: &cookie };
        let socket = talk(&stack, ports[0], &visit).await?;
        visit.widget().await?;
        visit.chat().await?;
        visit.backend().await?;
        visit.operators().await?;
        let measured = stack.client.get(&measures).send().await?.text().await?;
        drop(socket);
        stack.stop_collector()?;
        let log = std::fs::read_to_string(&file)?;
        assert!(log.contains("listening") && log.contains("stopped"), "{log}");
        assert!(
            measured.contains("tabiji_events_total{source=\"widget\",outcome=\"quarantined\"}"),
            "{measured}"
        );
        if format == "json" {
            let fields = ["timestamp", "level", "target", "message"];
            for line in log.lines() {
                let line: Value = serde_json::from_str(line)?;
                assert!(fields.iter().all(|field| line[field].is_string()), "{line}");
            }
        }
        let signature = token.rsplit('.').next().unwrap_or_default();
        let session = cookie.split('=').nth(1).unwrap_or_default();
        let secrets = [signature, session, stack.key("secret_key"), stack.key("identity_secret")];
        let kept = serde_json::to_string(&stack.export()?)?;
        for sent in
            ["canary-comment", "canary-value", "canary-broken", "canary-amount", "canary-company-name"]
        {
            assert!(kept.contains(sent), "{sent} did not arrive");
        }
        for secret in ["canary", "203.0.113.77", "sato@example.com"].into_iter().chain(secrets) {
            assert!(secret.len() > 5 && !log.contains(secret), "{secret} is in the log: {log}");
            assert!(!measured.contains(secret), "{secret} is measured: {measured}");
        }
        for name in [&site, "demo"] {
            assert!(!measured.contains(name), "the site is measured: {measured}");
        }
        stack.start_collector().await?;
    }
    Ok(())
}
