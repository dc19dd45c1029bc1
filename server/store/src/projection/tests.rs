//! Any order and any repetition of the same records give the same rows, without a database.

use std::collections::HashSet;

use proptest::prelude::*;
use protocol::Millis;
use protocol::ids::{OrderKey, UserId};

use super::*;
use crate::suite::reference::Reference;
use crate::suite::{NOON, fact, flow, id, story};
use crate::{FlowVersion, NewRecord, Position, Record, SiteId, Source};

const SITE: SiteId = SiteId(1);

/// A publication as it stands in the journal.
fn publication(version: &FlowVersion) -> NewRecord {
    let record = fact(SITE, "", "", 0.0, version.published, 0);
    NewRecord { id: version.id, source: Source::Flow, account: None, body: "{}".into(), ..record }
}

/// Projects records in stretches of some sizes, as a journal that drops repetitions holds them.
fn project(records: &[NewRecord], versions: &[FlowVersion], sizes: &[usize]) -> String {
    let mut known = HashSet::new();
    let fresh = records.iter().filter(|record| known.insert((record.source as u8, record.id)));
    let record =
        |(seq, record): (i64, &NewRecord)| Record { position: Position::single(seq), record: record.clone() };
    let journal: Vec<Record> = (1..).zip(fresh).map(record).collect();
    let mut reference = Reference::default();
    for version in versions {
        reference.publish(SITE, version.clone());
    }
    let mut sizes = sizes.iter().copied().cycle();
    for run in journal.chunk_by(|a, b| [a, b].iter().all(|one| one.record.source != Source::Flow)) {
        let mut rest = run;
        while !rest.is_empty() {
            let (stretch, later) = rest.split_at(sizes.next().unwrap_or(1).clamp(1, rest.len()));
            reference.project(stretch);
            rest = later;
        }
    }
    reference.checksum()
}

fn versions() -> Vec<FlowVersion> {
    let numbered = |number, version: FlowVersion| {
        let mut version = version;
        version.flow.version = number;
        version
    };
    vec![numbered(1, flow(5.0, NOON + 2_500)), numbered(2, flow(3.0, NOON + 9_500))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// T44 without a database: any permutation, any repetition, any stretches, and publications at any time.
    #[test]
    fn t44_order_repetition_and_stretches_do_not_matter(
        order in Just([story(SITE), story(SITE)].concat()).prop_shuffle(),
        sizes in prop::collection::vec(1usize..40, 1..6),
        published in prop::collection::vec(0usize..100, 2),
    ) {
        let versions = versions();
        let mut straight: Vec<NewRecord> = versions.iter().map(publication).collect();
        straight.extend(story(SITE));
        let mut mixed = order;
        for (at, version) in published.iter().zip(&versions) {
            mixed.insert(*at, publication(version));
        }
        prop_assert_eq!(project(&mixed, &versions, &sizes), project(&straight, &versions, &[512]));
    }

    /// The newest wins in whatever order they come, and answers beat declining.
    #[test]
    fn merges_do_not_depend_on_the_order(order in Just((0u8..12).collect::<Vec<_>>()).prop_shuffle()) {
        let key = |n: u8| OrderKey(NOON + Millis::from(n / 3), u32::from(n % 3), id(NOON, n));
        let tour = |n: u8| TourPosition { key: key(n), step: "users".into(), stop: n.into() };
        let answer = |n: u8| SurveyAnswer {
            key: key(n),
            question: "nps".into(),
            flow: "setup".into(),
            stage: String::new(),
            scale: protocol::files::Scale::Nps,
            score: n.is_multiple_of(2).then_some(n.into()),
            comment: n.to_string(),
        };
        let watch = |n: u8| ClipWatch {
            first: NOON - Millis::from(n),
            key: key(n),
            received: Moments { first: NOON + Millis::from(n % 5), last: NOON + Millis::from(n % 5) },
            place: f64::from(n),
            seen: format!("{n}-{}", u32::from(n) * 2 + 1).parse().unwrap(),
            captioned: n == 5,
            returned: [(u32::from(n % 4), 1)].into(),
        };
        let merged = |order: &[u8]| {
            let first = order[0];
            let mut all = (tour(first), answer(first), watch(first));
            for n in &order[1..] {
                all.0.merge(tour(*n));
                all.1.merge(answer(*n));
                all.2.merge(watch(*n));
            }
            all
        };
        let straight: Vec<u8> = (0..12).collect();
        prop_assert_eq!(merged(&order), merged(&straight));
        prop_assert_eq!(merged(&order).1.score, Some(10), "the newest answer, not the newest word");
    }
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_counts_as_presence_only() {
    let broken = NewRecord { body: "{".into(), ..fact(SITE, "a", "users", 1.0, NOON, 1) };
    let record = Record { position: Position::single(7), record: broken };
    let changes = gather(&[record]);
    assert_eq!(changes.unreadable.iter().map(|one| one.position.seq).collect::<Vec<_>>(), [7]);
    let account = &changes.accounts[&(SITE, "a".into())];
    assert_eq!((account.seen.first, account.entries.len()), (NOON, 0));
}

#[test]
fn names_go_by_arrival_and_everything_else_by_time() {
    let name = |name: &str, at, salt| {
        let record = fact(SITE, "a", "", 0.0, at, salt);
        let (source, body) = (Source::Person, serde_json::json!(name).to_string().into());
        NewRecord { source, user: Some("u".into()), body, ..record }
    };
    let records = [name("late", NOON + 9, 1), name("early", NOON, 2)];
    let record = |(seq, record)| Record { position: Position::single(seq), record };
    let records: Vec<Record> = (1..).zip(records).map(record).collect();
    let changes = gather(&records);
    let account = &changes.accounts[&(SITE, "a".into())];
    assert_eq!(account.names[&UserId::from("u")], "early");
    assert_eq!((account.seen.first, account.seen.last), (NOON, NOON + 9));
}
