//! Paths by hand, and the bars that come of them.

use protocol::files::Flow;

use super::*;

fn path(entered: &[Millis], completed: &[&[Millis]]) -> Path {
    Path { entered: entered.to_vec(), completed: completed.iter().map(|times| times.to_vec()).collect() }
}

fn counts(bars: &[Bar]) -> Vec<(u64, u64, u64)> {
    bars.iter().map(|bar| (bar.converted, bar.dropped, bar.in_progress)).collect()
}

/// Two stages: `a`, then `b` after `a`, and `w`, which can wait; then `c` after `b`, and `free` after nothing.
fn flow() -> Flow {
    let step = |id: &str, after: &[&str], need: &str| {
        serde_json::json!({ "id": id, "title": { "en": id }, "why": { "en": "-" }, "minutes": 1, "need": need,
                            "after": after, "done": { "confirmed": true } })
    };
    let must = |id: &str, after: &[&str]| step(id, after, "must-have");
    serde_json::from_value(serde_json::json!({ "name": "setup", "title": { "en": "Setup" }, "stage": [
        { "id": "one", "title": { "en": "One" },
          "step": [must("a", &[]), step("w", &["a"], "can-wait"), must("b", &["a"])] },
        { "id": "two", "title": { "en": "Two" }, "step": [must("c", &["b", "w"]), must("free", &[])] },
        { "id": "end", "title": { "en": "End" }, "step": [step("tell", &["c"], "can-wait")] } ] }))
    .unwrap()
}

/// Steps that come after each other.
fn chain(steps: usize) -> Vec<Link> {
    (0..steps).map(|at| Link { before: (0..at).collect(), steps: vec![at] }).collect()
}

#[test]
fn links_are_what_the_flow_says() {
    let link = |before: &[usize], steps: &[usize]| Link { before: before.to_vec(), steps: steps.to_vec() };
    let of_steps = [
        link(&[], &[0]),
        link(&[0], &[1]),
        link(&[0], &[2]),
        link(&[0, 2], &[3]),
        link(&[], &[4]),
        link(&[0, 2, 3], &[5]),
    ];
    let of_stages = [link(&[], &[0, 2]), link(&[0, 2], &[3, 4])];
    assert_eq!(links(&flow()), [of_steps.as_slice(), &of_stages].concat());
    let ids: Vec<_> = stages(&flow()).map(|stage| stage.id.to_string()).collect();
    assert_eq!(ids, ["one", "two"], "a stage that requires nothing has no end");
}

#[test]
fn each_account_ends_converted_dropped_or_in_progress() {
    let paths = [path(&[0], &[&[10], &[20]]), path(&[0], &[&[10], &[]]), path(&[80], &[&[85], &[]])];
    let bars = bars(&paths, &chain(2), FunnelMode::First, 50, 100);
    assert_eq!(counts(&bars), [(3, 0, 0), (3, 0, 0), (1, 1, 1)]);
    assert_eq!(bars[1].median, Some(10));
}

#[test]
fn the_accounts_behind_a_bar_are_those_that_it_counts() {
    let paths = [
        path(&[0], &[&[10], &[], &[20], &[30], &[5]]),
        path(&[0], &[&[10], &[15], &[], &[], &[]]),
        path(&[80], &[&[85], &[], &[], &[], &[]]),
    ];
    let links = links(&flow());
    let all = bars(&paths, &links, FunnelMode::First, 50, 100);
    for (at, bar) in all.iter().enumerate() {
        let of = |fate| behind(&paths, &links, FunnelMode::First, (50, 100), at, fate).len() as u64;
        let found = (of(FunnelFate::Converted), of(FunnelFate::Dropped), of(FunnelFate::InProgress));
        assert_eq!(found, (bar.converted, bar.dropped, bar.in_progress), "bar {at}");
    }
    let of = |bar, fate| behind(&paths, &links, FunnelMode::First, (50, 100), bar, fate);
    assert_eq!(of(0, FunnelFate::Converted), [0, 1, 2]);
    assert_eq!(of(3, FunnelFate::Dropped), [1]);
    assert_eq!(of(3, FunnelFate::InProgress), [2]);
    assert_eq!((of(7, FunnelFate::Converted), of(7, FunnelFate::Dropped)), (vec![0], vec![1]), "a stage");
}

