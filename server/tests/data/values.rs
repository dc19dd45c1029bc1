//! Times, numbers and texts that are not as they seem.

use axum::http::StatusCode;
use serde_json::{Value, json};
use store::suite;

use crate::collector::{Collector, NOW, event, id};

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn t23_with_a_clock_three_days_ahead_corrected_times_are_right_and_raw_ones_kept() {
    let collector = Collector::new().await;
    let ahead = NOW + 72 * HOUR;
    let happened = ahead - 1_500;
    let results = collector.send(ahead, &event(1, happened, "custom", r#"{"name":"x"}"#)).await;
    assert_eq!(results[0].0, "stored");
    let record = collector.journal().await.remove(0).record;
    assert_eq!(record.at, NOW - 1_500, "when it truly happened");
    assert_eq!(serde_json::from_str::<Value>(&record.body).unwrap()["at"], json!(happened), "as it was sent");
}

#[tokio::test]
async fn t24_what_waited_ten_hours_offline_keeps_its_spacing() {
    let collector = Collector::new().await;
    // The clock is two days behind, and the events are ten hours old when they are sent.
    let sent_at = NOW - 48 * HOUR;
    let noted = [sent_at - 10 * HOUR, sent_at - 10 * HOUR + 7_000, sent_at - 9 * HOUR];
    let events: Vec<String> = (1..).zip(noted).map(|(n, at)| event(n, at, "custom", "{}")).collect();
    collector.send(sent_at, &events.join(",")).await;
    let times: Vec<i64> = collector.journal().await.iter().map(|one| one.record.at).collect();
    assert_eq!(times, [NOW - 10 * HOUR, NOW - 10 * HOUR + 7_000, NOW - 9 * HOUR]);
}

#[tokio::test]
async fn t24_a_clock_that_was_set_back_between_two_events_changes_no_order() {
    let collector = Collector::new().await;
    let sent_at = NOW - HOUR;
    let events = [event(1, sent_at + HOUR / 2, "custom", "{}"), event(2, sent_at - HOUR / 4, "custom", "{}")];
    collector.send(sent_at, &events.join(",")).await;
    let times: Vec<i64> = collector.journal().await.iter().map(|one| one.record.at).collect();
    assert_eq!(times, [NOW - HOUR / 4, NOW - HOUR / 4]);
}

#[tokio::test]
async fn t35_unusual_text_is_kept_byte_for_byte_or_refused_with_a_reason() {
    let collector = Collector::new().await;
    let kept = [
        r#"{"name":"\u0000"}"#,
        r#"{"name":"\ud83d\ude00"}"#,
        "{\"name\":\"\u{202e}abc\u{2066}\"}",
        "{\"name\":\"👩\u{200d}🔧🇯🇵\"}",
        "{\"name\":\"か\u{3099}\"}",
        "{\"name\":\"が\"}",
        r#"{ "name" : "spaced" }"#,
    ];
    let events: Vec<String> = (1..).zip(kept).map(|(n, data)| event(n, NOW, "custom", data)).collect();
    let results = collector.send(NOW, &events.join(",")).await;
    assert!(results.iter().all(|(outcome, _)| outcome == "stored"), "{results:?}");
    for data in [r#"{"name":"\ud800"}"#, r#"{"name":"\udc00x"}"#, r#"{"\ud83d":1}"#] {
        let n = 100 + data.len() as u64;
        let results = collector.send(NOW, &event(n, NOW, "custom", data)).await;
        assert_eq!(results[0], ("quarantined".to_owned(), "bad_text".to_owned()), "{data}");
    }
    let journal = collector.journal().await;
    assert!(events.iter().zip(&journal).all(|(sent, kept)| **sent == *kept.record.body), "{journal:?}");
    // Bytes that are no UTF-8, and ids that look alike.
    for (body, tag) in [
        (b"{\"site\":\"\xff\xfe\"}".to_vec(), "malformed"),
        (br#"{"site":"pk_one","who":{"user":"a\u0000b"},"sent_at":1,"events":[]}"#.to_vec(), "malformed"),
        (br#"{"site":"pk_one","who":{"user":"\ud800"},"sent_at":1,"events":[]}"#.to_vec(), "malformed"),
    ] {
        let answer = collector.post(body).await;
        answer.assert_status(StatusCode::BAD_REQUEST);
        assert_eq!(answer.json::<Value>()["error"]["tag"], tag);
    }
}

/// What `docs/embedding.md` says of signs that cannot be kept, for each way that a text comes in.
#[tokio::test]
async fn t35_a_nul_is_shown_as_the_documented_sign_and_half_a_character_is_refused() {
    let collector = Collector::new().await;
    let put = async |name: &str| {
        let request = collector.backend(collector.server.put("/v1/accounts/acct"), "one");
        request.text(format!(r#"{{"name":"{name}","traits":{{"plan":"{name}"}}}}"#)).await
    };
    let say = async |id: &str, text: &str| {
        let hello = r#"{"v":1,"site":"pk_one","who":{"user":"u1"}}"#;
        let message = format!(r#"{{"t":"send","mid":"{id}","ck":"{id}","body":{{"text":"{text}"}}}}"#);
        let body = format!(r#"{{"hello":{hello},"frames":[{message}]}}"#);
        collector.server.post("/v1/chat/send").text(body).await
    };
    let kept = r"a\u0000b\u0007c";
    put(kept).await.assert_status_ok();
    // The same message again is the same message, and no other one under its id.
    let (first, second) = (id(1), id(2));
    for is_known in [false, true] {
        let told = say(&first, kept).await.json::<Value>();
        assert_eq!((&told[0]["t"], told[0]["dup"] == true), (&json!("ack"), is_known), "{told}");
    }
    let sent = event(3, NOW, "custom", &format!(r#"{{"name":"{kept}"}}"#));
    for outcome in ["stored", "duplicate"] {
        assert_eq!(collector.send(NOW, &sent).await[0].0, outcome);
    }
    suite::projected(&collector.store).await;
    let exported = async |what: &str| {
        let request = collector.server.get(&format!("/v1/export/{what}"));
        collector.backend(request, "one").await.text()
    };
    let accounts = exported("accounts").await;
    assert_eq!(accounts.matches("a\u{fffd}b\\u0007c").count(), 2, "name and trait: {accounts}");
    assert!(exported("events").await.contains(&kept.to_string()), "the journal has what was sent");
    let inbox: Value = collector.report("/api/inbox").await;
    assert_eq!(inbox[0]["thread"]["excerpt"], "a\u{fffd}b\u{7}c", "{inbox}");
    for half in [r"\ud800", r"x\udc00", r"\ud83d!"] {
        for answer in [put(half).await, say(&second, half).await] {
            answer.assert_status(StatusCode::BAD_REQUEST);
            assert_eq!(answer.json::<Value>()["error"]["tag"], "malformed", "{half}");
        }
    }
    assert_eq!(exported("accounts").await, accounts, "what is refused changes nothing");
}

#[tokio::test]
async fn t36_numbers_that_are_none_never_count_and_the_answer_says_why() {
    let collector = Collector::new().await;
    collector.store.publish_flow(store::SiteId(1), suite::flow(5.0, NOW - HOUR)).await.unwrap();
    let scored =
        |score: &str| format!(r#"{{"question":"nps-end","scale":"nps","stage":"usage","score":{score}}}"#);
    let flow = |event: String| event.replacen("{", r#"{"flow":"setup@1","#, 1);
    for (n, score) in (1..).zip(["1e400", "-0", "9007199254740993", "\"9\"", "11", "-1", "9.5", "true"]) {
        let results = collector.send(NOW, &flow(event(n, NOW, "survey.answered", &scored(score)))).await;
        assert_eq!(results[0], ("quarantined".to_owned(), "bad_number".to_owned()), "{score}");
    }
    let none = format!(r#"[{}]"#, event(90, NOW, "survey.answered", &scored("NaN")));
    let body = format!(r#"{{"site":"pk_one","who":{{"user":"u1"}},"sent_at":{NOW},"events":{none}}}"#);
    let answer = collector.post(body.into_bytes()).await;
    answer.assert_status(StatusCode::BAD_REQUEST);
    assert_eq!(answer.json::<Value>()["error"]["tag"], "malformed");
    suite::projected(&collector.store).await;
    assert_eq!(
        collector.store.survey_counts(store::SiteId(1), "setup", &["nps-end".into()]).await.unwrap(),
        []
    );

    for value in ["1e400", "-0", "-0.0", "9007199254740993", "null", "[1]"] {
        let fact = format!(r#"{{"id":"{}","account":"a","name":"users","value":{value}}}"#, id(70));
        let request = collector.backend(collector.server.post("/v1/facts"), "one");
        let answer = request.text(format!(r#"{{"facts":[{fact}]}}"#)).await;
        answer.assert_status(StatusCode::BAD_REQUEST);
        let said = answer.json::<Value>()["error"]["message"].as_str().unwrap().to_owned();
        assert!(said.contains("number"), "{value}: {said}");
    }
    let request = collector.backend(collector.server.put("/v1/accounts/a"), "one");
    request.text(r#"{"traits":{"seats":-0}}"#).await.assert_status(StatusCode::BAD_REQUEST);
}
