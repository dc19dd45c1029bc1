//! Self-service: the outcome of each time the widget offered articles before a person.

use std::collections::{BTreeMap, BTreeSet};

use protocol::console::{ArticleReport, HelpCount, HelpReport};
use protocol::ids::{AccountId, StepId};
use protocol::{DAY, Millis};

use super::Who;
use super::funnel::rate;

/// The time in which a message still belongs to an offer.
pub const WINDOW: Millis = DAY;

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

/// How help was used, and what happened after it.
#[derive(Clone, Debug, Default)]
pub struct HelpUsage {
    /// Uses of help, sorted by person and time.
    pub used: Vec<Used>,
    /// When each person wrote to support.
    pub wrote: BTreeMap<Who, Vec<Millis>>,
    /// When steps were completed, by account.
    pub done: BTreeMap<AccountId, Vec<(StepId, Millis)>>,
    /// Guests to whom help was offered; nothing else here is of them.
    pub guests: u64,
}

/// Counts the outcomes of help.
pub fn count(usage: &HelpUsage, now: Millis) -> HelpReport {
    let occasions = occasions(usage, now);
    let n = |count, article: Option<&str>| {
        occasions.iter().filter(|one| one.counts_in(count, article)).count() as u64
    };
    let all = |count| n(count, None);
    let mut report = HelpReport {
        offered: all(HelpCount::Offered),
        read: all(HelpCount::Read),
        helped: all(HelpCount::Helped),
        moved: all(HelpCount::Moved),
        wrote: all(HelpCount::Wrote),
        solved: all(HelpCount::Solved),
        left: all(HelpCount::Left),
        open: all(HelpCount::Open),
        guests: usage.guests,
        ..HelpReport::default()
    };
    let articles: BTreeSet<&str> = occasions.iter().flat_map(|one| one.read.iter().copied()).collect();
    let row = |article: &str| ArticleReport {
        article: article.to_owned(),
        title: String::new(),
        read: n(HelpCount::Read, Some(article)),
        helped: n(HelpCount::Helped, Some(article)),
        wrote: n(HelpCount::Wrote, Some(article)),
    };
    report.articles = articles.into_iter().map(row).collect();
    report.articles.sort_by_key(|row| std::cmp::Reverse(row.read));
    report.rate = rate(report.solved, report.solved + report.wrote + report.left);
    report
}

/// Returns who is behind a count, with the time of each offer; with an article, behind the count of its row.
pub fn behind(usage: &HelpUsage, now: Millis, count: HelpCount, article: Option<&str>) -> Vec<(Who, Millis)> {
    let occasions = occasions(usage, now);
    let counted = occasions.iter().filter(|one| one.counts_in(count, article));
    counted.map(|one| (one.who.clone(), one.at)).collect()
}

/// An offer with everything that followed within the window. A repeated offer within it is the same offer.
struct Occasion<'a> {
    who: &'a Who,
    at: Millis,
    step: Option<&'a StepId>,
    read: Vec<&'a str>,
    helped: Vec<&'a str>,
    /// Whether the step was completed.
    moved: bool,
    fate: Fate,
}

/// The outcome of an offer; each has exactly one.
#[derive(PartialEq)]
enum Fate {
    Wrote,
    Solved,
    Left,
    Open,
}

impl Occasion<'_> {
    /// Tells whether a count counts it; with an article, whether the count of that row does.
    fn counts_in(&self, count: HelpCount, article: Option<&str>) -> bool {
        let has = |articles: &[&str]| match article {
            Some(article) => articles.contains(&article),
            None => !articles.is_empty(),
        };
        let counted = match count {
            HelpCount::Offered => true,
            HelpCount::Read => has(&self.read),
            HelpCount::Helped => has(&self.helped),
            HelpCount::Moved => self.moved,
            HelpCount::Wrote => self.fate == Fate::Wrote,
            HelpCount::Solved => self.fate == Fate::Solved,
            HelpCount::Left => self.fate == Fate::Left,
            HelpCount::Open => self.fate == Fate::Open,
        };
        counted && (article.is_none() || has(&self.read))
    }

    /// Says what came of it.
    fn judge(&mut self, usage: &HelpUsage, now: Millis) {
        let within = |at: &Millis| (self.at..=self.at + WINDOW).contains(at);
        let of_step = |(step, at): &(StepId, Millis)| Some(step) == self.step && within(at);
        self.moved = usage.done.get(&self.who.0).is_some_and(|steps| steps.iter().any(of_step));
        self.fate = if usage.wrote.get(self.who).is_some_and(|times| times.iter().any(within)) {
            Fate::Wrote
        } else if now <= self.at + WINDOW {
            Fate::Open
        } else if self.moved || !self.helped.is_empty() {
            Fate::Solved
        } else {
            Fate::Left
        };
    }
}

/// Returns every offer with its outcome.
fn occasions(usage: &HelpUsage, now: Millis) -> Vec<Occasion<'_>> {
    let mut occasions: Vec<Occasion<'_>> = Vec::new();
    for one in &usage.used {
        let known = occasions.last_mut().filter(|last| *last.who == one.who && one.at <= last.at + WINDOW);
        match (&one.what, known) {
            (Use::Offered, Some(known)) => known.step = known.step.or(one.step.as_ref()),
            (Use::Offered, None) => occasions.push(Occasion {
                who: &one.who,
                at: one.at,
                step: one.step.as_ref(),
                read: Vec::new(),
                helped: Vec::new(),
                moved: false,
                fate: Fate::Open,
            }),
            (Use::Read(article), Some(known)) => known.read.push(article),
            (Use::Helped(article), Some(known)) => known.helped.push(article),
            // Uses without an offer belong to one before the counted period.
            (_, None) => {}
        }
    }
    occasions.iter_mut().for_each(|one| one.judge(usage, now));
    occasions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use protocol::ids::UserId;

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
        let all = vec![
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
        let usage = HelpUsage { used: all, wrote, done, guests: 0 };
        let report = count(&usage, 49 * HOUR);
        assert_eq!((report.offered, report.read, report.helped, report.moved), (5, 3, 1, 0));
        assert_eq!((report.solved, report.wrote, report.left, report.open), (1, 1, 2, 1));
        assert_eq!(report.rate, None, "too few to say a rate");
        let rows: Vec<_> = report
            .articles
            .iter()
            .map(|row| (row.article.as_str(), row.read, row.helped, row.wrote))
            .collect();
        assert_eq!(rows, [("add", 2, 0, 1), ("csv", 1, 1, 0)]);
        let of = |count, article| behind(&usage, 49 * HOUR, count, article);
        assert_eq!(of(HelpCount::Wrote, None), [(who(2), 0)]);
        assert_eq!(of(HelpCount::Left, None), [(who(1), 0), (who(4), 0)]);
        assert_eq!(of(HelpCount::Read, Some("add")), [(who(1), 0), (who(2), 0)]);
        assert_eq!(of(HelpCount::Helped, Some("add")), []);
        let done = BTreeMap::from([(AccountId::from("acct"), vec![(StepId::from("users"), HOUR)])]);
        let usage = HelpUsage { done, ..usage };
        let report = count(&usage, 49 * HOUR);
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
            let usage = HelpUsage { used: all, wrote, ..HelpUsage::default() };
            let report = count(&usage, now * HOUR);
            prop_assert_eq!(report.solved + report.wrote + report.left + report.open, report.offered);
            prop_assert!(report.read <= report.offered && report.helped <= report.offered);
        }
    }
}
