//! Funnels: the paths of accounts, row by row, for what a funnel can be wrong about. A reference model without a
//! database (the pure fold, then [`bars`]) and a table by hand say the same of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use journey::reports::funnel::{Path, bars, links};
use protocol::Millis;
use protocol::console::FunnelMode;
use protocol::files::{Flow, FlowRef};

use super::reference::Reference;
use super::{NOON, answer, fact, id, present, projected, site};
use crate::projection::FunnelShape;
use crate::{FlowVersion, Mark, NewRecord, PublishOutcome, SiteId, Source, Store};

/// Time in which a step counts, and when the report is made; both in milliseconds after [`NOON`].
const WINDOW: Millis = 50;
const NOW: Millis = 100;

/// What happened to an account: when it came, and the facts by which steps are done, each with its value and time.
struct Fixture {
    account: &'static str,
    came: Millis,
    facts: &'static [(&'static str, f64, Millis)],
    /// Its path: entries into the first stage, then the completions of each step.
    path: (&'static [Millis], [&'static [Millis]; 5]),
}

/// Step a, then w, which can wait, and b after it; in the next stage c after b, and d after nothing.
const FIXTURES: [Fixture; 10] = [
    Fixture {
        account: "straight",
        came: 0,
        facts: &[("a", 1.0, 10), ("b", 1.0, 20), ("c", 1.0, 30)],
        path: (&[0], [&[10], &[], &[20], &[30], &[]]),
    },
    Fixture {
        account: "re-entry",
        came: 0,
        facts: &[("a", 1.0, 10), ("b", 1.0, 20), ("a", 0.0, 40), ("a", 1.0, 45), ("c", 1.0, 60)],
        path: (&[0, 40], [&[10, 45], &[], &[20], &[60], &[]]),
    },
    Fixture {
        account: "tie",
        came: 0,
        facts: &[("a", 1.0, 10), ("b", 1.0, 10), ("c", 1.0, 10)],
        path: (&[0], [&[10], &[], &[10], &[10], &[]]),
    },
    Fixture {
        account: "out of order",
        came: 0,
        facts: &[("b", 1.0, 5), ("a", 1.0, 10), ("c", 1.0, 20)],
        path: (&[0], [&[10], &[], &[5], &[20], &[]]),
    },
    Fixture {
        account: "at the edge",
        came: 0,
        facts: &[("a", 1.0, 50)],
        path: (&[0], [&[50], &[], &[], &[], &[]]),
    },
    Fixture {
        account: "past the edge",
        came: 0,
        facts: &[("a", 1.0, 51)],
        path: (&[0], [&[51], &[], &[], &[], &[]]),
    },
    Fixture {
        account: "skipped",
        came: 0,
        facts: &[("a", 1.0, 10), ("c", 1.0, 20)],
        path: (&[0], [&[10], &[], &[], &[20], &[]]),
    },
    Fixture {
        account: "what can wait",
        came: 0,
        facts: &[("a", 1.0, 10), ("w", 1.0, 15), ("b", 1.0, 20)],
        path: (&[0], [&[10], &[15], &[20], &[], &[]]),
    },
    Fixture {
        account: "open window",
        came: 80,
        facts: &[("a", 1.0, 85)],
        path: (&[80], [&[85], &[], &[], &[], &[]]),
    },
    Fixture {
        account: "the last step first",
        came: 0,
        facts: &[("d", 1.0, 5), ("a", 1.0, 10), ("b", 1.0, 20), ("c", 1.0, 30)],
        path: (&[0], [&[10], &[], &[20], &[30], &[5]]),
    },
];

/// Counts of a bar, in the order of [`COUNTS`].
type Bars = (u64, u64, u64);

/// Accounts that reached each bar, were dropped there, or are on their way: the entry, the five steps, the two stages.
const COUNTS: [(FunnelMode, [Bars; 8]); 3] = [
    (FunnelMode::First, OF_FIRST),
    (
        FunnelMode::Latest,
        [(10, 0, 0), (9, 1, 0), (1, 7, 1), (5, 3, 1), (4, 1, 0), (1, 8, 1), (5, 4, 1), (1, 4, 0)],
    ),
    (FunnelMode::Best, OF_FIRST),
];
const OF_FIRST: [Bars; 8] =
    [(10, 0, 0), (9, 1, 0), (1, 7, 1), (6, 2, 1), (4, 2, 0), (1, 8, 1), (6, 3, 1), (1, 5, 0)];

