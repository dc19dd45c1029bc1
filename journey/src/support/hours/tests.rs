//! The hours of a company in Tokyo, and of some that are harder.

use proptest::prelude::*;
use protocol::SortedMap;
use protocol::files::{CannedReply, Holidays, LocalizedText, SupportFile, SupportTeam};
use protocol::ids::StepId;

use super::*;

/// 10:00 to 12:00 and 13:00 to 18:00 in Tokyo, as scenario customers are served.
fn file() -> SupportFile {
    SupportFile {
        zone: "Asia/Tokyo".into(),
        holidays: Holidays::Named("japan".into()),
        weekdays: vec!["10:00-12:00".into(), "13:00-18:00".into()],
        callback: Some(CallbackPolicy { hours: 24, every_day: false }),
        ..SupportFile::default()
    }
}

fn calendar(file: &SupportFile) -> Calendar {
    Calendar::parse(file).unwrap()
}

/// An instant as Tokyo writes it.
fn tokyo(text: &str) -> Millis {
    let at: DateTime = text.parse().unwrap();
    at.in_tz("Asia/Tokyo").unwrap().timestamp().as_millisecond()
}

fn said(at: Option<Millis>) -> String {
    at.map_or("never".into(), |at| {
        Timestamp::from_millisecond(at)
            .unwrap()
            .in_tz("Asia/Tokyo")
            .unwrap()
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    })
}

/// The Cabinet Office's lists of these years.
#[test]
fn holidays_are_those_of_the_cabinet_office() {
    let lists = [
        (
            2025,
            "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-21 8-11 9-15 9-23 10-13 11-3 11-23 11-24",
        ),
        (2026, "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23"),
        (2027, "1-1 1-11 2-11 2-23 3-21 3-22 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-23 10-11 11-3 11-23"),
    ];
    for (year, list) in lists {
        let days = Date::new(year, 1, 1).unwrap().series(1.day()).take_while(|day| day.year() == year);
        let found: Vec<_> =
            days.filter(|day| is_holiday(*day)).map(|day| format!("{}-{}", day.month(), day.day())).collect();
        assert_eq!(found.join(" "), list, "{year}");
    }
}

#[test]
fn c33_the_next_opening_skips_lunch_nights_holidays_substitutes_and_closures() {
    let mut file = file();
    file.closed = vec!["2026-12-29 to 2027-01-03".into()];
    file.days = SortedMap::from_iter([("2026-12-28".to_owned(), vec!["10:00-12:00".to_owned()])]);
    let calendar = calendar(&file);
    let next = |at: &str| said(calendar.next_opening(tokyo(at)));
    let until = |at: &str| said(calendar.open_until(tokyo(at)));
    assert_eq!(
        (until("2026-11-24T11:00"), next("2026-11-24T11:00")),
        ("2026-11-24 12:00".into(), "2026-11-24 13:00".into())
    );
    assert_eq!(
        (until("2026-11-24T12:00"), next("2026-11-24T12:30")),
        ("never".into(), "2026-11-24 13:00".into())
    );
    assert_eq!(next("2026-11-20T18:00"), "2026-11-24 10:00", "the weekend and 勤労感謝の日");
    assert_eq!(
        next("2026-05-02T09:00"),
        "2026-05-07 10:00",
        "憲法記念日 fell on a Sunday: the 6th is its substitute"
    );
    assert_eq!(next("2026-12-28T11:30"), "2027-01-04 10:00", "a day of its own, then a closure");
}

