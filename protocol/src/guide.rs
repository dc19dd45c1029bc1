//! A guide: stops on the controls of the host's page, one after the other.

use serde::{Deserialize, Serialize};

use crate::StepId;

/// One stop: a control, what is said beside it, and the action that is waited for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Stop<T = crate::Texts> {
    /// How the control is found.
    pub target: Target<T>,
    /// What the card is called; the step's title when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<T>,
    /// One sentence beside the control.
    pub text: T,
    /// What ends the stop.
    #[serde(default)]
    pub wait: Wait,
    /// With `wait = "value"`: what the control must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// With `wait = "navigation"`: where to, as a path in which `*` stands for anything; anywhere else
    /// when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// With `wait = "fact"`: the fact's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// With `fact`: the least number; otherwise it must be there and not false, 0 or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The page that the control is on, as a path in which `*` stands for anything; any page when left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Whether everything but the control is out of reach meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocking: bool,
}

/// What ends a stop. "Next" is offered only where there is nothing to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Wait {
    /// The control is pressed.
    #[default]
    Click,
    /// Something was entered, and the field was left.
    Input,
    /// The control holds a certain value.
    Value,
    /// The page's address changes.
    Navigation,
    /// The host's backend vouches for something.
    Fact,
    /// The person has read it and says "next".
    Read,
}

/// How a control is found: as many signals as the team can give. The control that most of them agree on
/// is taken; when too few do, or two controls are equally good, none is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Target<T = crate::Texts> {
    /// Its `data-tabiji` attribute: the one signal that is made for this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// Its `data-testid`, `data-test-id`, `data-test` or `data-cy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_id: Option<String>,
    /// Its ARIA role, its own or the one its element has by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Its accessible name: what a screen reader calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<T>,
    /// The text of the label that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<T>,
    /// A CSS selector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub css: Option<String>,
}

/// Where a person stands in a guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePlace {
    /// The step that is guided.
    pub step: StepId,
    /// The stop, from 1; 0 when it is over.
    pub stop: u32,
    /// When they came there.
    pub at: crate::Millis,
}

impl<T> Stop<T> {
    /// The same stop with its texts turned into others.
    pub fn map<U>(&self, say: &impl Fn(&T) -> U) -> Stop<U> {
        Stop {
            target: Target {
                hook: self.target.hook.clone(),
                test_id: self.target.test_id.clone(),
                role: self.target.role.clone(),
                name: self.target.name.as_ref().map(say),
                label: self.target.label.as_ref().map(say),
                css: self.target.css.clone(),
            },
            title: self.title.as_ref().map(say),
            text: say(&self.text),
            wait: self.wait,
            value: self.value.clone(),
            to: self.to.clone(),
            fact: self.fact.clone(),
            at_least: self.at_least,
            page: self.page.clone(),
            blocking: self.blocking,
        }
    }
}
