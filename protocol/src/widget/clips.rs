//! Clips as the widget's library asks for them.

use serde::{Deserialize, Serialize};

use super::SessionRequest;
use crate::SortedMap;
use crate::stored::{Video, Watched};

/// The body of `POST /v1/clips`: the same as a session's.
pub type ClipsRequest = SessionRequest;

/// The answer: the site's videos and how far this person watched them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClipsReply {
    /// The videos of the site.
    #[serde(rename = "films")]
    pub videos: Vec<Video>,
    /// How far this person watched, by clip.
    pub watched: SortedMap<String, Watched>,
}
