//! Places in the journal. A journal may have several lanes; in each, records are numbered from 1 without a
//! gap. Readers hold a [`Mark`] and never compute with its numbers.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The place of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The lane; a store with a single one has lane 0 only.
    pub lane: u16,
    /// Counts up from 1 within the lane without being reused.
    pub seq: i64,
}

impl Position {
    /// A place in the only lane of a store that has one.
    pub fn single(seq: i64) -> Self {
        Self { lane: 0, seq }
    }
}

/// How far a reader has come: for each lane the place of the last record.
///
/// Marks are partially ordered. One is greater than another when it is nowhere behind it; with a single lane
/// the order is total. As text it is `123` for lane 0 alone, else `0:12,1:9`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mark(BTreeMap<u16, i64>);

impl Mark {
    /// Before the first record.
    pub fn start() -> Self {
        Self::default()
    }

    /// A mark in the only lane of a store that has one.
    pub fn single(seq: i64) -> Self {
        let mut mark = Self::default();
        mark.advance(Position::single(seq));
        mark
    }

    /// The last place that was read in a lane; 0 when nothing was.
    pub fn in_lane(&self, lane: u16) -> i64 {
        self.0.get(&lane).copied().unwrap_or_default()
    }

    /// Whether the record at this place has been read.
    pub fn covers(&self, position: Position) -> bool {
        position.seq <= self.in_lane(position.lane)
    }

    /// Notes that the record at this place has been read; a mark never goes back.
    pub fn advance(&mut self, position: Position) {
        // A lane in which nothing was read is not listed, so that equal marks are equal values.
        if position.seq > 0 {
            let last = self.0.entry(position.lane).or_default();
            *last = position.seq.max(*last);
        }
    }

    /// How many records have been read in all lanes. It grows with every record, so it can stand for the mark
    /// on a wire that carries one number.
    pub fn records(&self) -> i64 {
        self.0.values().sum()
    }
}

impl PartialOrd for Mark {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let lanes = || self.0.keys().chain(other.0.keys());
        let behind = lanes().any(|lane| self.in_lane(*lane) < other.in_lane(*lane));
        let ahead = lanes().any(|lane| self.in_lane(*lane) > other.in_lane(*lane));
        match (behind, ahead) {
            (true, true) => None,
            (true, false) => Some(Ordering::Less),
            (false, true) => Some(Ordering::Greater),
            (false, false) => Some(Ordering::Equal),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.keys().all(|lane| *lane == 0) {
            return write!(out, "{}", self.in_lane(0));
        }
        for (place, (lane, seq)) in self.0.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}{lane}:{seq}")?;
        }
        Ok(())
    }
}

/// A text that is no mark.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a place in the journal is a number, or lane:number pairs with commas between them")]
pub struct UnreadableMark;

impl FromStr for Mark {
    type Err = UnreadableMark;

    fn from_str(text: &str) -> Result<Self, UnreadableMark> {
        let mut mark = Self::default();
        for part in text.split(',') {
            let (lane, seq) = part.split_once(':').unwrap_or(("0", part));
            let lane = lane.trim().parse().map_err(|_| UnreadableMark)?;
            let seq = seq.trim().parse().map_err(|_| UnreadableMark)?;
            mark.advance(Position { lane, seq });
        }
        Ok(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Mark {
        text.parse().unwrap()
    }

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        for text in ["0", "123", "0:12,1:9", "3:7"] {
            assert_eq!(mark(text).to_string(), text);
        }
        assert_eq!(mark("0:5").to_string(), "5");
        for text in ["", "x", "1:", "1:2:3", "70000:1"] {
            assert_eq!(text.parse::<Mark>(), Err(UnreadableMark), "{text:?}");
        }
    }

    #[test]
    fn marks_are_ordered_lane_by_lane() {
        assert!(mark("3") < mark("4") && Mark::start() < mark("1"));
        assert!(mark("0:3,1:5") < mark("0:3,1:6") && mark("0:3,1:5") > mark("1:5"));
        assert_eq!(mark("0:3,1:5").partial_cmp(&mark("0:4,1:4")), None);
    }

    #[test]
    fn a_mark_only_goes_forward() {
        let mut at = mark("0:3,1:5");
        at.advance(Position { lane: 1, seq: 4 });
        at.advance(Position { lane: 2, seq: 1 });
        assert_eq!(at, mark("0:3,1:5,2:1"));
        assert!(at.covers(Position { lane: 1, seq: 5 }) && !at.covers(Position { lane: 3, seq: 1 }));
        assert_eq!(at.records(), 9);
    }
}
