//! State that a store keeps as JSON: an account's progress, a conversation's state, a clip's video.
//!
//! The widget reads some of it, too. A change needs an addition with a default, or a migration of what is
//! stored (`docs/decisions/0015-wire.md`).

mod conversation;
mod progress;
mod time_ranges;
mod video;

pub use conversation::ConversationState;
pub use progress::{Contribution, Delegation, DoneBy, Progress, Snooze, StepProgress, StepStatus, Tally};
pub use time_ranges::TimeRanges;
pub use video::{CaptionTrack, Cue, Rendition, Video, Watched};
