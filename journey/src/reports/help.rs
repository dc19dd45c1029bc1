//! Self-service: the outcome of each time the widget offered articles before a person.

use std::collections::BTreeMap;

use protocol::Millis;
use protocol::console::{ArticleReport, HelpReport};
use protocol::ids::{AccountId, StepId, UserId};

use super::funnel::rate;

/// The window in which a message still belongs to an offer, in milliseconds: a day.
pub const WINDOW: Millis = 24 * 60 * 60 * 1000;

/// A person of an account.
pub type Who = (AccountId, UserId);

/// What a person did with help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// The widget offered it.
    Offered,
    /// They read an article.
    Read(String),
    /// They said that an article helped.
    Helped(String),
}

/// A person's use of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The person.
    pub who: Who,
    /// When it happened.
    pub at: Millis,
    /// The step that it was about.
    pub step: Option<StepId>,
    /// What they did.
    pub what: Use,
}

/// An offer with everything that followed within the window. A repeated offer within it is the same offer.
struct Occasion<'a> {
    who: &'a Who,
    at: Millis,
    step: Option<&'a StepId>,
    read: Vec<&'a str>,
    helped: Vec<&'a str>,
}

/// The outcome of an offer; each has exactly one.
#[derive(PartialEq)]
enum Fate {
    Wrote,
    Solved,
    Left,
    Open,
}

