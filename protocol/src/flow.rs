//! A flow: the set-up as a product team writes it and as the widget shows it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Clip, Condition, Here, Question, StageId, StepId, Stop, Video};

/// A text in every language it was written in: locale (`ja`, `en`) to text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// The text in `locale`, else in its language, else in `fallback`, else in any language.
    pub fn pick(&self, locale: &str, fallback: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        [locale, language, fallback]
            .into_iter()
            .find_map(|key| self.0.get(key))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}

/// A flow whose texts are of type `T`: [`Texts`] in the file, `String` for one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Flow<T = Texts> {
    /// The flow's name, kept across versions.
    pub name: String,
    /// Given by the collector on publishing, from 1; 0 in a file.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub version: u32,
    /// The language that stands in where a text is missing.
    #[serde(default = "default_locale")]
    pub default_locale: String,
    /// What the whole is called.
    pub title: T,
    /// Where a person can turn to when nothing else works: a URL or `mailto:` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How long an account may take before it counts as dropped, in days.
    #[serde(default = "default_window")]
    pub window_days: u32,
    /// The shelf: how-to clips that answer one question each.
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

/// A part of the journey with the steps that belong to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Stage<T = Texts> {
    /// The journey stage: `awareness`, `consideration`, `decision`, `usage`, `retention` or an own one.
    pub id: StageId,
    /// What people call it.
    pub title: T,
    /// The steps, in order.
    #[serde(rename = "step")]
    pub steps: Vec<Step<T>>,
    /// Questions at its end, after how it feels.
    #[serde(default, rename = "ask", skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Question<T>>,
}

/// How much a step matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The set-up is not done without it.
    #[default]
    MustHave,
    /// Good to have, never in the way.
    CanWait,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Step<T = Texts> {
    /// The step's id, kept across versions: what people did stays with it.
    pub id: StepId,
    /// A verb phrase: "Register five users".
    pub title: T,
    /// One line that says why it is worth doing.
    pub why: T,
    /// How long it usually takes.
    pub minutes: u32,
    /// Must-have or can-wait.
    #[serde(default)]
    pub need: Need,
    /// When it counts as done.
    pub done: Condition,
    /// Steps that must be done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<StepId>,
    /// Where in the host's product it is done: a path or URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The controls to point at, one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guide: Vec<Stop<T>>,
    /// How it is done inside the widget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<Here<T>>,
    /// What is different for customers with a certain concern; the first that fits counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<When<T>>,
    /// The clip that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
}

/// How a step is put for customers whose handoff sheet names a certain concern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct When<T = Texts> {
    /// Words, one of which the concern contains; upper and lower case are the same.
    pub concern: Vec<String>,
    /// Another title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<T>,
    /// Another reason why it is worth doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<T>,
    /// Whether it comes first in its stage.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
}

impl<T> When<T> {
    fn fits(&self, concern: &str) -> bool {
        let concern = concern.to_lowercase();
        self.concern.iter().any(|word| !word.is_empty() && concern.contains(&word.to_lowercase()))
    }
}

impl<T> Flow<T> {
    /// All steps in order, each with its stage.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage<T>, &Step<T>)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// The step of this id, with its stage.
    pub fn step(&self, id: &StepId) -> Option<(&Stage<T>, &Step<T>)> {
        self.steps().find(|(_, step)| step.id == *id)
    }

    /// Name and version together.
    pub fn reference(&self) -> FlowRef {
        FlowRef { name: self.name.clone(), version: self.version }
    }
}

impl Flow<Texts> {
    /// The flow in one language, for a person whose account has this concern; empty when none is known.
    #[must_use]
    pub fn localize(&self, locale: &str, concern: &str) -> Flow<String> {
        let say = |texts: &Texts| texts.pick(locale, &self.default_locale).to_owned();
        let stage = |stage: &Stage| {
            let mut steps: Vec<(bool, Step<String>)> =
                stage.steps.iter().map(|step| step.localize(&say, concern)).collect();
            steps.sort_by_key(|(first, _)| !first);
            Stage {
                id: stage.id.clone(),
                title: say(&stage.title),
                steps: steps.into_iter().map(|(_, step)| step).collect(),
                asks: stage.asks.iter().map(|ask| ask.map(&say)).collect(),
            }
        };
        Flow {
            name: self.name.clone(),
            version: self.version,
            default_locale: self.default_locale.clone(),
            title: say(&self.title),
            contact: self.contact.clone(),
            window_days: self.window_days,
            clips: self
                .clips
                .iter()
                .map(|clip| Clip { id: clip.id.clone(), title: say(&clip.title) })
                .collect(),
            stages: self.stages.iter().map(stage).collect(),
        }
    }
}

impl Step<Texts> {
    /// The step for one person, and whether it comes first in its stage.
    fn localize(&self, say: &impl Fn(&Texts) -> String, concern: &str) -> (bool, Step<String>) {
        let when = self.when.iter().find(|when| when.fits(concern));
        let other = |pick: fn(&When) -> Option<&Texts>| when.and_then(pick);
        let step = Step {
            id: self.id.clone(),
            title: say(other(|when| when.title.as_ref()).unwrap_or(&self.title)),
            why: say(other(|when| when.why.as_ref()).unwrap_or(&self.why)),
            minutes: self.minutes,
            need: self.need,
            done: self.done.clone(),
            after: self.after.clone(),
            link: self.link.clone(),
            guide: self.guide.iter().map(|stop| stop.map(say)).collect(),
            here: self.here.as_ref().map(|here| here.map(say)),
            when: Vec::new(),
            video: self.video.clone(),
        };
        (when.is_some_and(|when| when.first), step)
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

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{ "name": "setup", "title": { "ja": "設定", "en": "Set-up" }, "stage": [
        { "id": "usage", "title": { "ja": "使う" }, "step": [
            { "id": "users", "title": { "ja": "登録" }, "why": { "ja": "全員で使えます" }, "minutes": 3, "done": { "confirmed": true } },
            { "id": "safety", "title": { "ja": "権限" }, "why": { "ja": "分けられます" }, "minutes": 3, "done": { "confirmed": true },
              "when": [{ "concern": ["漏れ", "Leak"], "first": true, "why": { "ja": "見える人を決められます", "en": "You decide who sees what" } },
                       { "concern": ["漏"], "title": { "ja": "あとの方" } }] }] }] }"#;

    fn steps(locale: &str, concern: &str) -> Vec<(String, String)> {
        let flow: Flow = serde_json::from_str(FLOW).expect("a flow");
        let flow = flow.localize(locale, concern);
        flow.steps().map(|(_, step)| (step.title.clone(), step.why.clone())).collect()
    }

    #[test]
    fn a_concern_picks_words_and_order() {
        let pair = |title: &str, why: &str| (title.to_owned(), why.to_owned());
        let users = pair("登録", "全員で使えます");
        assert_eq!(steps("ja", ""), [users.clone(), pair("権限", "分けられます")]);
        assert_eq!(steps("ja", "操作が難しそう"), [users.clone(), pair("権限", "分けられます")]);
        let worried = pair("権限", "見える人を決められます");
        assert_eq!(steps("ja", "情報が漏れないか"), [worried, users.clone()], "the first that fits");
        assert_eq!(steps("en", "a data leak"), [pair("権限", "You decide who sees what"), users]);
    }
}
