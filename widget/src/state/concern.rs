//! What a person was busy with, for the agent who helps them.

use crate::wire::Json;

/// What a person was busy with when they ask for help.
#[derive(Clone, Default)]
pub struct Concern {
    /// What the last field complained of.
    pub complaint: Option<String>,
    /// The title of the article that was read last.
    pub article: Option<String>,
    /// The clip that was watched last (`{ clip, from }`).
    pub watching: Option<Json>,
}
