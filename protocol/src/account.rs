//! What the host knows about an account and sales heard from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{FactValue, Millis};

/// The body of `PUT /v1/accounts/{id}`: what is there replaces, what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountUpdate {
    /// The company's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person to talk to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// When the contract was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_at: Option<Millis>,
    /// What they pay for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// From sales to support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<Handoff>,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, FactValue>,
}

/// The handoff sheet: what the customer hopes and fears, and who helps when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// What troubles them, in their words.
    #[serde(default)]
    pub challenge: String,
    /// What they hope for, in their words.
    #[serde(default)]
    pub expectation: String,
    /// What they fear.
    #[serde(default)]
    pub concern: String,
    /// Who calls when, and when support takes over.
    #[serde(default)]
    pub plan: String,
}

impl AccountUpdate {
    /// Lays `newer` over this: fields that are there replace, traits merge by name.
    pub fn merge(&mut self, newer: Self) {
        fn take<T>(old: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *old = new;
            }
        }
        take(&mut self.name, newer.name);
        take(&mut self.contact, newer.contact);
        take(&mut self.contract_at, newer.contract_at);
        take(&mut self.plan, newer.plan);
        take(&mut self.handoff, newer.handoff);
        self.traits.extend(newer.traits);
    }
}
