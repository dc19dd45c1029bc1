//! Accounts: what the host knows about a customer company, and the handoff sheet from sales to support.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FactValue;
use crate::Millis;

/// The body of `PUT /v1/accounts/{id}`. A field that is present replaces the stored one, an absent one
/// leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountUpdate {
    /// The company's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The contact person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// When the contract was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_at: Option<Millis>,
    /// The plan that they pay for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The handoff sheet from sales to support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandoffSheet>,
    /// Further traits of the account.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, FactValue>,
}

/// The handoff sheet: what the customer expects and worries about, and who helps when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HandoffSheet {
    /// The problem they want to solve, in their words.
    #[serde(default)]
    pub challenge: String,
    /// What they expect, in their words.
    #[serde(default)]
    pub expectation: String,
    /// What they worry about.
    #[serde(default)]
    pub concern: String,
    /// Who calls when, and when support takes over from sales.
    #[serde(default)]
    pub plan: String,
}