/// Counts the outcomes of help. `used` is sorted by person and time, `wrote` has when each person wrote a message,
/// `done` when steps were completed, by account.
pub fn count(
    used: &[Used],
    wrote: &BTreeMap<Who, Vec<Millis>>,
    done: &BTreeMap<AccountId, Vec<(StepId, Millis)>>,
    now: Millis,
) -> HelpReport {
    let mut occasions: Vec<Occasion<'_>> = Vec::new();
    for one in used {
        let known = occasions.last_mut().filter(|last| *last.who == one.who && one.at <= last.at + WINDOW);
        match (&one.what, known) {
            (Use::Offered, Some(known)) => known.step = known.step.or(one.step.as_ref()),
            (Use::Offered, None) => occasions.push(Occasion {
                who: &one.who,
                at: one.at,
                step: one.step.as_ref(),
                read: Vec::new(),
                helped: Vec::new(),
            }),
            (Use::Read(article), Some(known)) => known.read.push(article),
            (Use::Helped(article), Some(known)) => known.helped.push(article),
            // Uses without an offer belong to one before the counted period.
            (_, None) => {}
        }
    }
    let mut report = HelpReport::default();
    let mut articles: BTreeMap<&str, ArticleReport> = BTreeMap::new();
    for occasion in &occasions {
        let within = |at: &Millis| (occasion.at..=occasion.at + WINDOW).contains(at);
        let moved = done
            .get(&occasion.who.0)
            .is_some_and(|steps| steps.iter().any(|(step, at)| Some(step) == occasion.step && within(at)));
        let fate = if wrote.get(occasion.who).is_some_and(|times| times.iter().any(within)) {
            Fate::Wrote
        } else if now <= occasion.at + WINDOW {
            Fate::Open
        } else if moved || !occasion.helped.is_empty() {
            Fate::Solved
        } else {
            Fate::Left
        };
        report.offered += 1;
        report.read += u64::from(!occasion.read.is_empty());
        report.helped += u64::from(!occasion.helped.is_empty());
        report.moved += u64::from(moved);
        *match fate {
            Fate::Wrote => &mut report.wrote,
            Fate::Solved => &mut report.solved,
            Fate::Left => &mut report.left,
            Fate::Open => &mut report.open,
        } += 1;
        let mut seen = occasion.read.clone();
        seen.sort_unstable();
        seen.dedup();
        for article in seen {
            let row = articles
                .entry(article)
                .or_insert_with(|| ArticleReport { article: article.to_owned(), ..ArticleReport::default() });
            row.read += 1;
            row.helped += u64::from(occasion.helped.contains(&article));
            row.wrote += u64::from(fate == Fate::Wrote);
        }
    }
    report.rate = rate(report.solved, report.solved + report.wrote + report.left);
    report.articles = articles.into_values().collect();
    report.articles.sort_by_key(|row| std::cmp::Reverse(row.read));
    report
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: Millis = 60 * 60 * 1000;

    fn who(n: u8) -> Who {
        ("acct".into(), UserId(format!("user-{n}")))
    }

    fn used(n: u8, at: Millis, what: Use) -> Used {
        Used { who: who(n), at, step: Some("users".into()), what }
    }

    #[test]
    fn each_time_has_one_fate() {
        let read = |article: &str| Use::Read(article.into());
        let all = [
            // Read, and the step was done.
            used(1, 0, Use::Offered),
            used(1, 5, read("add")),
            // Read twice, opened again, and asked all the same.
            used(2, 0, Use::Offered),
            used(2, 5, read("add")),
            used(2, HOUR, Use::Offered),
            used(2, HOUR + 5, read("add")),
            // Said that it helped.
            used(3, 0, Use::Offered),
            used(3, 5, read("csv")),
            used(3, 9, Use::Helped("csv".into())),
            // Two days later the same person looks again, and the day is not over.
            used(3, 48 * HOUR, Use::Offered),
            // Looked and went away.
            used(4, 0, Use::Offered),
        ];
        let wrote = BTreeMap::from([(who(2), vec![2 * HOUR]), (who(4), vec![25 * HOUR])]);
        let steps = vec![(StepId::from("users"), 30 * HOUR), (StepId::from("users"), 3)];
        let done = BTreeMap::from([(AccountId::from("other"), steps)]);
        let report = count(&all, &wrote, &done, 49 * HOUR);
        assert_eq!((report.offered, report.read, report.helped, report.moved), (5, 3, 1, 0));
        assert_eq!((report.solved, report.wrote, report.left, report.open), (1, 1, 2, 1));
        assert_eq!(report.rate, None, "too few to say a rate");
        let rows: Vec<_> = report
            .articles
            .iter()
            .map(|row| (row.article.as_str(), row.read, row.helped, row.wrote))
            .collect();
        assert_eq!(rows, [("add", 2, 0, 1), ("csv", 1, 1, 0)]);
        let done = BTreeMap::from([(AccountId::from("acct"), vec![(StepId::from("users"), HOUR)])]);
        let report = count(&all, &wrote, &done, 49 * HOUR);
        // The step moved for the whole account: everybody but the one who wrote has it solved.
        assert_eq!((report.solved, report.wrote, report.left, report.open, report.moved), (3, 1, 0, 1, 4));
    }

    proptest! {
        /// Whatever happens, the fates add up.
        #[test]
        fn the_fates_add_up(
            times in prop::collection::vec((0u8..4, 0i64..100, 0u8..3), 0..60),
            written in prop::collection::vec((0u8..4, 0i64..100), 0..10),
            now in 0i64..120,
        ) {
            let mut all: Vec<Used> = times.into_iter().map(|(n, at, what)| {
                let what = match what {
                    0 => Use::Offered,
                    1 => Use::Read("a".into()),
                    _ => Use::Helped("a".into()),
                };
                used(n, at * HOUR, what)
            }).collect();
            all.sort_by(|one, other| (&one.who, one.at).cmp(&(&other.who, other.at)));
            let mut wrote: BTreeMap<Who, Vec<Millis>> = BTreeMap::new();
            for (n, at) in written {
                wrote.entry(who(n)).or_default().push(at * HOUR);
            }
            let report = count(&all, &wrote, &BTreeMap::new(), now * HOUR);
            prop_assert_eq!(report.solved + report.wrote + report.left + report.open, report.offered);
            prop_assert!(report.read <= report.offered && report.helped <= report.offered);
        }
    }
}
