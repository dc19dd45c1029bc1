//! What the host's backend gets back, and what the console shows of the quarantine and of what has not come.

use axum::body::Bytes;
use axum::http::StatusCode;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use protocol::console::{IntegrationReport, QuarantinedRecord};
use serde_json::Value;
use store::suite::{self, NOON};

use crate::collector::{Collector, NOW, ONE, event};

impl Collector {
    /// Reads an export to its end, page by page.
    async fn export(&self, what: &str, accept: &str) -> String {
        let pages = self.export_pages(what, accept).await;
        pages.iter().map(|page| std::str::from_utf8(page).unwrap()).collect()
    }

    /// Reads an export to its end; returns its pages.
    async fn export_pages(&self, what: &str, accept: &str) -> Vec<Bytes> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let request = self.server.get(&format!("/v1/export/{what}?after={after}"));
            let page = self.backend(request, "one").add_header("accept", accept).await;
            page.assert_status_ok();
            all.push(page.as_bytes().clone());
            match page.headers().get("tabiji-after") {
                Some(next) => after = next.to_str().unwrap().to_owned(),
                None => return all,
            }
        }
    }
}

/// The rows of a Parquet file as JSON, each column by its kind.
fn rows_of(file: Bytes) -> Vec<Value> {
    let file = SerializedFileReader::new(file).unwrap();
    let rows = file.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        let cells = row.get_column_iter().map(|(name, cell)| {
            let cell = match cell {
                Field::Null => Value::Null,
                Field::Str(text) => text.as_str().into(),
                Field::Long(number) | Field::TimestampMillis(number) => (*number).into(),
                Field::Bool(flag) => (*flag).into(),
                other => panic!("{name} is {other:?}"),
            };
            (name.clone(), cell)
        });
        Value::Object(cells.collect())
    });
    rows.collect()
}

#[tokio::test]
async fn t35_exports_are_valid_and_say_what_was_sent() {
    let collector = Collector::new().await;
    let sent = [
        r#"{"name":"=1+1"}"#,
        r#"{"name":"\u0000"}"#,
        r#"{"name":"\ud800"}"#,
        r#"{"name":1e400}"#,
        "{\n\"name\": \"か\u{3099}\"\r\n}",
        r#"{"name":"a","big":12345678901234567890123}"#,
    ];
    let events: Vec<String> = (1..).zip(sent).map(|(n, data)| event(n, NOW, "custom", data)).collect();
    collector.send(NOW, &events.join(",")).await;
    let lines = collector.export("events", "application/x-ndjson").await;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), sent.len());
    assert_eq!(lines[1]["body"]["data"]["name"], "\0");
    assert_eq!(lines[2]["body"], events[2], "what is no text is written as the text that came");
    assert_eq!(lines[3]["quarantine"], "bad_number");
    assert_eq!(lines[4]["body"]["data"]["name"], "か\u{3099}");

    // Accounts and people name themselves.
    for (n, name) in ["=HYPERLINK(\"x\")", "+81", "@a", "-", "＝1"].into_iter().enumerate() {
        let request = collector.backend(collector.server.put(&format!("/v1/accounts/a{n}")), "one");
        request.json(&serde_json::json!({ "name": name })).await.assert_status_ok();
    }
    suite::projected(&collector.store).await;
    let mut cells = 0;
    for what in ["events", "accounts", "steps"] {
        let text = collector.export(what, "text/csv").await;
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        for row in rows.records() {
            for cell in row.unwrap().iter() {
                cells += 1;
                assert!(
                    !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']),
                    "{cell:?}"
                );
            }
        }
    }
    assert!(cells > 100, "{cells} cells were looked at");
    let accounts = collector.export("accounts", "text/csv").await;
    assert!(accounts.contains("'=HYPERLINK"), "{accounts}");
}

#[tokio::test]
async fn t35_an_export_as_parquet_has_the_rows_of_the_others() {
    let collector = Collector::new().await;
    const PARQUET: &str = "application/vnd.apache.parquet";
    for file in collector.export_pages("accounts", PARQUET).await {
        assert!(rows_of(file).is_empty(), "an export without rows is a file");
    }
    let store = &collector.store;
    store.publish_flow(ONE, suite::flow(5.0, NOON - 1)).await.unwrap();
    let facts = (0..1_200).map(|n| suite::fact(ONE, &format!("account-{n:04}"), "users", 9.0, NOON + n, 1));
    store.append(facts.collect()).await.unwrap();
    let known =
        serde_json::json!({ "name": "=1+1 か\u{3099}", "contract_at": NOON, "traits": { "seats": 9 } });
    let request = collector.backend(collector.server.put("/v1/accounts/account-0007"), "one");
    request.json(&known).await.assert_status_ok();
    suite::projected(store).await;
    for what in ["events", "accounts", "steps"] {
        let lines = collector.export(what, "*/*").await;
        let expected: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let files = collector.export_pages(what, PARQUET).await;
        assert!(files.len() > 1, "{what}: {} files", files.len());
        let rows: Vec<Value> = files.into_iter().flat_map(rows_of).collect();
        assert_eq!(rows.len(), expected.len(), "{what}");
        for (row, line) in rows.iter().zip(&expected) {
            for (name, cell) in row.as_object().unwrap() {
                // What is JSON in a line is its text in a cell.
                let cell = match cell {
                    Value::String(json) if ["body", "handoff", "traits"].contains(&&**name) => {
                        serde_json::from_str(json).unwrap()
                    }
                    plain => plain.clone(),
                };
                let is_empty = line[name].as_object().is_some_and(serde_json::Map::is_empty);
                let expected = if is_empty { &Value::Null } else { &line[name] };
                assert_eq!(&cell, expected, "{what}: {name}");
            }
        }
    }
}

