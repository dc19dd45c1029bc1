//! What was watched.

use proptest::prelude::*;

use super::*;

fn seen(all: &[(u32, u32)]) -> Seen {
    let mut seen = Seen::default();
    all.iter().for_each(|(from, to)| seen.add(*from, *to));
    seen
}

fn viewing(before: &[(u32, u32)], played: &[(u32, u32)], seconds: f64) -> Viewing {
    let mut viewing = Viewing::new(seen(before), seconds);
    played.iter().for_each(|(from, to)| viewing.play(f64::from(*from), f64::from(*to)));
    viewing
}

fn marks(before: &[(u32, u32)], now: &[(u32, u32)], seconds: f64) -> Vec<u32> {
    passed(seen(before).percent(seconds), seen(now).percent(seconds)).collect()
}

proptest! {
    #[test]
    fn a_union_has_every_second_once_whatever_the_order_and_however_often(
        all in prop::collection::vec((0u32..280, 1u32..40).prop_map(|(from, long)| (from, from + long)), 0..12),
    ) {
        let again: Vec<_> = all.iter().rev().chain(&all).copied().collect();
        let (once, twice) = (viewing(&[], &all, 100.0).report(400.0), viewing(&[], &again, 100.0).report(400.0));
        prop_assert_eq!(&once, &twice);
        let seconds = (0..320).filter(|at| all.iter().any(|(from, to)| (from..to).contains(&at))).count();
        let report = once.unwrap();
        prop_assert_eq!(report.percent, seconds as f64);
    }
}

#[test]
fn v9_whoever_skips_to_the_end_has_not_watched_half_of_it() {
    assert!(marks(&[], &[(0, 5), (75, 80)], 80.0).is_empty());
    assert_eq!(marks(&[], &[(0, 41)], 80.0), [25, 50]);
    assert_eq!(marks(&[(0, 41)], &[(0, 41), (30, 77)], 80.0), [75, 95]);
    assert!(marks(&[(0, 80)], &[(0, 80)], 80.0).is_empty(), "once for each person");
}

#[test]
fn a_report_is_made_of_news_alone() {
    let mut viewing = viewing(&[(0, 20)], &[(20, 45)], 80.0);
    assert!(viewing.has_passed());
    let report = viewing.report(45.0).unwrap();
    assert_eq!((report.seen.as_str(), report.all.text().as_str()), ("20-45", "0-45"));
    assert_eq!((report.percent, report.quarter, report.completed), (56.25, Some(50), false));
    assert!(!viewing.has_passed());
    assert_eq!(viewing.report(46.0), None);
    assert!(viewing.report(49.0).is_some(), "the person is somewhere else");
    viewing.play(44.6, 80.0);
    let report = viewing.report(80.0).unwrap();
    assert_eq!((report.quarter, report.completed), (Some(75), true));
    viewing.play(0.0, 10.0);
    assert_eq!(viewing.report(10.0).map(|report| report.completed), Some(false), "completed once");
}

#[test]
fn half_seconds_are_rounded_as_one_range() {
    let mut viewing = Viewing::new(Seen::default(), 36.0);
    viewing.play(0.0, 1.2);
    viewing.play(1.1, 4.6);
    assert_eq!(viewing.report(4.6).map(|report| report.seen), Some("0-5".to_owned()));
}

#[test]
fn a_jump_back_counts_where_it_is_played_on() {
    let mut viewing = Viewing::new(Seen::default(), 100.0);
    viewing.play(0.0, 20.0);
    viewing.stand(20.0);
    // Dragged over several places, then played on from the last of them.
    viewing.jump();
    viewing.stand(15.0);
    viewing.jump();
    viewing.stand(11.6);
    viewing.stand(12.0);
    viewing.stand(12.2);
    // Forwards is no jump back.
    viewing.jump();
    viewing.stand(50.0);
    viewing.stand(51.0);
    assert_eq!(viewing.report(51.0).map(|report| report.back), Some("12".to_owned()));
    assert_eq!(viewing.report(51.0), None);
}

#[test]
fn who_stopped_in_between_goes_on_there() {
    for (at, expected) in [(4.9, 0.0), (5.0, 5.0), (94.0, 94.0), (95.0, 0.0)] {
        assert_eq!(resume(at, 100.0), expected);
    }
}
