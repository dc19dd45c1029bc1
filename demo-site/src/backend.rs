//! What a product's backend does for Tabiji: signs who is there, and posts facts.
//!
//! Facts wait in a queue until the collector has them, so a collector that is away for a while
//! misses nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::Arguments;
use crate::book::{Book, Company, LOGINS, Login};

/// How long a token lives, in seconds.
const TOKEN: u64 = 60 * 60;

/// The way to the collector.
#[derive(Clone)]
pub struct Backend {
    public_key: String,
    identity_secret: String,
    queue: mpsc::UnboundedSender<Value>,
}

impl Backend {
    /// Introduces the demo's customers to the collector and begins to post facts.
    pub fn start(arguments: &Arguments, book: &Book) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        let post = Post {
            collector: arguments.collector.trim_end_matches('/').to_owned(),
            key: arguments.secret_key.clone(),
            client: reqwest::Client::new(),
        };
        tokio::spawn(post.run(waiting));
        let public_key = arguments.public_key.clone();
        let backend = Self { public_key, identity_secret: arguments.identity_secret.clone(), queue };
        for login in LOGINS.iter().filter(|login| login.user != "suzuki") {
            backend.introduce(login);
            backend.post_all(login.account, None, &book.company(login.account));
        }
        backend
    }

    /// A signed token that says who is there.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn token(&self, login: &Login) -> Result<String> {
        let claims = json!({
            "sub": login.user, "name": login.name, "account": login.account, "aud": self.public_key,
            "exp": now().as_secs() + TOKEN,
        });
        Ok(encode(&Header::default(), &claims, &EncodingKey::from_secret(self.identity_secret.as_bytes()))?)
    }

    /// Posts everything that the flow's conditions ask about.
    pub fn post_all(&self, account: &str, user: Option<&str>, company: &Company) {
        let managers = company.people.iter().filter(|person| person.manager).count();
        let facts = [
            ("users", json!(company.people.len())),
            ("managers", json!(managers)),
            ("pipeline", json!(company.stages_saved)),
            ("deals", json!(company.deals.len())),
            ("deal_amount", json!(company.deals.iter().map(|deal| deal.yen).sum::<u64>())),
        ];
        let facts: Vec<Value> = facts
            .into_iter()
            .map(|(name, value)| {
                json!({ "id": id(), "account": account, "user": user, "name": name, "value": value,
                        "at": now().as_millis() as u64 })
            })
            .collect();
        // The receiver lives as long as the process.
        let _ = self.queue.send(json!({ "path": "/v1/facts", "body": { "facts": facts } }));
    }

    fn introduce(&self, login: &Login) {
        let body = json!({
            "name": login.company, "contact": login.name, "plan": "standard",
            "contract_at": now().as_millis() as u64,
            "handoff": {
                "challenge": "営業が一人ひとりに頼りきりになっている",
                "expectation": "営業データを見えるようにして、管理を楽にしたい",
                "concern": "ITに詳しくないので、使いこなせるか不安",
                "plan": "契約から24時間以内に、一緒に15分で設定する",
            },
        });
        let _ = self
            .queue
            .send(json!({ "path": format!("/v1/accounts/{}", login.account), "put": true, "body": body }));
    }
}

struct Post {
    collector: String,
    key: String,
    client: reqwest::Client,
}

impl Post {
    /// Posts in order; what does not get through is tried again with the same ids.
    async fn run(self, mut waiting: mpsc::UnboundedReceiver<Value>) {
        while let Some(work) = waiting.recv().await {
            let mut pause = Duration::from_millis(200);
            while let Err(error) = self.one(&work).await {
                tracing::warn!(%error, "the collector did not take it; it is tried again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(10));
            }
        }
    }

    async fn one(&self, work: &Value) -> Result<()> {
        let url = format!("{}{}", self.collector, work["path"].as_str().unwrap_or_default());
        let request = if work["put"] == true { self.client.put(url) } else { self.client.post(url) };
        let answer = request.bearer_auth(&self.key).json(&work["body"]).send().await?;
        let status = answer.status();
        // A refusal does not get better by asking again.
        if status.is_client_error() && status.as_u16() != 429 {
            let said = answer.text().await?;
            tracing::error!(%status, said, "the collector refused");
            return Ok(());
        }
        ensure!(status.is_success(), "{status}");
        Ok(())
    }
}

fn id() -> Uuid {
    let mut random = [0; 10];
    // Without randomness the ids still differ by their time.
    let _ = getrandom::fill(&mut random);
    uuid::Builder::from_unix_timestamp_millis(now().as_millis() as u64, &random).into_uuid()
}

#[expect(clippy::disallowed_methods, reason = "the demo's one clock")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
