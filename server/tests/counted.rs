//! Who is behind a count of a report: those of the site, under their names, as many as the count says.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum_test::TestServer;
use protocol::console::{ClipReport, CountedAccounts, FunnelReport, FunnelStep, HelpReport, SurveyReport};
use protocol::stored::Video;
use serde::de::DeserializeOwned;
use store::suite::{self, NOON};
use store::{ConsoleSession, FlowVersion, Grant, NewRecord, SiteId, Source, Store};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::{crypto, router};
use tempfile::TempDir;

const MINUTE: i64 = 60_000;
const NOW: i64 = NOON + 60 * MINUTE;
/// One count of each report.
const COUNTS: [&str; 4] = [
    "/api/journey/accounts?fate=converted",
    "/api/help/accounts?count=read&article=import",
    "/api/clips/accounts?clip=first&count=stopped",
    "/api/feelings/accounts?scale=mood&stage=usage&score=4",
];

struct Reports {
    server: TestServer,
    store: Arc<dyn Store>,
    _folder: TempDir,
}

impl Reports {
    /// Two sites with the same flow; accounts of the first have used everything.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
        for (n, name) in [(1, "one"), (2, "two")] {
            store.add_site(suite::site(name)).await.unwrap();
            store.publish_flow(SiteId(n), suite::flow(5.0, NOON - MINUTE)).await.unwrap();
            let video = Video { clip: "first".into(), seconds: 80.0, ..Video::default() };
            store.upsert_video(SiteId(n), video).await.unwrap();
        }
        store.append(used(SiteId(1), "a", 1)).await.unwrap();
        store.append(used(SiteId(1), "b", 20)).await.unwrap();
        suite::projected(&store).await;
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let app = App::new(Arc::clone(&store), Arc::new(StoppedClock(NOW)), config);
        Self { server: TestServer::new(router::router(app)), store, _folder: folder }
    }

    /// Signs an operator in.
    async fn operator(&self, email: &str, grant: Grant) {
        self.store.add_link(crypto::digest(email), grant, None, NOW + 1).await.unwrap();
        self.store.redeem_link(crypto::digest(email), email, "none", NOW).await.unwrap();
        let session = ConsoleSession { email: email.into(), created: NOW, used: NOW, browser: String::new() };
        self.store.add_session(crypto::digest(email), session).await.unwrap();
    }

    async fn ask(&self, email: &str, site: &str, address: &str) -> axum_test::TestResponse {
        let mark = if address.contains('?') { '&' } else { '?' };
        let request = self.server.get(&format!("{address}{mark}site=pk_{site}"));
        request.add_header(header::COOKIE, format!("tabiji={email}")).await
    }

    async fn report<T: DeserializeOwned>(&self, email: &str, site: &str, address: &str) -> T {
        let answer = self.ask(email, site, address).await;
        answer.assert_status_ok();
        answer.json()
    }
}

/// An account whose person is offered an article and reads it, watches half a clip, and likes it.
fn used(site: SiteId, account: &str, salt: u8) -> Vec<NewRecord> {
    let at = NOON + i64::from(salt) * MINUTE;
    let named = |source, body: serde_json::Value, salt| {
        let record = suite::fact(site, account, "users", 1.0, at, salt);
        let (id, body) = (suite::id(at, salt), body.to_string().into());
        NewRecord { id, source, user: Some("user-1".into()), body, ..record }
    };
    vec![
        named(Source::Account, serde_json::json!({ "name": format!("Company {account}") }), salt),
        named(Source::Person, "Tanaka".into(), salt + 1),
        suite::present(site, account, at, salt + 2),
        suite::offered_articles(site, account, at, salt + 3),
        suite::read_article(site, account, at + 1, salt + 4),
        suite::watching(site, account, "0-10", 10.0, at, salt + 5),
        suite::answered(site, account, Some(4.0), "", at, salt + 6),
    ]
}

#[tokio::test]
async fn as_many_are_behind_a_count_as_it_says_under_their_names() {
    let reports = Reports::new().await;
    reports.operator("sato@example.com", Grant::ALL).await;
    let get =
        async |address: &str| -> CountedAccounts { reports.report("sato@example.com", "one", address).await };
    let funnel: FunnelReport = reports.report("sato@example.com", "one", "/api/journey").await;
    let help: HelpReport = reports.report("sato@example.com", "one", "/api/help").await;
    let clips: Vec<ClipReport> = reports.report("sato@example.com", "one", "/api/clips").await;
    let moods: SurveyReport = reports.report("sato@example.com", "one", "/api/feelings").await;
    assert!(clips.is_empty(), "the flow names no clip; its viewers are known all the same");
    assert_eq!((funnel.n, help.articles[0].read, moods.moods[0].counts[3]), (2, 2, 2));
    for count in COUNTS {
        let found = get(count).await;
        let rows: Vec<_> =
            found.accounts.iter().map(|one| (one.account.as_str(), one.name.as_deref())).collect();
        let newest_first = [("b", Some("Company b")), ("a", Some("Company a"))];
        assert_eq!((found.n, rows), (2, newest_first.to_vec()), "{count}");
        // Where a report counts people, the person is named.
        let person = (!count.contains("journey")).then_some("Tanaka");
        assert!(found.accounts.iter().all(|one| one.by.as_deref() == person), "{count}");
    }
    let scores: Vec<_> = get(COUNTS[3]).await.accounts.iter().map(|one| one.score).collect();
    assert_eq!(scores, [Some(4), Some(4)]);
    for nobody in [
        "/api/journey/accounts?step=deals",
        "/api/help/accounts?count=solved",
        "/api/help/accounts?count=read&article=other",
        "/api/clips/accounts?clip=first&count=finished",
        "/api/clips/accounts?clip=other&count=started",
        "/api/feelings/accounts?scale=mood&score=5",
        "/api/feelings/accounts?scale=nps",
    ] {
        assert_eq!(get(nobody).await, CountedAccounts::default(), "{nobody}");
    }
}

