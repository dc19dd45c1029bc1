//! What a flow asks of a person beside pointing: something to do on the spot, and how it feels.

use serde::{Deserialize, Serialize};

/// A step that can be done inside the widget: rows that a person enters or pastes, or nothing but their
/// consent, handed to an action that the host's page declared with `tabiji('action', name, …)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Here<T = crate::Texts> {
    /// The name of the host's action, such as `users.create`.
    pub action: String,
    /// What is about to happen, in one sentence.
    pub text: T,
    /// What a row holds, in the order in which it is pasted; none when one press does it all.
    #[serde(default, rename = "column", skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column<T>>,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Column<T = crate::Texts> {
    /// The key under which the action gets it.
    pub id: String,
    /// What people call it.
    pub label: T,
    /// What it looks like.
    #[serde(default)]
    pub kind: Field,
    /// Whether a row is complete without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// Anything that is not blank.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A number.
    Number,
}

/// A question that is asked once at a stage's end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Question<T = crate::Texts> {
    /// The question's id, kept across versions: nobody is asked the same one twice.
    pub id: String,
    /// How it is answered.
    pub scale: Scale,
    /// The question in the team's own words; the usual ones when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<T>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Five faces, 1 to 5: how it feels.
    Mood,
    /// Customer effort score, 1 to 7: how easy it was (Dixon, Freeman and Toman, 2010).
    Ces,
    /// Net promoter score, 0 to 10: whether they would recommend it (Reichheld, 2003).
    Nps,
}

impl Scale {
    /// The lowest and the highest answer.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Self::Mood => (1, 5),
            Self::Ces => (1, 7),
            Self::Nps => (0, 10),
        }
    }

    /// The scale's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mood => "mood",
            Self::Ces => "ces",
            Self::Nps => "nps",
        }
    }
}

impl<T> Here<T> {
    /// The same with its texts turned into others.
    pub fn map<U>(&self, say: &impl Fn(&T) -> U) -> Here<U> {
        let column = |column: &Column<T>| Column {
            id: column.id.clone(),
            label: say(&column.label),
            kind: column.kind,
            optional: column.optional,
        };
        Here {
            action: self.action.clone(),
            text: say(&self.text),
            columns: self.columns.iter().map(column).collect(),
        }
    }
}

impl<T> Question<T> {
    /// The same with its texts turned into others.
    pub fn map<U>(&self, say: &impl Fn(&T) -> U) -> Question<U> {
        Question { id: self.id.clone(), scale: self.scale, text: self.text.as_ref().map(say) }
    }
}
