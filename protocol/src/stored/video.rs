//! Videos: the files of a clip, their captions, and how far a person watched.

use serde::{Deserialize, Serialize};

use super::TimeRanges;

/// The video of a clip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Video {
    /// The clip's id.
    pub clip: String,
    /// Identifies this video among those that the clip had before.
    #[serde(default)]
    pub version: String,
    /// Its duration in seconds.
    pub seconds: f64,
    /// The poster image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// Renditions of the video, the smallest first; at least one.
    #[serde(rename = "sizes")]
    pub renditions: Vec<Rendition>,
    /// Caption tracks, one for each language.
    #[serde(rename = "scripts", default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<CaptionTrack>,
}

/// A video file of one size. In a reply `file` is a signed path of the collector that is valid for hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rendition {
    /// The file's name.
    pub file: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The captions of a video in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaptionTrack {
    /// BCP 47 tag.
    pub lang: String,
    /// The captions as a WebVTT file, addressed as [`Rendition::file`].
    pub file: String,
    /// The captions, in order.
    pub cues: Vec<Cue>,
    /// The chapters, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Cue>,
}

/// A caption or chapter: a time range and its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cue {
    /// Its start in seconds.
    pub from: f64,
    /// Its end in seconds.
    pub to: f64,
    /// The text; `\n` separates its lines.
    pub text: String,
}

/// How far a person watched a clip, over all devices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Watched {
    /// The last playback position in seconds.
    pub at: f64,
    /// The union of the time ranges that were played.
    pub seen: TimeRanges,
}