/// Steps that come after nothing, in two stages.
fn any_order() -> FlowVersion {
    let step = |id: &str| {
        serde_json::json!({ "id": id, "title": { "ja": id }, "why": { "ja": "-" }, "minutes": 1,
                            "done": { "fact": id, "at_least": 1 } })
    };
    let stage = |id: &str, steps: [&str; 2]| serde_json::json!({ "id": id, "title": { "ja": id }, "step": steps.map(step) });
    let flow =
        serde_json::from_value(serde_json::json!({ "name": "setup", "title": { "ja": "設定" }, "stage": [
        stage("usage", ["users", "deals"]), stage("retention", ["report", "manager"])] }))
        .unwrap();
    let published = NOON - MINUTE / 2;
    FlowVersion { flow, source: "any order".into(), published, id: suite::id(published, 1) }
}

#[tokio::test]
async fn w9_the_funnel_counts_a_customer_who_did_the_last_step_first_as_finished() {
    let reports = Reports::new().await;
    reports.operator("sato@example.com", Grant::ALL).await;
    let site = SiteId(2);
    reports.store.publish_flow(site, any_order()).await.unwrap();
    let facts = [("manager", 1), ("users", 2), ("report", 3), ("deals", 4)];
    let done = |(name, salt): (&str, u8)| {
        suite::fact(site, "backwards", name, 1.0, NOON + i64::from(salt) * MINUTE, salt)
    };
    reports.store.append(facts.map(done).to_vec()).await.unwrap();
    reports.store.append(vec![suite::fact(site, "stopped", "manager", 1.0, NOON + MINUTE, 9)]).await.unwrap();
    suite::projected(&reports.store).await;
    let funnel: FunnelReport = reports.report("sato@example.com", "two", "/api/journey").await;
    let counts = |rows: &[FunnelStep]| -> Vec<_> {
        rows.iter().map(|row| (row.converted, row.in_progress, row.dropped)).collect()
    };
    assert_eq!(counts(&funnel.steps), [(2, 0, 0), (1, 1, 0), (1, 1, 0), (1, 1, 0), (2, 0, 0)]);
    assert_eq!(
        counts(&funnel.stages),
        [(1, 1, 0), (1, 0, 0)],
        "who is in the first stage is not in the last"
    );
    for (bar, accounts) in [
        ("step=manager", vec!["stopped", "backwards"]),
        ("stage=retention", vec!["backwards"]),
        ("stage=usage&fate=in_progress", vec!["stopped"]),
        ("stage=retention&fate=in_progress", vec![]),
    ] {
        let address = format!("/api/journey/accounts?{bar}");
        let found: CountedAccounts = reports.report("sato@example.com", "two", &address).await;
        let mut found: Vec<_> = found.accounts.iter().map(|one| one.account.as_str()).collect();
        found.sort_by(|one, other| other.cmp(one));
        assert_eq!(found, accounts, "{bar}");
    }
}

#[tokio::test]
async fn a_count_of_one_site_leads_to_nobody_of_another() {
    let reports = Reports::new().await;
    reports.operator("sato@example.com", Grant::ALL).await;
    reports.operator("mori@example.com", Grant::of(vec![SiteId(2)])).await;
    for count in COUNTS {
        let elsewhere: CountedAccounts = reports.report("sato@example.com", "two", count).await;
        assert_eq!(elsewhere, CountedAccounts::default(), "{count}");
        let foreign = reports.ask("mori@example.com", "one", count).await;
        assert_eq!(foreign.status_code(), StatusCode::NOT_FOUND, "{count}");
        let stranger = reports.ask("nobody@example.com", "one", count).await;
        assert_eq!(stranger.status_code(), StatusCode::UNAUTHORIZED, "{count}");
    }
}

#[tokio::test]
async fn a_count_that_no_report_has_is_refused() {
    let reports = Reports::new().await;
    reports.operator("sato@example.com", Grant::ALL).await;
    for address in [
        "/api/help/accounts",
        "/api/help/accounts?count=everybody",
        "/api/clips/accounts?count=started",
        "/api/feelings/accounts?scale=joy",
        "/api/feelings/accounts?scale=mood&score=-1",
    ] {
        let refused = reports.ask("sato@example.com", "one", address).await;
        assert_eq!(refused.status_code(), StatusCode::BAD_REQUEST, "{address}");
    }
}
