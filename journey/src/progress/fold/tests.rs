//! The fold by example, then by property.

use std::collections::BTreeMap;

use proptest::prelude::*;
use protocol::SortedMap;
use protocol::backend::FactValue;
use protocol::files::{Stage, Step};
use protocol::ids::EventId;

use super::*;

fn step(id: &str, done: Condition) -> Step<String> {
    Step {
        id: id.into(),
        title: id.into(),
        why: String::new(),
        minutes: 3,
        need: Need::MustHave,
        done,
        after: vec![],
        link: None,
        guide: Vec::new(),
        inline_form: None,
        variants: Vec::new(),
        video: None,
    }
}

fn at_least(name: &str, bound: f64) -> Condition {
    Condition::Fact { name: name.into(), at_least: Some(bound), equals: None }
}

fn flow(version: u32, users: f64) -> Flow<String> {
    let tracked = Condition::Event { name: "deal.created".into(), times: 3, within_minutes: 60 };
    Flow {
        name: "setup".into(),
        version,
        default_locale: "ja".into(),
        locales: Vec::new(),
        title: "Set-up".into(),
        contact: None,
        window_days: 30,
        finish: None,
        clips: Vec::new(),
        stages: vec![
            Stage {
                id: "usage".into(),
                title: "Usage".into(),
                steps: vec![step("users", at_least("users", users)), step("deals", tracked)],
                surveys: Vec::new(),
            },
            Stage {
                id: "retention".into(),
                title: "Retention".into(),
                steps: vec![
                    step("tell", Condition::Confirmed),
                    step(
                        "all",
                        Condition::All(vec![Condition::Step("users".into()), Condition::Step("tell".into())]),
                    ),
                ],
                surveys: Vec::new(),
            },
        ],
    }
}

fn entry(at: i64, what: EntryKind) -> Entry {
    let id = EventId::new(at.unsigned_abs(), [7; 10]);
    Entry { key: OrderKey(at, 0, id), user: Some("u1".into()), what }
}

fn users(at: i64, n: f64) -> Entry {
    entry(at, EntryKind::Fact("users".into(), FactValue::Number(n)))
}

fn turns(transitions: Vec<Transition>) -> Vec<Change> {
    transitions.into_iter().map(|transition| transition.change).collect()
}

fn status(progress: &Progress, id: &str) -> StepStatus {
    progress.steps[&StepId::from(id)].status
}

#[test]
fn fifth_user_completes_the_step_and_losing_one_opens_it_again() {
    let rules = Rules::single(flow(1, 5.0));
    let (progress, transitions) = replay(&rules, vec![users(10, 4.0), users(20, 5.0), users(30, 4.0)]);
    assert_eq!(status(&progress, "users"), StepStatus::Open);
    assert_eq!(progress.steps[&StepId::from("users")].visit, 2);
    assert_eq!(
        turns(transitions),
        [
            Change::Entered { from: None, to: "usage".into(), visit: 1 },
            Change::Completed { step: "users".into(), visit: 1, by: DoneBy::Fact },
            Change::Reopened { step: "users".into(), visit: 2 },
        ]
    );
}

#[cfg(feature = "funnel")]
#[test]
fn everybodys_part_of_a_number_is_known_and_what_is_lost_is_taken_from_the_last() {
    let rules = Rules::single(flow(1, 5.0));
    let by = |user: &str, entry: Entry| Entry { user: Some(user.into()), ..entry };
    let parts = |entries: Vec<Entry>| -> Vec<(String, f64)> {
        let (progress, _) = replay(&rules, entries);
        let parts = progress.contributions.get("users").into_iter().flatten();
        parts
            .map(|part| (part.user.as_ref().map_or("", |user| user.as_str()).to_owned(), part.to - part.from))
            .collect()
    };
    let story =
        vec![by("a", users(10, 1.0)), by("a", users(20, 2.0)), by("b", users(30, 3.0)), users(40, 4.0)];
    assert_eq!(parts(story.clone()), [("a".into(), 2.0), ("b".into(), 1.0), ("u1".into(), 1.0)]);
    let beyond = story.iter().cloned().chain([by("c", users(50, 9.0))]).collect();
    assert_eq!(parts(beyond).last(), Some(&("c".to_owned(), 1.0)), "no more than the step asks for");
    let lost = story.iter().cloned().chain([by("c", users(50, 1.0))]).collect();
    assert_eq!(parts(lost), [("a".into(), 1.0)]);
    let none = story.iter().cloned().chain([users(50, 0.0)]).collect();
    assert_eq!(parts(none), []);
    let to_and_fro =
        (0..60).map(|n| by(if n % 2 == 0 { "a" } else { "b" }, users(n, f64::from(n as i32) / 20.0)));
    let short = parts(to_and_fro.clone().collect());
    assert_eq!(short.len(), 20, "a long story stays short");
    let fell = to_and_fro.chain([by("c", users(70, 0.5))]).collect();
    assert_eq!(parts(fell), [(String::new(), 0.5)], "whoever takes away gets nothing for it");
    // A later version began to count it, so the part before belongs to nobody.
    let later = (OrderKey(100, 0, EventId::default()), flow(2, 10.0));
    let rules = Rules::new(vec![(OrderKey::default(), flow(1, 5.0)), later]);
    let (progress, _) = replay(&rules, vec![by("a", users(10, 8.0)), by("b", users(110, 9.0))]);
    let parts: Vec<f64> =
        progress.contributions.get("users").into_iter().flatten().map(|part| part.to - part.from).collect();
    assert_eq!(parts, [5.0, 3.0, 1.0]);
}

