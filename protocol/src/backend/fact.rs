//! Facts: what the host's backend vouches for, such as `users = 5`.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Millis;
use crate::ids::{AccountId, EventId, UserId};

/// A plain value: what facts hold and what an event's `data` carries.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum FactValue {
    /// Yes or no.
    Flag(bool),
    /// A count or an amount; always finite.
    Number(f64),
    /// A text.
    Text(String),
}

/// The largest whole number that browsers count exactly (ECMA-262, `Number.MAX_SAFE_INTEGER`).
const LARGEST: f64 = 9_007_199_254_740_991.0;

impl FactValue {
    /// Whether every program reads it alike: any flag, any text, and of numbers those that are finite, not beyond
    /// 2^53 - 1, and not the zero with a minus sign.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Number(number) => number.abs() <= LARGEST && !(*number == 0.0 && number.is_sign_negative()),
            Self::Flag(_) | Self::Text(_) => true,
        }
    }
}

impl<'de> Deserialize<'de> for FactValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Plain)
    }
}

/// Reads a plain value. Written by hand because the derived form buffers every value first.
struct Plain;

impl Visitor<'_> for Plain {
    type Value = FactValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, a finite number or a text")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<FactValue, E> {
        Ok(FactValue::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<FactValue, E> {
        Ok(FactValue::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<FactValue, E> {
        Ok(FactValue::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<FactValue, E> {
        if number.is_finite() {
            Ok(FactValue::Number(number))
        } else {
            Err(E::custom("a number must be finite"))
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<FactValue, E> {
        Ok(FactValue::Text(text.to_owned()))
    }
}

/// One statement of the host's backend about one account. A later `at` replaces an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fact {
    /// Idempotency key.
    pub id: EventId,
    /// The account it is about.
    pub account: AccountId,
    /// The person who did it, shown as "done by"; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The fact's name, as conditions use it.
    pub name: String,
    /// The value from `at` on.
    pub value: FactValue,
    /// From when on it is true; the time of arrival when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
}

/// The body of `POST /v1/facts`; the answer is a [`BatchReply`](crate::widget::BatchReply).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactBatch {
    /// At most [`crate::widget::limits::EVENTS`] facts.
    pub facts: Vec<Fact>,
}
