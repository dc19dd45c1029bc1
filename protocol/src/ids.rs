//! Identifiers, each its own type so that none can stand in for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::Millis;

/// Names a string newtype that is transparent on the wire.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id! {
    /// A site's public key, `pk_…`: it names the site and grants ingest only.
    SiteKey
}
text_id! {
    /// The host's own id of a customer company; progress belongs to it.
    AccountId
}
text_id! {
    /// The host's own id of a person.
    UserId
}
text_id! {
    /// A step's id inside its flow, kept across versions.
    StepId
}
text_id! {
    /// One of the journey's stages, such as `usage`.
    StageId
}

impl AccountId {
    /// The account as an unverified visitor claims it: never the same as a verified one.
    #[must_use]
    pub fn unverified(&self) -> Self {
        Self(format!("~{}", self.0))
    }

    /// Whether nobody vouched for this account with a signed token.
    pub fn is_unverified(&self) -> bool {
        self.0.starts_with('~')
    }
}

/// An event's idempotency key: a UUID version 7 (RFC 9562), made where the event happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub Uuid);

impl EventId {
    /// No event has this id.
    pub const NIL: Self = Self(Uuid::nil());

    /// Reads an id as it stands on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }

    /// The id as it stands on the wire.
    pub fn text(&self) -> String {
        let mut buffer = Uuid::encode_buffer();
        self.0.hyphenated().encode_lower(&mut buffer).to_owned()
    }

    /// Builds a version 7 id from the caller's clock (`millis`) and ten random bytes.
    pub fn new(millis: u64, random: [u8; 10]) -> Self {
        Self(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for EventId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EventId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uuid" })
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Identifies a conversation; it names one and grants nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ConversationId(pub EventId);

/// Orders everything that happened to an account: corrected time, then session number, then id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrderKey(pub Millis, pub u32, pub EventId);

/// Who a visitor claims to be, without proof.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimedIdentity {
    /// The claimed person, or a device id made by the widget.
    pub user: UserId,
    /// The claimed account; an account of the person alone when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}