#[test]
fn c33_a_call_is_due_when_the_site_says_so() {
    let mut file = file();
    let due = |file: &SupportFile, at: &str| said(calendar(file).call_due(tokyo(at)));
    assert_eq!(due(&file, "2026-11-25T15:00"), "2026-11-26 15:00");
    assert_eq!(
        due(&file, "2026-11-20T15:00"),
        "2026-11-24 15:00",
        "Saturday, Sunday and a holiday do not count"
    );
    assert_eq!(due(&file, "2026-11-20T18:30"), "2026-11-24 18:00", "not after closing time");
    assert_eq!(due(&file, "2026-11-21T09:00"), "2026-11-24 18:00", "asked on a Saturday");
    let slots = calendar(&file).call_slots(tokyo("2026-11-20T16:50"));
    let slots: Vec<_> =
        slots.into_iter().map(|[from, to]| format!("{} {}", said(Some(from)), said(Some(to)))).collect();
    assert_eq!(slots[0], "2026-11-20 17:00 2026-11-20 18:00");
    assert_eq!(slots[1], "2026-11-24 10:00 2026-11-24 12:00");
    file.callback = Some(CallbackPolicy { hours: 24, every_day: true });
    assert_eq!(due(&file, "2026-11-20T15:00"), "2026-11-21 15:00");
    file.callback = None;
    assert!(calendar(&file).call_slots(tokyo("2026-11-20T15:00")).is_empty());
}

#[test]
fn c34_what_was_measured_keeps_the_calendar_of_its_time() {
    let longer = SupportFile { weekdays: vec!["09:00-20:00".into()], ..file() };
    let changed = tokyo("2026-11-25T15:00");
    let history =
        History::new(vec![(tokyo("2026-11-01T00:00"), calendar(&file())), (changed, calendar(&longer))]);
    let hour = 3_600_000;
    // The 24th by the old hours: 2 + 5; the 25th by the old until 15:00 (2 + 2), then by the new (5).
    assert_eq!(history.business(tokyo("2026-11-24T00:00"), tokyo("2026-11-26T00:00")), (7 + 4 + 5) * hour);
    assert_eq!(history.business(tokyo("2026-11-25T12:00"), changed), 2 * hour);
    assert_eq!(
        history.business(tokyo("2026-10-31T23:00"), tokyo("2026-11-01T00:00")),
        hour,
        "nothing was said yet"
    );
}

#[test]
fn where_somebody_is_always_there_there_is_an_answer() {
    let all = vec!["00:00-24:00".to_owned()];
    let week =
        SortedMap::from_iter([("saturday".to_owned(), all.clone()), ("sunday".to_owned(), all.clone())]);
    let calendar = calendar(&SupportFile { holidays: Holidays::None, weekdays: all, week, ..file() });
    let now = tokyo("2026-11-24T11:00");
    assert!(calendar.open_until(now).is_some_and(|until| until - now > 7 * 86_400_000));
    assert_eq!(calendar.business(now, now + 86_400_000), 86_400_000);
    assert!(calendar.next_opening(now).is_some() && calendar.call_due(now) == Some(now + 86_400_000));
    assert_eq!(calendar.call_slots(now).len(), 8);
}

#[test]
fn clocks_that_change_are_reckoned_with() {
    let file = SupportFile {
        zone: "America/New_York".into(),
        week: SortedMap::from_iter([("sunday".to_owned(), vec!["01:00-04:00".to_owned()])]),
        ..SupportFile::default()
    };
    let calendar = calendar(&file);
    let day = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
    // 2026-03-08: two o'clock is three. 2026-11-01: one o'clock comes twice.
    assert_eq!(calendar.business(day("2026-03-08T00:00:00Z"), day("2026-03-09T00:00:00Z")), 2 * 3_600_000);
    assert_eq!(calendar.business(day("2026-11-01T00:00:00Z"), day("2026-11-02T00:00:00Z")), 4 * 3_600_000);
}

#[test]
fn mistakes_are_named_with_what_would_be_right() {
    let file = SupportFile {
        zone: "Tokyo".into(),
        holidays: Holidays::Named("mars".into()),
        weekdays: vec!["10-18".into(), "18:00-10:00".into(), "10:00-12:00".into(), "11:00-13:00".into()],
        week: SortedMap::from_iter([("s".to_owned(), Vec::new())]),
        closed: vec!["2027-01-03 to 2026-12-29".into()],
        replies: vec![CannedReply {
            title: "hello".into(),
            text: LocalizedText(BTreeMap::from([("en".into(), "{user} of {company}".into())])),
            steps: Vec::new(),
            quick_replies: Vec::new(),
        }],
        ..SupportFile::default()
    };
    let wrong = Calendar::parse(&file).unwrap_err().join("\n");
    for word in [
        "zone: \"Tokyo\"",
        "holidays: \"mars\"",
        "\"10:00-18:00\"",
        "after midnight",
        "overlap",
        "week.s",
        "{company}; there are {user}, {account}",
        "closed: ",
    ] {
        assert!(wrong.contains(word), "{word} in {wrong}");
    }
}

