//! Survey questions: mood, customer effort and net promoter score.

use serde::{Deserialize, Serialize};

use super::LocalizedText;

/// A survey question that the widget asks each person once, at the end of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct SurveyQuestion<T = LocalizedText> {
    /// The question's id, kept across versions, so that nobody answers the same question twice.
    pub id: String,
    /// Its scale.
    pub scale: Scale,
    /// The team's own wording; the default wording when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<T>,
}

/// The scale of a survey question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Mood, 1 to 5, shown as five faces.
    Mood,
    /// Customer effort score (CES), 1 to 7: how easy it was (Dixon, Freeman and Toman, 2010).
    Ces,
    /// Net promoter score (NPS), 0 to 10: how likely a recommendation is (Reichheld, 2003).
    Nps,
}

impl Scale {
    /// Returns the lowest and the highest answer.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Self::Mood => (1, 5),
            Self::Ces => (1, 7),
            Self::Nps => (0, 10),
        }
    }

    /// Returns the scale's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mood => "mood",
            Self::Ces => "ces",
            Self::Nps => "nps",
        }
    }
}