#[test]
fn going_back_to_an_earlier_stage_is_a_new_visit() {
    let rules = Rules::single(flow(1, 1.0));
    let deals = (1..=3).map(|i| entry(i * 10, EntryKind::Tracked("deal.created".into())));
    let entries = [users(5, 1.0), users(50, 0.0)].into_iter().chain(deals).collect();
    let (progress, transitions) = replay(&rules, entries);
    assert_eq!(progress.stage, Some("usage".into()));
    assert_eq!(progress.visits, SortedMap::from_iter([("usage".into(), 2), ("retention".into(), 1)]));
    let last = turns(transitions).pop();
    assert_eq!(last, Some(Change::Entered { from: Some("retention".into()), to: "usage".into(), visit: 2 }));
}

#[test]
fn what_was_done_under_the_old_version_stays_done() {
    let stricter = (OrderKey(100, 0, EventId::default()), flow(2, 10.0));
    let rules = Rules::new(vec![(OrderKey::default(), flow(1, 5.0)), stricter]);
    let (progress, _) = replay(&rules, vec![users(10, 5.0)]);
    assert_eq!((progress.version, status(&progress, "users")), (2, StepStatus::Done));
    let (late_starter, _) = replay(&rules, vec![users(110, 5.0)]);
    assert_eq!(status(&late_starter, "users"), StepStatus::Open);
    let (lost, _) = replay(&rules, vec![users(10, 5.0), users(110, 12.0), users(120, 3.0)]);
    assert_eq!(status(&lost, "users"), StepStatus::Open, "it opens again once the new condition turned");
}

#[test]
fn a_smaller_new_version_completes_at_publication() {
    let easier = (OrderKey(100, 0, EventId::default()), flow(2, 3.0));
    let rules = Rules::new(vec![(OrderKey::default(), flow(1, 5.0)), easier]);
    let (progress, transitions) = replay(&rules, vec![users(10, 3.0)]);
    assert_eq!(progress.steps[&StepId::from("users")].done_at, Some(100));
    let completed = Change::Completed { step: "users".into(), visit: 1, by: DoneBy::Flow };
    assert!(turns(transitions).contains(&completed));
}

#[test]
fn events_count_only_within_their_window() {
    let rules = Rules::single(flow(1, 5.0));
    let minute = 60_000;
    let at = |minutes: i64| entry(minutes * minute, EntryKind::Tracked("deal.created".into()));
    let (spread, _) = replay(&rules, vec![at(1), at(40), at(70)]);
    assert_eq!(status(&spread, "deals"), StepStatus::Open);
    let (close, _) = replay(&rules, vec![at(1), at(40), at(61)]);
    assert_eq!(status(&close, "deals"), StepStatus::Done);
}

#[test]
fn a_step_may_wait_for_other_steps_and_for_a_person() {
    let rules = Rules::single(flow(1, 1.0));
    let done = |at| entry(at, EntryKind::Confirmed("tell".into(), true));
    let (progress, _) = replay(&rules, vec![users(1, 1.0), done(2)]);
    assert_eq!(status(&progress, "all"), StepStatus::Done);
    let undo = entry(3, EntryKind::Confirmed("tell".into(), false));
    let (progress, _) = replay(&rules, vec![users(1, 1.0), done(2), undo]);
    assert_eq!((status(&progress, "tell"), status(&progress, "all")), (StepStatus::Open, StepStatus::Open));
}

#[test]
fn what_is_true_of_nothing_completes_when_the_account_enters() {
    let mut flow = flow(1, 5.0);
    let demo = Condition::Fact { name: "demo_data".into(), at_least: None, equals: None };
    flow.stages[0].steps[0].done = Condition::Not(Box::new(demo));
    let (progress, _) = replay(&Rules::single(flow), vec![entry(10, EntryKind::Present)]);
    assert_eq!(progress.steps[&StepId::from("users")].done_at, Some(10));
}

