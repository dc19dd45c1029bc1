//! Reports count people that a token vouched for, and show guests beside them.

use protocol::console::{ClipReport, FunnelReport, HelpReport, SnoozedStep, SurveyReport};
use protocol::files::Clip;
use protocol::stored::Video;
use store::suite::{self, NOON};
use store::{ConsoleSession, Grant};

use crate::collector::{Collector, NOW, ONE};

#[tokio::test]
async fn s26_reports_count_the_verified_and_show_guests_beside_them() {
    let collector = Collector::new().await;
    let store = &collector.store;
    let mut flow = suite::flow(5.0, NOON - 1);
    flow.flow.clips.push(Clip { id: "first".into(), title: flow.flow.title.clone() });
    store.publish_flow(ONE, flow).await.unwrap();
    store.upsert_video(ONE, Video { clip: "first".into(), seconds: 80.0, ..Video::default() }).await.unwrap();
    let accounts = ["a", "b", "~a", "~b", "~c"];
    for (account, salt) in accounts.into_iter().zip((1..).step_by(10)) {
        // Help counts the last four weeks.
        let late = NOW - 60_000;
        let mut invented = suite::answered(ONE, account, Some(5.0), "invented", NOON + 5, salt);
        invented.body = invented.body.replace("mood-usage", "ces-9").replace("\"mood\"", "\"ces\"").into();
        let records = vec![
            suite::present(ONE, account, NOON, salt + 1),
            suite::watching(ONE, account, "0-5", 5.0, NOON + 2, salt + 2),
            suite::answered(ONE, account, Some(4.0), "words", NOON + 3, salt + 3),
            suite::postponed(ONE, account, NOW + 9, NOON + 4, salt + 4),
            suite::offered_articles(ONE, account, late, salt + 5),
            suite::read_article(ONE, account, late + 1, salt + 6),
            invented,
        ];
        store.append(records).await.unwrap();
    }
    suite::projected(store).await;
    let funnel: FunnelReport = collector.report("/api/journey").await;
    assert_eq!((funnel.n, funnel.guests), (2, 3));
    assert_eq!((funnel.steps[0].converted, funnel.steps[0].guests), (2, 3));
    let surveys: SurveyReport = collector.report("/api/feelings").await;
    let usage = surveys.moods.iter().find(|mood| mood.stage.as_str() == "usage").unwrap();
    assert_eq!((usage.counts, usage.guests), ([0, 0, 0, 2, 0], 3));
    assert!(
        surveys.scores.is_empty(),
        "a question that nobody asks counts for nothing: {:?}",
        surveys.scores
    );
    assert_eq!((surveys.comments.len(), surveys.guest_comments.len()), (2, 3));
    let clips: Vec<ClipReport> = collector.report("/api/clips").await;
    assert_eq!((clips[0].started, clips[0].guests), (2, 3));
    let help: HelpReport = collector.report("/api/help").await;
    assert_eq!((help.offered, help.read, help.guests), (2, 2, 3));
    let snoozed: Vec<SnoozedStep> = collector.report("/api/postponed").await;
    assert_eq!(snoozed.iter().map(|one| one.guest).collect::<Vec<_>>(), [false, false, true, true, true]);
}

impl Collector {
    /// Asks for a report of the first site, as an operator who may see it.
    pub async fn report<T: serde::de::DeserializeOwned>(&self, address: &str) -> T {
        let answer = self.console(self.server.get(address)).await;
        answer.assert_status_ok();
        answer.json()
    }

    /// Sends a request about the first site, as an operator who may see everything.
    pub async fn console(&self, request: axum_test::TestRequest) -> axum_test::TestResponse {
        let (email, digest) = ("a@example.com", tabiji_server::crypto::digest("secret"));
        if self.store.operators().await.unwrap().is_empty() {
            self.store.add_link(digest, Grant::ALL, None, NOW + 1).await.unwrap();
            self.store.redeem_link(digest, email, "none", NOW).await.unwrap();
            let session =
                ConsoleSession { email: email.into(), created: NOW, used: NOW, browser: String::new() };
            self.store.add_session(digest, session).await.unwrap();
        }
        request.add_query_param("site", "pk_one").add_header("cookie", "tabiji=secret").await
    }
}
