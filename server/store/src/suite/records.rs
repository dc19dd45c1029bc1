//! Sites, flows and records to tell the story with.

use protocol::backend::{Fact, FactValue};
use protocol::files::{Flow, FlowRef};
use protocol::ids::EventId;
use protocol::widget::{Event, EventKind};

use crate::{FlowVersion, NewRecord, NewSite, SiteId, Source};

/// Ten o'clock on a day in 2026.
pub const NOON: i64 = 1_790_000_000_000;

/// A site to play with.
pub fn site(name: &str) -> NewSite {
    NewSite {
        name: name.into(),
        public_key: format!("pk_{name}").as_str().into(),
        secret_hash: [1; 32],
        identity_secret: "secret".into(),
        identity_key: None,
        signing_secret: "signing".into(),
        origins: vec!["https://app.example.com".into()],
        verified_only: false,
    }
}

/// A flow with a step on the fact `users` and one on the event `deal`.
pub fn flow(users: f64, published: i64) -> FlowVersion {
    let flow: Flow = serde_json::from_value(serde_json::json!({
        "name": "setup", "title": { "ja": "設定" }, "stage": [
            { "id": "usage", "title": { "ja": "使う" }, "step": [
                { "id": "users", "title": { "ja": "登録" }, "why": { "ja": "-" }, "minutes": 3,
                  "done": { "fact": "users", "at_least": users } },
                { "id": "deals", "title": { "ja": "商談" }, "why": { "ja": "-" }, "minutes": 3,
                  "done": { "event": "deal", "times": 2 } }] },
            { "id": "retention", "title": { "ja": "続ける" }, "step": [
                { "id": "tell", "title": { "ja": "伝える" }, "why": { "ja": "-" }, "minutes": 1,
                  "done": { "confirmed": true } }] }] }))
    .unwrap_or_else(|error| panic!("the suite's flow: {error}"));
    FlowVersion { flow, source: format!("users {users}"), published, id: id(published, 0) }
}

/// An id that sorts by time.
pub fn id(at: i64, salt: u8) -> EventId {
    EventId::new(at.unsigned_abs(), [salt; 10])
}

/// A fact about an account.
pub fn fact(site: SiteId, account: &str, name: &str, value: f64, at: i64, salt: u8) -> NewRecord {
    let value = FactValue::Number(value);
    let fact = Fact {
        id: id(at, salt),
        account: account.into(),
        user: None,
        name: name.into(),
        value,
        at: Some(at),
    };
    record(site, Source::Fact, account, fact.id, at, &fact)
}

/// An event of the host's page.
pub fn tracked(site: SiteId, account: &str, name: &str, at: i64, salt: u8) -> NewRecord {
    event(site, account, EventKind::Custom, &[("name", name)], at, salt)
}

/// An event that only says that a person was present.
pub fn present(site: SiteId, account: &str, at: i64, salt: u8) -> NewRecord {
    event(site, account, EventKind::ChatOpened, &[], at, salt)
}