#[test]
fn what_no_flow_asks_about_is_not_remembered() {
    let leaf = EntryKind::Observed("url:/anything".into(), true);
    let (progress, _) = replay(&Rules::single(flow(1, 5.0)), vec![entry(1, leaf)]);
    assert!(progress.observed.is_empty());
}

fn any_what() -> impl Strategy<Value = EntryKind> {
    prop_oneof![
        (0..8u8).prop_map(|n| EntryKind::Fact("users".into(), FactValue::Number(f64::from(n)))),
        Just(EntryKind::Tracked("deal.created".into())),
        any::<bool>().prop_map(|done| EntryKind::Confirmed("tell".into(), done)),
        Just(EntryKind::Shown("users".into())),
        Just(EntryKind::Present),
    ]
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (0..200i64, 0..3u32, any::<[u8; 10]>(), any_what());
    prop::collection::vec(one, 1..40).prop_map(|all| {
        all.into_iter()
            .map(|(at, n, random, what)| Entry {
                key: OrderKey(at, n, EventId::new(at.unsigned_abs(), random)),
                user: None,
                what,
            })
            .collect()
    })
}

fn shuffled_with_repeats() -> impl Strategy<Value = (Vec<Entry>, Vec<Entry>)> {
    any_entries().prop_flat_map(|entries| {
        let doubled: Vec<Entry> = entries.iter().chain(&entries).cloned().collect();
        (Just(entries), Just(doubled).prop_shuffle())
    })
}

fn two_versions() -> Rules<String> {
    Rules::new(vec![
        (OrderKey::default(), flow(1, 5.0)),
        (OrderKey(100, 0, EventId::default()), flow(2, 3.0)),
    ])
}

#[test]
fn a_colleague_has_the_step_until_it_is_done_or_taken_back() {
    let rules = Rules::single(flow(1, 1.0));
    let asked = |at, to: &str| Entry {
        key: OrderKey(at, 1, EventId::default()),
        user: Some("u1".into()),
        what: EntryKind::Asked("users".into(), to.to_owned()),
    };
    let has = |entries: &[Entry]| {
        let (progress, _) = replay(&rules, entries.to_vec());
        let step = progress.steps.get(&"users".into()).cloned().unwrap_or_default();
        step.delegation.map(|asked| (asked.to, asked.by))
    };
    let sato = Some(("佐藤".to_owned(), Some("u1".into())));
    assert_eq!(has(&[asked(1, "佐藤")]), sato);
    assert_eq!(has(&[asked(1, "佐藤"), asked(2, "")]), None, "taken back");
    let done = Entry {
        key: OrderKey(2, 0, EventId::default()),
        user: None,
        what: EntryKind::Fact("users".into(), FactValue::Number(1.0)),
    };
    assert_eq!(has(&[asked(1, "佐藤"), done.clone()]), None, "done");
    assert_eq!(has(&[done, asked(3, "佐藤")]), None, "nobody is asked for what is done");
}

proptest! {
    /// T44, for the fold: any permutation with any repetition gives the same progress.
    #[test]
    fn t44_order_and_repetition_do_not_matter((entries, shuffled) in shuffled_with_repeats()) {
        let rules = two_versions();
        prop_assert_eq!(replay(&rules, entries), replay(&rules, shuffled));
    }

    /// Folding one at a time, as the widget and the projector do, is the same as folding all at once.
    #[test]
    fn step_by_step_equals_all_at_once(mut entries in any_entries()) {
        let rules = two_versions();
        entries.sort_by_key(|entry| entry.key);
        entries.dedup_by_key(|entry| entry.key);
        let mut progress = Progress::default();
        let mut transitions = Vec::new();
        for entry in &entries {
            transitions.extend(apply(&rules, &mut progress, entry));
        }
        transitions.extend(settle(&rules, &mut progress));
        prop_assert_eq!((progress, transitions), replay(&rules, entries));
    }

    /// A step alternates between completed and re-opened, with visits that count up.
    #[test]
    fn transitions_alternate(entries in any_entries()) {
        let (_, transitions) = replay(&two_versions(), entries);
        let mut open: BTreeMap<StepId, (bool, u32)> = BTreeMap::new();
        for turn in turns(transitions) {
            match turn {
                Change::Completed { step, visit, .. } => {
                    let (done, last) = open.get(&step).copied().unwrap_or((false, 1));
                    prop_assert!(!done && visit == last);
                    open.insert(step, (true, visit));
                }
                Change::Reopened { step, visit } => {
                    let (done, last) = open[&step];
                    prop_assert!(done && visit == last + 1);
                    open.insert(step, (false, visit));
                }
                Change::Entered { .. } => {}
            }
        }
    }
}
