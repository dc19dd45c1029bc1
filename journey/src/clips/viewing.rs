//! What a person watched and what is reported of it: never where the clip stands, always what was played.

use super::Seen;

/// Percents after which a quarter, a half, three quarters and all of a clip were watched.
const MARKS: [u32; 4] = [25, 50, 75, DONE];
const DONE: u32 = 95;
/// Jumps back that one report has at most.
const MOST: usize = 50;
/// A place that is farther than this from the one that was reported is news, in seconds.
const MOVED: f64 = 3.0;
/// A jump back leads at least so far back, and is played on from at least so long, in seconds.
const BACK: f64 = 1.0;
const SETTLED: f64 = 0.5;
/// Who stopped before this second had hardly begun, and who stopped after this share was nearly through.
const BEGINNING: f64 = 5.0;
const NEARLY: f64 = 0.95;

/// Whether so many percent are all of it: the last seconds seldom say anything.
#[must_use]
pub fn is_done(percent: f64) -> bool {
    percent >= f64::from(DONE)
}

/// The second from which a person goes on: one who stopped near the end, or had hardly begun, starts over.
#[must_use]
pub fn resume(at: f64, seconds: f64) -> f64 {
    if at >= BEGINNING && at < seconds * NEARLY { at } else { 0.0 }
}

/// One viewing of a clip.
#[derive(Debug, Default)]
pub struct Viewing {
    seconds: f64,
    /// What was watched before this viewing.
    before: Seen,
    /// What was played.
    played: Seen,
    /// What was played when the last report was made, and where the person was then.
    told: Seen,
    place: f64,
    /// Where it played last.
    at: f64,
    /// From where the person jumps, until it plays on, and where to.
    left: Option<f64>,
    landed: Option<f64>,
    /// Where jumps back led since the last report.
    backs: Vec<u32>,
    finished: bool,
}

/// What is reported.
#[derive(Debug, PartialEq)]
pub struct Report {
    /// What was played in this viewing.
    pub seen: String,
    /// Everything that was watched, in this viewing or before.
    pub all: Seen,
    /// How much that is of the clip, in percent.
    pub percent: f64,
    /// The seconds where jumps back led, as `5,12`; empty when there were none.
    pub back: String,
    /// The last of a quarter, a half and three quarters that was passed since the report before.
    pub quarter: Option<u32>,
    /// Whether all of it is watched now, for the first time.
    pub completed: bool,
}

impl Viewing {
    /// A viewing by a person who has `seen` this much.
    #[must_use]
    pub fn new(seen: Seen, seconds: f64) -> Self {
        let finished = is_done(seen.percent(seconds));
        Self { seconds, before: seen, finished, ..Self::default() }
    }

    /// A range was played, in seconds.
    pub fn play(&mut self, from: f64, to: f64) {
        let whole = |at: f64| (at + 0.5).max(0.0) as u32;
        self.played.add(whole(from), whole(to));
    }

    /// It plays at this second.
    pub fn stand(&mut self, now: f64) {
        if let Some(left) = self.left {
            let landed = *self.landed.get_or_insert(now);
            if now - landed < SETTLED {
                return;
            }
            if left - landed >= BACK {
                self.backs.push((landed + 0.5) as u32);
            }
            self.left = None;
        }
        self.at = now;
    }

    /// The person jumps. A slider that is dragged jumps many times: what counts is where it was left and where it
    /// plays on.
    pub fn jump(&mut self) {
        self.left.get_or_insert(self.at);
        self.landed = None;
    }

    /// Whether a mark was passed since the last report.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        passed(self.percent(&self.told), self.percent(&self.played)).next().is_some()
    }

    /// What there is to report while the person is `here`.
    pub fn report(&mut self, here: f64) -> Option<Report> {
        if self.played == self.told && (here - self.place).abs() < MOVED && self.backs.is_empty() {
            return None;
        }
        let (before, percent) = (self.percent(&self.told), self.percent(&self.played));
        let quarter = passed(before, percent).filter(|mark| *mark < DONE).last();
        let completed = !self.finished && is_done(percent);
        self.finished |= completed;
        self.told = self.played.clone();
        self.place = here;
        let (seen, all) = (self.played.text(), self.before.and(&self.played));
        Some(Report { seen, all, percent, back: self.take_backs(), quarter, completed })
    }

    fn take_backs(&mut self) -> String {
        let backs = std::mem::take(&mut self.backs);
        let mut text = String::new();
        for back in backs.iter().skip(backs.len().saturating_sub(MOST)) {
            text.push_str(if text.is_empty() { "" } else { "," });
            text.push_str(&back.to_string());
        }
        text
    }

    /// How much was watched, with what was watched before.
    fn percent(&self, seen: &Seen) -> f64 {
        self.before.and(seen).percent(self.seconds)
    }
}

/// The marks that are passed with `now` and were not with `before`, in percent.
fn passed(before: f64, now: f64) -> impl Iterator<Item = u32> {
    MARKS.into_iter().filter(move |mark| before < f64::from(*mark) && now >= f64::from(*mark))
}

#[cfg(test)]
mod tests;
