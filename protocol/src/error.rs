//! The body of every answer that is not a success.

use serde::{Deserialize, Serialize};

/// `{ "error": { "tag": …, "message": … } }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorReply {
    /// What went wrong.
    pub error: ErrorBody,
}

/// A refusal: a stable tag for machines and a sentence for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorBody {
    /// A stable word; metrics, logs and clients see the same one.
    pub tag: String,
    /// What happened and what to do about it, in English.
    pub message: String,
}