/// The person `user-1` comes to a stop of a guide, or ends it for a reason.
pub fn guided(site: SiteId, account: &str, stop: Result<u32, &str>, at: i64, salt: u8) -> NewRecord {
    let mut event = match stop {
        Ok(stop) => bare(EventKind::GuideStarted, at, salt, [("stop", FactValue::Number(stop.into()))]),
        Err(reason) => {
            bare(EventKind::GuideEnded, at, salt, [("reason", FactValue::Text(reason.to_owned()))])
        }
    };
    event.step = Some("users".into());
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

/// The person `user-1` will register users later; 0 takes that back.
pub fn postponed(site: SiteId, account: &str, until: i64, at: i64, salt: u8) -> NewRecord {
    let data =
        [("until", FactValue::Number(until as f64)), ("reason", FactValue::Text("meeting".to_owned()))];
    let mut event = bare(EventKind::StepSnoozed, at, salt, data);
    event.step = Some("users".into());
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

fn event(
    site: SiteId,
    account: &str,
    kind: EventKind,
    data: &[(&str, &str)],
    at: i64,
    salt: u8,
) -> NewRecord {
    let data = data.iter().map(|(name, value)| (*name, FactValue::Text((*value).to_owned())));
    let event = bare(kind, at, salt, data);
    record(site, Source::Event, account, event.id, at, &event)
}

fn bare<'a>(
    kind: EventKind,
    at: i64,
    salt: u8,
    data: impl IntoIterator<Item = (&'a str, FactValue)>,
) -> Event {
    Event {
        id: id(at, salt),
        at,
        session: id(1, 1),
        n: 1,
        kind,
        flow: None,
        step: None,
        stage: None,
        data: data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}

fn record(
    site: SiteId,
    source: Source,
    account: &str,
    id: EventId,
    at: i64,
    body: &impl serde::Serialize,
) -> NewRecord {
    let body = serde_json::to_string(body).unwrap_or_default().into();
    let account = Some(account.into());
    NewRecord { site, id, source, received: at, at, account, user: None, quarantine: None, body }
}

/// The person `user-1` saw the step "users".
pub fn shown(site: SiteId, account: &str, at: i64, salt: u8) -> NewRecord {
    let mut event = bare(EventKind::StepShown, at, salt, []);
    event.step = Some("users".into());
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

/// The person `user-1` watched stretches of the clip "first" and stopped at a second.
pub fn watching(site: SiteId, account: &str, seen: &str, stopped: f64, at: i64, salt: u8) -> NewRecord {
    let text = |text: &str| FactValue::Text(text.to_owned());
    let data = [("clip", text("first")), ("seen", text(seen)), ("at", FactValue::Number(stopped))];
    let event = bare(EventKind::VideoProgress, at, salt, data);
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

/// The person `user-1` answers how the stage "usage" felt; no score turns the question down.
pub fn answered(
    site: SiteId,
    account: &str,
    score: Option<f64>,
    comment: &str,
    at: i64,
    salt: u8,
) -> NewRecord {
    let text = |text: &str| FactValue::Text(text.to_owned());
    let said = [("question", text("mood-usage")), ("scale", text("mood")), ("stage", text("usage"))];
    let given = score.map(|score| ("score", FactValue::Number(score)));
    let data = said.into_iter().chain(given).chain([("comment", text(comment))]);
    let mut event = bare(EventKind::SurveyAnswered, at, salt, data);
    event.flow = Some(FlowRef { name: "setup".to_owned(), version: 1 });
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

/// The question that [`answered`] answers.
pub fn mood() -> Vec<String> {
    vec!["mood-usage".to_owned()]
}

/// The person `user-1` is offered articles.
pub fn offered_articles(site: SiteId, account: &str, at: i64, salt: u8) -> NewRecord {
    let event = bare(EventKind::ChatOpened, at, salt, [("help", FactValue::Flag(true))]);
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

/// The person `user-1` reads an article.
pub fn read_article(site: SiteId, account: &str, at: i64, salt: u8) -> NewRecord {
    let data = [("article", FactValue::Text("import".to_owned()))];
    let event = bare(EventKind::FaqViewed, at, salt, data);
    let record = record(site, Source::Event, account, event.id, at, &event);
    NewRecord { user: Some("user-1".into()), ..record }
}

/// A hundred things that happen to three accounts.
pub fn story(site: SiteId) -> Vec<NewRecord> {
    let accounts = ["a", "b", "c"];
    let mut records = Vec::new();
    for n in 0..20 {
        for (salt, account) in accounts.iter().enumerate() {
            let (at, salt) = (NOON + i64::from(n) * 1_000, salt as u8 + 1);
            records.push(match n % 3 {
                0 => fact(site, account, "users", f64::from((n + i32::from(salt) * 2) % 8), at, salt),
                1 => tracked(site, account, "deal", at, salt),
                _ => tracked(site, account, "other", at, salt),
            });
            if n % 3 == 0 {
                records.push(present(site, account, at - 500, salt));
            }
            if n % 5 == 2 {
                records.push(read_article(site, account, at - 400, salt));
            }
            if n % 4 == 1 {
                let stop = if n % 8 == 1 { Ok(n.unsigned_abs()) } else { Err("closed") };
                records.push(guided(site, account, stop, at - 300, salt));
                let until = if n % 8 == 1 { at + 60_000 } else { 0 };
                records.push(postponed(site, account, until, at - 200, salt));
                let seen = format!("{n}-{}", n + 3);
                records.push(watching(site, account, &seen, f64::from(n), at - 50, salt));
                // Pressed in one tab, turned down in another, then pressed again.
                let score = (n % 8 != 1).then_some(n.rem_euclid(5) as f64 + 1.0);
                records.push(answered(site, account, score, "words", at - 100, salt));
            }
        }
    }
    records
}
