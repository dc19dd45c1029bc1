//! Time ranges of a clip that a person has watched.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A union of time ranges in whole seconds, sorted and disjoint; written `0-12,40-55`.
///
/// Collecting ranges into it makes their union, so neither order nor repetition matters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct TimeRanges(Vec<(u32, u32)>);

/// The most ranges in one text.
const MOST: usize = 200;
/// The end of the longest video, in seconds. A union up to here never has more than [`MOST`] ranges.
const LONGEST: u32 = 320;
const SHAPE: &str = "time ranges are written 0-12,40-55";

impl TimeRanges {
    /// Returns the sum of all ranges in seconds.
    pub fn seconds(&self) -> u32 {
        self.iter().map(|(from, to)| to - from).sum()
    }

    /// Returns each range as (from, to).
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().copied()
    }
}

impl FromIterator<(u32, u32)> for TimeRanges {
    fn from_iter<I: IntoIterator<Item = (u32, u32)>>(ranges: I) -> Self {
        let mut sorted: Vec<(u32, u32)> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut union: Vec<(u32, u32)> = Vec::with_capacity(sorted.len());
        for (from, to) in sorted {
            match union.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => union.push((from, to)),
            }
        }
        Self(union)
    }
}

impl FromStr for TimeRanges {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        if parts.clone().nth(MOST).is_some() {
            return Err(SHAPE);
        }
        parts.map(range).collect()
    }
}

fn range(text: &str) -> Result<(u32, u32), &'static str> {
    let (from, to) = text.split_once('-').ok_or(SHAPE)?;
    let (from, to) = (from.parse().map_err(|_| SHAPE)?, to.parse().map_err(|_| SHAPE)?);
    if from < to && to <= LONGEST { Ok((from, to)) } else { Err(SHAPE) }
}

impl TryFrom<String> for TimeRanges {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeRanges> for String {
    fn from(ranges: TimeRanges) -> Self {
        let parts: Vec<String> = ranges.iter().map(|(from, to)| format!("{from}-{to}")).collect();
        parts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranges() -> impl Strategy<Value = Vec<(u32, u32)>> {
        let range = (0u32..260, 1u32..60).prop_map(|(from, long)| (from, from + long));
        prop::collection::vec(range, 0..12)
    }

    proptest! {
        /// Devices may report in any order and as often as they like.
        #[test]
        fn a_union_does_not_care_about_order_or_repetition(a in ranges(), b in ranges(), c in ranges()) {
            let union = |all: &[&Vec<(u32, u32)>]| {
                all.iter().flat_map(|one| one.iter().copied()).collect::<TimeRanges>()
            };
            let expected = union(&[&a, &b, &c]);
            prop_assert_eq!(&union(&[&c, &a, &b, &a, &c]), &expected);
            let all = [a, b, c].concat();
            let seconds = (0..400).filter(|at| all.iter().any(|(from, to)| (from..to).contains(&at)));
            prop_assert_eq!(expected.seconds() as usize, seconds.count());
            prop_assert_eq!(String::from(expected.clone()).parse::<TimeRanges>(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_time_range_is_refused() {
        for text in ["5", "9-3", "a-b", "0-99999999999", "4-4", "300-400"] {
            assert!(text.parse::<TimeRanges>().is_err(), "{text}");
        }
        assert_eq!("40-55,0-12,10-20".parse::<TimeRanges>().map(String::from), Ok("0-20,40-55".to_owned()));
    }
}
