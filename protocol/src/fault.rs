//! How every refusal looks on the wire.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success: `{ "error": { … } }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What went wrong.
    pub error: FaultBody,
}

/// A refusal: a stable tag for machines, a sentence for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultBody {
    /// Stable: metrics, logs and clients see the same word.
    pub tag: String,
    /// What happened and what to do about it, in English.
    pub message: String,
}