#[tokio::test]
async fn an_export_goes_on_where_the_page_before_ended_and_is_the_sites_own() {
    let collector = Collector::new().await;
    let store = &collector.store;
    store.publish_flow(ONE, suite::flow(5.0, NOON - 1)).await.unwrap();
    let facts = (0..1_200).map(|n| suite::fact(ONE, &format!("account-{n:04}"), "users", 9.0, NOON + n, 1));
    store.append(facts.collect()).await.unwrap();
    store.append(vec![suite::fact(store::SiteId(2), "theirs", "users", 9.0, NOON, 1)]).await.unwrap();
    suite::projected(store).await;
    for (what, least) in [("events", 1_200), ("accounts", 1_200), ("steps", 1_200)] {
        let text = collector.export(what, "*/*").await;
        let mut lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() >= least && !text.contains("theirs"), "{what}: {}", lines.len());
        let n = lines.len();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), n, "{what}: no row comes twice");
    }
    for (key, status) in [("wrong", StatusCode::UNAUTHORIZED)] {
        let answer = collector.backend(collector.server.get("/v1/export/events"), key).await;
        answer.assert_status(status);
    }
    let answer = collector.backend(collector.server.get("/v1/export/events?after=x"), "one").await;
    answer.assert_status(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn s35_the_ledger_balances_and_the_quarantine_shows_why() {
    let collector = Collector::new().await;
    // A visit of ten events and fifty that were tracked too fast: seven arrive, two of them are quarantined, one says
    // what was dropped; a repetition counts once.
    let events = [
        event(1, NOW, "custom", r#"{"name":"a"}"#),
        event(2, NOW, "custom", r#"{"name":"b"}"#),
        event(4, NOW, "custom", r#"{"x":-0}"#),
        event(5, NOW, "custom", "{}"),
        event(6, NOW, "events.dropped", r#"{"reason":"rate","n":50}"#),
        event(7, NOW, "events.dropped", r#"{"reason":"full","n":2}"#),
        event(9, NOW - 40 * 86_400_000, "custom", "{}"),
        event(10, NOW, "custom", "{}"),
    ];
    for _ in 0..2 {
        collector.send(NOW, &events.join(",")).await;
    }
    suite::projected(&collector.store).await;
    let report: IntegrationReport = collector.report("/api/integration").await;
    let ledger = report.intake;
    let parts = (ledger.stored, ledger.quarantined, ledger.pending, ledger.missing);
    let dropped: Vec<_> = ledger.dropped.iter().map(|one| (one.reason.as_str(), one.n)).collect();
    assert_eq!((ledger.tracked, parts, dropped), (60, (6, 2, 0, 0), vec![("full", 2), ("rate", 50)]));
    let mut reasons: Vec<_> = report.quarantine.iter().map(|one| (one.reason.as_str(), one.n)).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, [("bad_number", 1), ("stale", 1)]);
    let records: Vec<QuarantinedRecord> = collector.report("/api/quarantine").await;
    assert_eq!(records.len(), 2);
    assert!(records.iter().any(|one| one.reason == "bad_number" && one.body == events[2]), "{records:?}");
    let before = collector.store.arrived(ONE, 0, i64::MAX).await.unwrap();
    collector.store.rebuild(Box::new(|_, _| ())).await.unwrap();
    assert_eq!(collector.store.arrived(ONE, 0, i64::MAX).await.unwrap(), before, "a rebuild counts the same");
    // Of another visit two events are missing: they may come within a day.
    let late = event(3, NOW, "custom", "{}").replace(&crate::collector::id(0), &crate::collector::id(500));
    collector.send(NOW, &late.replace(&crate::collector::id(3), &crate::collector::id(503))).await;
    suite::projected(&collector.store).await;
    let pending = async |since| collector.store.arrived(ONE, 0, since).await.unwrap().pending;
    assert_eq!((pending(NOW).await, pending(NOW + 1).await), (2, 0), "after that they are missing");
}
