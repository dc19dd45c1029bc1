//! How much a viewer can have watched goes by the collector's clock; what devices claim is only what they report.

use axum_test::TestServer;
use jsonwebtoken::{EncodingKey, Header, encode};
use protocol::console::{ClipReport, CountedAccounts};
use protocol::files::Clip;
use protocol::stored::Video;
use serde_json::json;
use store::Source;
use store::suite::{self, NOON};

use crate::collector::{Collector, NOW, ONE, event};

const MINUTE: i64 = 60_000;

/// A token of this person, signed with this secret.
fn token(user: &str, secret: &[u8]) -> String {
    let claims = json!({ "sub": user, "account": "acct", "aud": "pk_one", "exp": NOW / 1000 + 600 });
    encode(&Header::default(), &claims, &EncodingKey::from_secret(secret)).unwrap()
}

/// Reports as this person at this moment; returns the status.
async fn report(server: &TestServer, token: &str, now: i64, events: &[String]) -> u16 {
    let events = events.join(",");
    let body = format!(r#"{{"site":"pk_one","token":"{token}","sent_at":{now},"events":[{events}]}}"#);
    server.post("/v1/events").text(body).await.status_code().as_u16()
}

/// The report that a person has watched so many seconds by this moment.
fn watched(n: u64, at: i64, seconds: u32) -> String {
    event(n, at, "video.progress", &format!(r#"{{"clip":"first","seen":"0-{seconds}","at":{seconds}}}"#))
}

impl Collector {
    /// Shows a clip of four minutes.
    async fn show_clip(&self) {
        let mut flow = suite::flow(5.0, NOON - 1);
        flow.flow.clips.push(Clip { id: "first".into(), title: flow.flow.title.clone() });
        self.store.publish_flow(ONE, flow).await.unwrap();
        let video = Video { clip: "first".into(), seconds: 240.0, ..Video::default() };
        self.store.upsert_video(ONE, video).await.unwrap();
    }

    /// Who started, who finished, and whose pace is impossible.
    async fn viewers(&self) -> (u64, u64, u64) {
        suite::projected(&self.store).await;
        let clips: Vec<ClipReport> = self.report("/api/clips").await;
        (clips[0].started, clips[0].finished, clips[0].implausible)
    }
}

#[tokio::test]
async fn c44_a_pace_that_is_only_claimed_is_set_apart() {
    let collector = Collector::new().await;
    collector.show_clip().await;
    let (now, later) = (&collector.server, NOW + 3 * MINUTE);
    // One batch, in which ten minutes are claimed to lie between the reports; and two at once that claim the same.
    let batch = [watched(1, NOW - 10 * MINUTE, 1), watched(2, NOW, 240)];
    assert_eq!(report(now, &token("forger", b"secret"), NOW, &batch).await, 200);
    for (n, at, seconds) in [(3, NOW - 10 * MINUTE, 1), (4, NOW, 240)] {
        let one = [watched(n, at, seconds)];
        assert_eq!(report(now, &token("forger in pieces", b"secret"), NOW, &one).await, 200);
    }
    assert_eq!(collector.viewers().await, (0, 0, 2));
    // Three minutes pass between the two reports of a third person, who watched somewhat faster.
    let watching = token("viewer", b"secret");
    assert_eq!(report(now, &watching, NOW, &[watched(5, NOW, 1)]).await, 200);
    assert_eq!(report(&collector.at(later), &watching, later, &[watched(6, later, 240)]).await, 200);
    assert_eq!(collector.viewers().await, (1, 1, 2));
    let behind = "/api/clips/accounts?clip=first&count=finished";
    let behind: CountedAccounts = collector.report(behind).await;
    assert_eq!(behind.accounts.len(), 1, "{behind:?}");
    collector.store.rebuild(Box::new(|_, _| ())).await.unwrap();
    assert_eq!(collector.viewers().await, (1, 1, 2), "the journal knows when each report came");
}

#[tokio::test]
async fn c44_reports_under_a_forged_token_count_for_nobody() {
    let collector = Collector::new().await;
    collector.show_clip().await;
    let expired = json!({ "sub": "u", "account": "acct", "aud": "pk_one", "exp": NOW / 1000 - 600 });
    let expired = encode(&Header::default(), &expired, &EncodingKey::from_secret(b"secret")).unwrap();
    for forged in [token("victim", b"a guess"), expired, "a.b.c".to_owned()] {
        assert_eq!(report(&collector.server, &forged, NOW, &[watched(1, NOW, 9)]).await, 401, "{forged}");
    }
    assert_eq!(collector.viewers().await, (0, 0, 0));
    let journal = collector.journal().await;
    assert!(journal.iter().all(|one| one.record.source != Source::Event), "{journal:?}");
}
