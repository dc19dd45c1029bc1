//! Who is behind a count of a report.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::ids::AccountId;

/// Those behind a count of a report: accounts, or where a report counts people, an account for each person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountedAccounts {
    /// How many there are.
    pub n: u64,
    /// Those that were last counted, the newest first.
    pub accounts: Vec<CountedAccount>,
}

/// An account behind a count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountedAccount {
    /// The account.
    pub account: AccountId,
    /// Its name; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person who is counted: a name when there is one, else the host's id; absent where accounts are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When they did what is counted; in the funnel, when the account last entered or completed a step.
    pub at: Millis,
    /// What they answered, where answers are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
}

/// A count of [`super::HelpReport`], or of an article in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HelpCount {
    /// [`super::HelpReport::offered`].
    Offered,
    /// [`super::HelpReport::read`].
    Read,
    /// [`super::HelpReport::helped`].
    Helped,
    /// [`super::HelpReport::moved`].
    Moved,
    /// [`super::HelpReport::wrote`].
    Wrote,
    /// [`super::HelpReport::solved`].
    Solved,
    /// [`super::HelpReport::left`].
    Left,
    /// [`super::HelpReport::open`].
    Open,
}

/// A count of [`super::ClipReport`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClipCount {
    /// [`super::ClipReport::started`].
    Started,
    /// [`super::ClipReport::finished`].
    Finished,
    /// Started, and not finished.
    Stopped,
    /// [`super::ClipReport::captioned`].
    Captioned,
}