fn version() -> FlowVersion {
    let step = |id: &str, after: &[&str], need: &str| {
        serde_json::json!({ "id": id, "title": { "ja": id }, "why": { "ja": "-" }, "minutes": 1, "need": need,
                            "after": after, "done": { "fact": id, "at_least": 1 } })
    };
    let flow: Flow = serde_json::from_value(serde_json::json!({
        "name": "setup", "title": { "ja": "設定" }, "stage": [
            { "id": "one", "title": { "ja": "一" }, "step": [
                step("a", &[], "must-have"), step("w", &["a"], "can-wait"), step("b", &["a"], "must-have")] },
            { "id": "two", "title": { "ja": "二" }, "step": [
                step("c", &["b"], "must-have"), step("d", &[], "must-have")] }] }))
    .unwrap_or_else(|error| panic!("the funnel's flow: {error}"));
    FlowVersion { flow, source: "funnel".into(), published: NOON - 1000, id: id(NOON - 1000, 0) }
}

fn records(site: SiteId) -> Vec<NewRecord> {
    let mut all = Vec::new();
    for (fixture, salt) in FIXTURES.iter().zip(1..) {
        all.push(present(site, fixture.account, NOON + fixture.came, salt));
        // Ids order what happened at the same time.
        let facts = fixture.facts.iter().zip((1..).map(|n| 20 * n + salt));
        all.extend(
            facts.map(|((name, value, at), salt)| fact(site, fixture.account, name, *value, NOON + at, salt)),
        );
    }
    all
}

fn expected(fixture: &Fixture) -> Path {
    let times = |times: &[Millis]| times.iter().map(|at| NOON + at).collect();
    let (entered, completed) = fixture.path;
    Path { entered: times(entered), completed: completed.iter().map(|one| times(one)).collect() }
}

/// Returns the path of each account.
async fn paths(store: &Arc<dyn Store>, site: SiteId, flow: &FlowRef) -> BTreeMap<String, Path> {
    let (paths, accounts) = answer(store.funnel_accounts(site, flow).await);
    accounts.iter().map(|account| account.as_str().to_owned()).zip(paths.iter().cloned()).collect()
}

/// Tells the fixtures to a fresh store, as they happened and backwards, and compares its paths and counts.
pub async fn run_funnels(store: Arc<dyn Store>) {
    let store = &store;
    let table: BTreeMap<String, Path> =
        FIXTURES.iter().map(|fixture| (fixture.account.to_owned(), expected(fixture))).collect();
    for (name, order) in [("funnel", Order::AsItHappened), ("funnel-back", Order::Backwards)] {
        let site = answer(store.add_site(site(name)).await);
        assert_eq!(answer(store.publish_flow(site, version()).await), PublishOutcome::New(1));
        let flow = FlowRef { name: "setup".into(), version: 1 };
        let mut records = records(site);
        if let Order::Backwards = order {
            records.reverse();
            // Late, and everything twice.
            records.extend(records.clone());
        }
        for record in records {
            answer(store.append(vec![record]).await);
        }
        projected(store).await;
        let found = paths(store, site, &flow).await;
        assert_eq!(found, table, "{name}");
        assert_eq!(found, of_reference(store, site).await, "{name}");
        let all: Vec<Path> = found.into_values().collect();
        let links = links(&version().flow);
        for (mode, counts) in COUNTS {
            let bars = bars(&all, &links, mode, WINDOW, NOON + NOW);
            let found: Vec<_> =
                bars.iter().map(|bar| (bar.converted, bar.dropped, bar.in_progress)).collect();
            assert_eq!(found, counts, "{name}: {mode:?}");
        }
    }
}

/// In which order records arrive.
enum Order {
    AsItHappened,
    Backwards,
}

/// The same of the model that has no database.
async fn of_reference(store: &Arc<dyn Store>, site: SiteId) -> BTreeMap<String, Path> {
    let mut reference = Reference::default();
    for version in answer(store.flow_versions(site).await) {
        reference.publish(site, version);
    }
    let (publication, rest): (Vec<_>, Vec<_>) = answer(store.records(site, &Mark::start(), 1000).await)
        .into_iter()
        .partition(|record| record.record.source == Source::Flow);
    reference.project(&publication);
    reference.project(&rest);
    let shape = FunnelShape::of(&version().flow);
    let paths = reference.milestones(site, "setup").map(|(account, milestones)| {
        let mut path = shape.empty();
        milestones.iter().for_each(|one| shape.add(&mut path, one.kind, &one.name, one.at));
        (account.as_str().to_owned(), path)
    });
    paths.collect()
}
