//! Conditions: when a step counts as done.

use serde::{Deserialize, Serialize};

use crate::backend::FactValue;
use crate::ids::StepId;

/// A statement about an account that is true or false at every moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub enum Condition {
    /// Every part is true.
    All(Vec<Condition>),
    /// At least one part is true.
    Any(Vec<Condition>),
    /// The part is false.
    Not(Box<Condition>),
    /// A fact of the host's backend. With neither bound, it must exist and not be false, 0 or empty.
    Fact {
        /// The fact's name.
        name: String,
        /// True when the number is at least this.
        at_least: Option<f64>,
        /// True when the value is exactly this.
        equals: Option<FactValue>,
    },
    /// The host's page called `track` with this name `times` times within `within_minutes`.
    Event {
        /// The event's name.
        name: String,
        /// The number of occurrences, from 1.
        times: u32,
        /// The longest stretch that the occurrences may span; 0 for any.
        within_minutes: u32,
    },
    /// A person opened a page whose path matches the pattern; `*` matches anything.
    Url(String),
    /// A control of the host's page is in a state.
    Element {
        /// A CSS selector.
        selector: String,
        /// What it must be.
        state: ElementState,
    },
    /// A person watched the clip of this id.
    Video(String),
    /// Another step is done.
    Step(StepId),
    /// A person pressed "done".
    Confirmed,
}

/// The state of a control of the host's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ElementState {
    /// It is in the document.
    #[default]
    Present,
    /// It can be seen.
    Visible,
    /// It is ticked.
    Checked,
    /// It has a value.
    Filled,
}

impl ElementState {
    /// Returns the state's name in a flow file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Visible => "visible",
            Self::Checked => "checked",
            Self::Filled => "filled",
        }
    }
}

impl Condition {
    /// Calls `visit` on this condition and on everything inside it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Self::Not(part) => part.walk(visit),
            _ => {}
        }
    }
}

/// A condition as written in a flow file: exactly one of the leading keys, with the bounds that belong to it.
///
/// `done = { fact = "users", at_least = 5 }`, `done = { any = [ … ] }`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Condition"))]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// True when every part is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Condition>>,
    /// True when at least one part is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Condition>>,
    /// True when the part is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not: Option<Box<Condition>>,
    /// A fact that the host's backend posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fact: Option<String>,
    /// With `fact`: the number must be at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    /// With `fact`: the value must be this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    equals: Option<FactValue>,
    /// An event that the host's page reports with `track`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// With `event`: how often, 1 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    /// With `event`: within how many minutes of each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within_minutes: Option<u32>,
    /// A page of the host, by path; `*` stands for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// A control of the host's page, by CSS selector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    element: Option<String>,
    /// With `element`: what it must be, `present` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<ElementState>,
    /// A clip that was watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    video: Option<String>,
    /// Another step that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<StepId>,
    /// `true`: the person presses "done".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmed: Option<bool>,
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Condition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::json_schema(generator)
    }
}

const ONE_OF: &str =
    "a condition needs exactly one of: all, any, not, fact, event, url, element, video, step, confirmed";
const FACT_ONLY: &str = "at_least and equals go with fact, one of them at a time";
const EVENT_ONLY: &str = "times and within_minutes go with event, and times counts from 1";
const STATE_ONLY: &str = "state goes with element";

impl TryFrom<Form> for Condition {
    type Error = &'static str;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        if form.fact.is_none() && (form.at_least.is_some() || form.equals.is_some())
            || form.at_least.is_some() && form.equals.is_some()
        {
            return Err(FACT_ONLY);
        }
        if form.event.is_none() && (form.times.is_some() || form.within_minutes.is_some())
            || form.times == Some(0)
        {
            return Err(EVENT_ONLY);
        }
        if form.element.is_none() && form.state.is_some() {
            return Err(STATE_ONLY);
        }
        let (at_least, equals) = (form.at_least, form.equals);
        let (times, within_minutes) = (form.times.unwrap_or(1), form.within_minutes.unwrap_or(0));
        let state = form.state.unwrap_or_default();
        let mut forms = [
            form.all.map(Self::All),
            form.any.map(Self::Any),
            form.not.map(Self::Not),
            form.fact.map(|name| Self::Fact { name, at_least, equals }),
            form.event.map(|name| Self::Event { name, times, within_minutes }),
            form.url.map(Self::Url),
            form.element.map(|selector| Self::Element { selector, state }),
            form.video.map(Self::Video),
            form.step.map(Self::Step),
            form.confirmed.filter(|yes| *yes).map(|_| Self::Confirmed),
        ]
        .into_iter()
        .flatten();
        match (forms.next(), forms.next()) {
            (Some(Self::All(parts) | Self::Any(parts)), None) if parts.is_empty() => {
                Err("all and any need at least one part")
            }
            (Some(condition), None) => Ok(condition),
            _ => Err(ONE_OF),
        }
    }
}

impl From<Condition> for Form {
    fn from(condition: Condition) -> Self {
        let mut form = Self::default();
        match condition {
            Condition::All(parts) => form.all = Some(parts),
            Condition::Any(parts) => form.any = Some(parts),
            Condition::Not(part) => form.not = Some(part),
            Condition::Fact { name, at_least, equals } => {
                (form.fact, form.at_least, form.equals) = (Some(name), at_least, equals);
            }
            Condition::Event { name, times, within_minutes } => {
                form.event = Some(name);
                form.times = (times != 1).then_some(times);
                form.within_minutes = (within_minutes != 0).then_some(within_minutes);
            }
            Condition::Url(pattern) => form.url = Some(pattern),
            Condition::Element { selector, state } => {
                (form.element, form.state) = (Some(selector), Some(state))
            }
            Condition::Video(clip) => form.video = Some(clip),
            Condition::Step(id) => form.step = Some(id),
            Condition::Confirmed => form.confirmed = Some(true),
        }
        form
    }
}