#[test]
fn w9_an_account_that_did_the_last_step_first_has_finished() {
    let first = path(&[0], &[&[10], &[], &[20], &[30], &[5], &[]]);
    let backwards = path(&[0], &[&[40], &[], &[30], &[20], &[10], &[]]);
    let bars = bars(&[first, backwards], &links(&flow()), FunnelMode::First, 50, 100);
    let reached: Vec<_> = bars.iter().map(|bar| bar.converted).collect();
    assert_eq!(reached, [2, 2, 0, 2, 2, 2, 0, 2, 2]);
    // From the moment at which nothing was missing any longer: what was done before then took no time.
    assert_eq!(bars[4].median, Some(5), "10 after b, and none");
    assert_eq!(bars[5].median, Some(7), "5 and 10 after entry");
    assert_eq!(bars[8].median, Some(5), "30 - 20 of the stage, and none");
}

#[test]
fn w9_a_step_is_asked_of_those_who_can_do_it() {
    // `a` alone: `b` and `free` can be done, `c` cannot; the second stage comes after the first.
    let bars = bars(&[path(&[0], &[&[10], &[], &[], &[], &[]])], &links(&flow()), FunnelMode::First, 50, 100);
    let asked =
        [(1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 1, 0), (0, 0, 0)];
    assert_eq!(counts(&bars), asked);
}

#[test]
fn a_step_counts_once_what_comes_before_it_is_done() {
    let paths = [path(&[0], &[&[10], &[5]]), path(&[0], &[&[10], &[10]]), path(&[0], &[&[], &[5]])];
    let bars = bars(&paths, &chain(2), FunnelMode::First, 50, 100);
    assert_eq!(counts(&bars), [(3, 0, 0), (2, 1, 0), (2, 0, 0)]);
    assert_eq!(bars[2].median, Some(0));
}

#[test]
fn the_window_includes_its_edge() {
    let paths = [path(&[0], &[&[50]]), path(&[0], &[&[51]])];
    assert_eq!(counts(&bars(&paths, &chain(1), FunnelMode::First, 50, 100))[1], (1, 1, 0));
}

#[test]
fn a_can_wait_step_holds_up_nothing() {
    let paths = [path(&[0], &[&[10], &[], &[15], &[20], &[5], &[]])];
    let bars = bars(&paths, &links(&flow()), FunnelMode::First, 50, 100);
    assert_eq!((bars[2].dropped, bars[4].converted), (1, 1), "c comes after w, too");
    assert_eq!(bars[8].converted, 1, "the stage is done without it");
}

#[test]
fn re_entry_is_followed_as_the_mode_says() {
    let again = [path(&[0, 40], &[&[10], &[45], &[]])];
    let of = |mode| counts(&bars(&again, &chain(3), mode, 30, 100)).iter().map(|c| c.0).collect::<Vec<_>>();
    assert_eq!(of(FunnelMode::First), [1, 1, 0, 0], "the second step came after the window");
    assert_eq!(of(FunnelMode::Latest), [1, 0, 0, 0], "the first step was not done again");
    assert_eq!(of(FunnelMode::Best), [1, 1, 0, 0]);
}

#[test]
fn small_counts_get_no_rate() {
    assert_eq!(rate(4, 4), None);
    let Some(interval) = rate(5, 10) else { panic!("ten are enough") };
    assert!((interval.low - 0.2366).abs() < 1e-4 && (interval.high - 0.7634).abs() < 1e-4);
}
