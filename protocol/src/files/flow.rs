//! A flow: the guided set-up as a product team writes it, and as the widget shows it to one person.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Condition, InlineForm, Stop, SurveyQuestion};
use crate::ids::{StageId, StepId};

/// A text by locale (`ja`, `en`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct LocalizedText(pub BTreeMap<String, String>);

impl LocalizedText {
    /// Returns the text in `locale`, else in its language, else in `fallback`, else in any language.
    pub fn pick(&self, locale: &str, fallback: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        [locale, language, fallback]
            .into_iter()
            .find_map(|key| self.0.get(key))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// A flow whose texts are of type `T`: [`LocalizedText`] in the file, `String` for one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Flow<T = LocalizedText> {
    /// The flow's name, kept across versions.
    pub name: String,
    /// The version that the collector assigns on publication, from 1; 0 in a file.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(skip_deserializing))]
    pub version: u32,
    /// The locale that replaces a missing one.
    #[serde(default = "default_locale")]
    pub default_locale: String,
    /// The languages that the flow is written in; `tabiji check` warns of texts that lack one. Japanese and English
    /// when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locales: Vec<String>,
    /// The title of the set-up.
    pub title: T,
    /// A last resort for contact: a URL or a `mailto:` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How long an account may take before it counts as dropped, in days.
    #[serde(default = "default_window")]
    pub window_days: u32,
    /// What the end of the set-up shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish: Option<Finish<T>>,
    /// The clip library: how-to clips, each of which answers one question.
    #[serde(rename = "clip", default, skip_serializing_if = "Vec::is_empty")]
    pub clips: Vec<Clip<T>>,
    /// The stages, in order.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage<T>>,
}

fn default_locale() -> String {
    "ja".to_owned()
}

fn default_window() -> u32 {
    30
}

/// What the end of the set-up shows: what the customer has now, and where it leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Finish<T = LocalizedText> {
    /// The customer's own figures, in order; one that the host never reported is left out.
    #[serde(rename = "figure", default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure<T>>,
    /// Where the customer goes on: an address in the host's product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What that is called, as a verb: "open the report".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<T>,
}

/// A fact in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Figure<T = LocalizedText> {
    /// The fact's name.
    pub fact: String,
    /// What is said of it; `{n}` is its value.
    pub text: T,
}

/// A stage of the journey with its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Stage<T = LocalizedText> {
    /// The journey stage: `awareness`, `consideration`, `decision`, `usage`, `retention` or an own one.
    pub id: StageId,
    /// Its title.
    pub title: T,
    /// The steps, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step<T>>,
    /// Survey questions at its end, after the mood question.
    #[serde(default, rename = "ask", skip_serializing_if = "Vec::is_empty")]
    pub surveys: Vec<SurveyQuestion<T>>,
}

/// Whether the set-up needs a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The set-up is incomplete without it.
    #[default]
    MustHave,
    /// Optional; it never delays the set-up.
    CanWait,
}

/// A step: one thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Step<T = LocalizedText> {
    /// The step's id, kept across versions, so that progress stays with it.
    pub id: StepId,
    /// A verb phrase: "Register five users".
    pub title: T,
    /// One line that says why it is worth it.
    pub why: T,
    /// How many minutes it usually takes.
    pub minutes: u32,
    /// Must-have or can-wait.
    #[serde(default)]
    pub need: Need,
    /// The condition under which it counts as done.
    pub done: Condition,
    /// Steps that must be done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<StepId>,
    /// The page of the host's product where it is done: a path or URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The guide: controls to point at, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guide: Vec<Stop<T>>,
    /// The form that completes it inside the widget.
    #[serde(rename = "here", default, skip_serializing_if = "Option::is_none")]
    pub inline_form: Option<InlineForm<T>>,
    /// Variants for customers with a certain concern; the first that matches applies.
    #[serde(rename = "when", default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<ConcernVariant<T>>,
    /// The clip that shows how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<StepClip>,
}

/// A clip of the flow's library; `tabiji media add` brings its files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Clip<T = LocalizedText> {
    /// Lower-case letters, digits and dashes.
    pub id: String,
    /// The question that the clip answers.
    pub title: T,
}

/// A step's clip, and the moment in it that answers the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepClip {
    /// The clip's id.
    pub clip: String,
    /// Seconds from its start.
    #[serde(default)]
    pub from: u32,
}

/// How a step differs for customers whose handoff sheet names a certain concern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct ConcernVariant<T = LocalizedText> {
    /// Words; the variant matches when the concern contains one of them, ignoring case.
    pub concern: Vec<String>,
    /// A different title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<T>,
    /// A different reason why it is worth it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<T>,
    /// Whether the step comes first in its stage.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
}

impl<T> Flow<T> {
    /// Returns all steps in order, each with its stage.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage<T>, &Step<T>)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// Returns the step of this id with its stage.
    pub fn step(&self, id: &StepId) -> Option<(&Stage<T>, &Step<T>)> {
        self.steps().find(|(_, step)| step.id == *id)
    }

    /// Returns name and version together.
    pub fn reference(&self) -> FlowRef {
        FlowRef { name: self.name.clone(), version: self.version }
    }
}

/// A flow's name and version, written `setup@7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlowRef {
    /// The flow's name.
    pub name: String,
    /// The version, from 1.
    pub version: u32,
}

impl fmt::Display for FlowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for FlowRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FlowRef".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^.*@[0-9]+$" })
    }
}

impl Serialize for FlowRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FlowRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (name, version) =
            text.rsplit_once('@').ok_or_else(|| D::Error::custom("a flow reference reads name@version"))?;
        let version = version.parse().map_err(|_| D::Error::custom("a flow version is a whole number"))?;
        Ok(Self { name: name.to_owned(), version })
    }
}