fn all(waits: &[FirstResponse]) -> Vec<&FirstResponse> {
    waits.iter().collect()
}

#[test]
fn the_promise_is_never_better_than_true() {
    let history = History::new(vec![(0, calendar(&file()))]);
    let wait = |day: &str, asked: &str, minutes: i64| {
        let asked = tokyo(&format!("{day}T{asked}"));
        FirstResponse { step: None, asked, answered: Some(asked + minutes * 60_000) }
    };
    let now = tokyo("2026-11-27T10:30");
    let days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-24"];
    let mut waits: Vec<FirstResponse> =
        days.iter().zip([3, 4, 4, 6, 8, 40]).map(|(day, minutes)| wait(day, "10:10", minutes)).collect();
    // The upper of the two in the middle, 6 minutes, is said as the next round number above it.
    assert_eq!(median_minutes(&all(&waits), &history, now), Some(10));
    assert_eq!(median_minutes(&all(&waits[..4]), &history, now), None, "too few to say anything");
    // Over night only the hours of business count.
    waits.extend(["2026-11-16", "2026-11-17", "2026-11-18"].map(|day| wait(day, "17:59", 16 * 60 + 2)));
    let evening = tokyo("2026-11-27T17:10");
    assert_eq!(median_minutes(&all(&waits), &history, evening), Some(5), "this hour has too few: all hours");
    // Four have been waiting for an hour: that is worse than what was measured, and is not hidden.
    let hour_ago = FirstResponse { step: None, asked: now - 29 * 60_000, answered: None };
    waits.truncate(6);
    waits.extend(vec![hour_ago; 6]);
    assert_eq!(median_minutes(&all(&waits), &history, now), Some(30));
}

#[test]
fn a_team_has_its_own_hours_at_its_own_steps() {
    let team = SupportTeam {
        id: "night".into(),
        steps: vec!["import".into()],
        weekdays: Some(vec!["17:00-22:00".into()]),
        closed: vec!["2026-11-25".into()],
        goal: Some(30),
        ..SupportTeam::default()
    };
    let before = file();
    let closed = vec!["2026-12-30".to_owned()];
    let with = SupportFile { teams: vec![team.clone()], closed, ..file() };
    let since = tokyo("2026-11-24T00:00");
    let staff = TeamSchedules::new(&[(0, before), (since, with.clone())]);
    let (step, other) = (StepId::from("import"), StepId::from("users"));
    let at = |step: Option<&StepId>, time: &str| {
        staff.at(step).now().and_then(|calendar| calendar.open_until(tokyo(time)))
    };
    assert_eq!(staff.team(Some(&step)).map(|team| team.id.as_str()), Some("night"));
    assert_eq!((staff.team(Some(&other)), staff.team(None)), (None, None));
    assert_eq!(at(Some(&step), "2026-11-24T20:00"), Some(tokyo("2026-11-24T22:00")));
    assert_eq!(at(Some(&step), "2026-11-24T10:30"), None);
    assert!(at(Some(&other), "2026-11-24T10:30").is_some() && at(None, "2026-11-24T10:30").is_some());
    assert_eq!(at(Some(&step), "2026-11-25T20:00"), None, "their own closure");
    assert_eq!(at(Some(&step), "2026-12-30T20:00"), None, "and the one of all");
    assert_eq!(staff.at(Some(&step)).now().and_then(Calendar::goal), Some(30 * 60_000));
    // C34: before there was a team, the desk's hours counted.
    let morning = (tokyo("2026-11-20T10:00"), tokyo("2026-11-20T11:00"));
    assert_eq!(staff.at(Some(&step)).business(morning.0, morning.1), 3_600_000);
    let morning = (tokyo("2026-11-26T10:00"), tokyo("2026-11-26T11:00"));
    assert_eq!(staff.at(Some(&step)).business(morning.0, morning.1), 0);
    let twice = SupportFile {
        teams: vec![
            team.clone(),
            SupportTeam { weekdays: Some(vec!["9-10".into()]), steps: vec!["import".into()], ..team },
        ],
        ..with
    };
    let wrong = Calendar::parse(&twice).unwrap_err().join("\n");
    for word in [
        "\"night\" is empty or there twice",
        "\"import\" is another team's",
        "teams.night: weekdays: \"9-10\"",
    ] {
        assert!(wrong.contains(word), "{word} in {wrong}");
    }
}

