//! The seconds of a clip that a person has seen.

/// The most time ranges that one report has.
const MOST: usize = 50;
/// No clip is longer, in seconds.
const LONGEST: u32 = 320;

/// A set of whole seconds. It is read and written as time ranges, as in `0-12,40-55`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(Vec<bool>);

impl Seen {
    /// Reads time ranges; what is none adds nothing.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (mut seen, mut from, mut number) = (Self::default(), 0, 0);
        for byte in text.bytes() {
            match byte {
                b'-' => (from, number) = (number, 0),
                b',' => {
                    seen.add(from, number);
                    (from, number) = (0, 0);
                }
                digit => number = (number * 10 + u32::from(digit & 15)).min(LONGEST),
            }
        }
        seen.add(from, number);
        seen
    }

    /// Adds the seconds from one on up to another.
    pub fn add(&mut self, from: u32, to: u32) {
        let (from, to) = (from as usize, to.min(LONGEST) as usize);
        while self.0.len() < to {
            self.0.push(false);
        }
        self.0.iter_mut().take(to).skip(from).for_each(|second| *second = true);
    }

    /// With the seconds of another set.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (from, to) in other.ranges() {
            both.add(from, to);
        }
        both
    }

    /// How much that is of a clip of so many seconds, in percent.
    #[must_use]
    pub fn percent(&self, seconds: f64) -> f64 {
        let count = self.0.iter().map(|second| u32::from(*second)).sum::<u32>();
        f64::from(count) * 100.0 / seconds
    }

    /// Writes them as time ranges: the longest, when there are more than a report may have.
    #[must_use]
    pub fn text(&self) -> String {
        let ranges = self.ranges();
        let longer = |than: u32| ranges.iter().filter(|(from, to)| to - from > than).count();
        let mut least = 0;
        while longer(least) > MOST {
            least += 1;
        }
        let mut room = MOST - longer(least);
        let mut text = String::new();
        for (from, to) in &ranges {
            if to - from == least && room > 0 {
                room -= 1;
            } else if to - from <= least {
                continue;
            }
            text.push_str(if text.is_empty() { "" } else { "," });
            text = text + &from.to_string() + "-" + &to.to_string();
        }
        text
    }

    fn ranges(&self) -> Vec<(u32, u32)> {
        let (mut ranges, mut from) = (Vec::new(), 0);
        for (second, at) in self.0.iter().chain([&false]).zip(0..) {
            if !second {
                if at > from {
                    ranges.push((from, at));
                }
                from = at + 1;
            }
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The collector reads what is written here, whatever was watched.
        #[test]
        fn what_is_written_reads_as_the_collector_reads_it(
            all in prop::collection::vec((0u32..280, 1u32..40).prop_map(|(from, long)| (from, from + long)), 0..12),
        ) {
            let mut seen = Seen::default();
            all.iter().for_each(|(from, to)| seen.add(*from, *to));
            let ranges = seen.text().parse::<protocol::stored::TimeRanges>().unwrap();
            prop_assert_eq!(f64::from(ranges.seconds()), seen.percent(100.0));
            prop_assert_eq!(&String::from(ranges), &seen.text());
            prop_assert_eq!(Seen::read(&seen.text()), seen);
        }
    }

    #[test]
    fn what_is_no_time_range_adds_nothing() {
        for text in ["", "5", ",", "9-3", "4-4", "-", "99999999999-99999999999"] {
            assert_eq!(Seen::read(text).text(), if text == "5" { "0-5" } else { "" }, "{text}");
        }
        assert_eq!(Seen::read("40-55,0-12,10-20").text(), "0-20,40-55");
        assert_eq!(Seen::read("300-400").text(), "300-320");
    }

    #[test]
    fn somebody_who_jumps_about_a_lot_still_makes_a_report_that_the_collector_takes() {
        let mut seen = Seen::default();
        for n in 0..106 {
            seen.add(n * 3, n * 3 + 1 + n % 2);
        }
        let ranges = Seen::read(&seen.text()).ranges();
        assert_eq!(ranges.len(), 50);
        assert!(ranges.iter().all(|(from, to)| to - from == 2), "the longest are kept");
    }
}
