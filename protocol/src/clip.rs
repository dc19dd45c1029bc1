//! Clips: what the flow calls them, what they are made of, and how far somebody watched.

use serde::{Deserialize, Serialize};

use crate::{SessionRequest, Table, Texts};

/// A clip on the flow's shelf; its files come by `tabiji media add`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Clip<T = Texts> {
    /// Lower-case letters, digits and dashes.
    pub id: String,
    /// The question that it answers.
    pub title: T,
}

/// A clip and the moment in it that answers the step's question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Video {
    /// The clip's id.
    pub clip: String,
    /// Seconds from its start.
    #[serde(default)]
    pub from: u32,
}

/// What a clip is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Film {
    /// The clip's id.
    pub clip: String,
    /// Names this film among those that the clip had before.
    #[serde(default)]
    pub version: String,
    /// How long it is, in seconds.
    pub seconds: f64,
    /// The picture that stands in before it plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// The same film in several sizes, the smallest first; at least one.
    pub sizes: Vec<Size>,
    /// What is said, by language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<Script>,
}

/// One file of a film. In an answer `file` is an address below the collector's, signed and good for hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// The file.
    pub file: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What is said in a film, in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// BCP 47 tag.
    pub lang: String,
    /// The captions as WebVTT; as [`Size::file`].
    pub file: String,
    /// The captions, in order.
    pub cues: Vec<Cue>,
    /// The chapters, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Cue>,
}

/// A stretch of a film and what is said in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cue {
    /// Where it begins, in seconds.
    pub from: f64,
    /// Where it ends, in seconds.
    pub to: f64,
    /// The text, its lines divided by `\n`.
    pub text: String,
}

/// The body of `POST /v1/clips`: as for a session.
pub type ClipsRequest = SessionRequest;

/// Everything a shelf needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClipsReply {
    /// The films of the site.
    pub films: Vec<Film>,
    /// How far this person watched, by clip.
    pub watched: Table<String, Watched>,
}

/// How far one person watched one clip, on all devices together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// Where they stopped last, in seconds.
    pub at: f64,
    /// The union of what was played, as [`Stretches`] writes it.
    pub seen: Stretches,
}

/// Stretches of a film in whole seconds, in order and apart: `0-12,40-55`. A union: adding the same again
/// changes nothing, and the order does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stretches(Vec<(u32, u32)>);

/// The most stretches in one text.
const MOST: usize = 200;
/// Where every film has ended, in seconds: so there are never more stretches than one text has.
const LONGEST: u32 = 320;

impl Stretches {
    /// Adds others.
    pub fn add(&mut self, others: &Self) {
        let mut all: Vec<(u32, u32)> = self.0.iter().chain(&others.0).copied().collect();
        all.sort_unstable();
        self.0.clear();
        for (from, to) in all {
            match self.0.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => self.0.push((from, to)),
            }
        }
    }

    /// How many seconds they are.
    pub fn seconds(&self) -> u32 {
        self.0.iter().map(|(from, to)| to - from).sum()
    }

    /// Each of them: from, to.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().copied()
    }
}

impl TryFrom<String> for Stretches {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for Stretches {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || "stretches are written 0-12,40-55".to_owned();
        let mut stretches = Self::default();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (from, to) = part.split_once('-').ok_or_else(bad)?;
            let (from, to) = (from.parse().map_err(|_| bad())?, to.parse().map_err(|_| bad())?);
            if from >= to || to > LONGEST || stretches.0.len() >= MOST {
                return Err(bad());
            }
            stretches.0.push((from, to));
        }
        let sorted = std::mem::take(&mut stretches);
        stretches.add(&sorted);
        Ok(stretches)
    }
}

impl From<Stretches> for String {
    fn from(stretches: Stretches) -> Self {
        let parts: Vec<String> = stretches.iter().map(|(from, to)| format!("{from}-{to}")).collect();
        parts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretches() -> impl Strategy<Value = Stretches> {
        prop::collection::vec((0u32..260, 1u32..60), 0..12).prop_map(|parts| {
            let mut all = Stretches::default();
            parts.into_iter().for_each(|(from, long)| all.add(&Stretches(vec![(from, from + long)])));
            all
        })
    }

    proptest! {
        /// Devices may report in any order and as often as they like.
        #[test]
        fn a_union_does_not_care_about_order_or_repetition(a in stretches(), b in stretches(), c in stretches()) {
            let union = |all: &[&Stretches]| {
                let mut union = Stretches::default();
                all.iter().for_each(|one| union.add(one));
                union
            };
            let expected = union(&[&a, &b, &c]);
            prop_assert_eq!(&union(&[&c, &a, &b, &a, &c]), &expected);
            let seconds = (0..400).filter(|at| [&a, &b, &c].iter().any(|one| one.iter().any(|(from, to)| (from..to).contains(at))));
            prop_assert_eq!(expected.seconds() as usize, seconds.count());
            prop_assert_eq!(String::from(expected.clone()).parse::<Stretches>(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_stretch_is_refused() {
        for text in ["5", "9-3", "a-b", "0-99999999999", "4-4", "300-400"] {
            assert!(text.parse::<Stretches>().is_err(), "{text}");
        }
        assert_eq!("40-55,0-12,10-20".parse::<Stretches>().map(String::from), Ok("0-20,40-55".to_owned()));
    }
}