proptest! {
    /// Business time adds up, and is never more than time.
    #[test]
    fn business_time_adds_up(from in 0i64..200_000_000, a in 0i64..3_000_000, b in 0i64..3_000_000) {
        let calendar = calendar(&file());
        let [from, middle, to] = [from, from + a, from + a + b].map(|second| 1_700_000_000_000 + second * 1000);
        let whole = calendar.business(from, to);
        prop_assert_eq!(whole, calendar.business(from, middle) + calendar.business(middle, to));
        prop_assert!((0..=to - from).contains(&whole));
    }

    /// The next opening is open, and nothing before it is.
    #[test]
    fn the_next_opening_is_the_next(at in 1_700_000_000i64..1_900_000_000) {
        let calendar = calendar(&file());
        let at = at * 1000;
        let opening = calendar.next_opening(at).unwrap();
        prop_assert!(calendar.open_until(opening).is_some());
        prop_assert_eq!(calendar.business(calendar.open_until(at).unwrap_or(at), opening), 0);
    }
}

/// S1: what a reading takes is bounded, whatever the file is made of.
#[test]
fn s1_of_very_much_a_little_is_read_and_of_very_many_mistakes_the_first_are_shown() {
    let day = |n: usize| format!("{}-{:02}-{:02}", 1900 + n / 336, n / 28 % 12 + 1, n % 28 + 1);
    let listed = |n: usize| (0..n).map(day).collect::<Vec<_>>();
    let with = |change: &dyn Fn(&mut SupportFile)| {
        let mut file = file();
        change(&mut file);
        Calendar::parse(&file).map(drop).map_err(|wrong| (wrong.len(), wrong[0].clone()))
    };
    let days = |n: usize| listed(n).into_iter().map(|day| (day, vec!["10:00-11:00".to_owned()])).collect();
    let once = |said: &str| Err((1, said.to_owned()));
    assert_eq!(with(&|file| file.holidays = Holidays::Days(listed(2_000))), Ok(()));
    assert_eq!(
        with(&|file| file.holidays = Holidays::Days(listed(2_001))),
        once("holidays: 2001 days; at most 2000")
    );
    assert_eq!(with(&|file| file.days = days(400)), Ok(()));
    assert_eq!(with(&|file| file.days = days(401)), once("days: 401 days; at most 400"));
    let year = "2026-01-01 to 2026-12-31".to_owned();
    assert_eq!(with(&|file| file.closed = vec![year.clone(); 3]), Ok(()));
    assert_eq!(with(&|file| file.closed = vec![year.clone(); 9_000]), once("closed: more than 1100 days"));
    let ranges = vec!["10:00-11:00".to_owned(); 13];
    assert_eq!(with(&|file| file.weekdays = ranges.clone()), once("weekdays: 13 ranges; at most 12"));
    // Mistakes of the file are not shown again for each of its teams.
    let team = |n: usize| SupportTeam {
        id: n.to_string(),
        steps: vec![StepId(n.to_string())],
        ..SupportTeam::default()
    };
    let many = with(&|file| {
        file.closed = (0..9_000).map(|n| format!("no day {n}")).collect();
        file.teams = (0..32).map(team).collect();
    });
    assert_eq!(many.map_err(|(n, _)| n), Err(50));
}
