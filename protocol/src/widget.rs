//! Public wire between the widget and the collector: session, events, progress, clips and articles.
//!
//! Every widget that was ever shipped keeps talking to newer collectors: fields are only added, each with a
//! default, and none changes its meaning (`docs/decisions/0015-wire.md`).

mod articles;
mod batch;
mod clips;
mod event;
mod session;

pub use articles::{ArticlesReply, Block, RenderedArticle, Span};
pub use batch::{BatchReply, EventBatch, EventOutcome, EventResult, limits};
pub use clips::{ClipsReply, ClipsRequest};
pub use event::{Event, EventKind, GuidePosition, Observation};
pub use session::{
    BatchLimits, ChatSummary, ChecklistSession, ProgressQuery, ProgressReply, SessionRequest, WidgetSession,
};
