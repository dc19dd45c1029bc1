//! Guides: stops at the controls of the host's page, in order.

use serde::{Deserialize, Serialize};

use super::LocalizedText;

/// A stop: a control, the text beside it, and the action that ends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Stop<T = LocalizedText> {
    /// How the control is found.
    pub target: Target<T>,
    /// The card's title; the step's title when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<T>,
    /// One sentence beside the control.
    pub text: T,
    /// The action that ends the stop.
    #[serde(default)]
    pub wait: WaitFor,
    /// With `wait = "value"`: what the control must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// With `wait = "navigation"`: the destination, as a path in which `*` matches anything; any other page
    /// when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// With `wait = "fact"`: the fact's name. With `repeat_from`: the fact that ends the repetition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// With `fact`: the least number; when left out, the fact must exist and not be false, 0 or empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// After this stop the guide returns to the stop of this number, from 1, until `fact` holds, or without `fact`
    /// until the step is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_from: Option<u32>,
    /// The page that has the control, as a path in which `*` matches anything; any page when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Whether the rest of the page is inert while the stop is shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocking: bool,
}

/// The action that ends a stop. A "next" button exists only for [`Self::Read`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum WaitFor {
    /// The control is pressed, and a form that this sends was not refused.
    #[default]
    Click,
    /// Something valid was entered, and the field was left.
    Input,
    /// The control holds a certain value.
    Value,
    /// The page's address changes.
    Navigation,
    /// The host's backend posts a fact.
    Fact,
    /// The person presses "next".
    Read,
}

/// How the widget finds a control: as many signals as the team can give. It takes the control that most of
/// them agree on, and none when too few agree or two controls match equally well. Reasons:
/// `docs/decisions/0006-guide.md`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Target<T = LocalizedText> {
    /// Its `data-tabiji` attribute, the one signal made for this purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// Its `data-testid`, `data-test-id`, `data-test` or `data-cy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_id: Option<String>,
    /// Its ARIA role, explicit or implied by its element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Its accessible name, as a screen reader announces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<T>,
    /// The text of its label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<T>,
    /// A CSS selector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub css: Option<String>,
}
