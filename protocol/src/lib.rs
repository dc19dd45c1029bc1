//! The words both sides speak: ids, events, flows, progress, reports and errors.
//!
//! Nothing here reads a clock, talks to a network or knows a browser; the types only say what
//! travels. Wire types only grow: a field may be added with a default, none may change meaning,
//! because every widget that was ever shipped keeps talking to newer collectors.

mod account;
mod ask;
mod batch;
mod chat;
mod clip;
mod condition;
mod desk;
mod door;
mod event;
mod fact;
mod fault;
mod flow;
mod guide;
mod id;
mod progress;
mod report;
mod session;
mod table;

pub use account::{AccountUpdate, Handoff};
pub use ask::{Column, Field, Here, Question, Scale};
pub use batch::{Batch, EventResult, Outcome, Reply, limits};
pub use chat::{
    AgentSays, Ask, Author, Blocker, CallAsked, CallMe, ChatPost, ClipMoment, Context, Conversation,
    ConversationId, File, FileAsk, FileAt, FileLink, FileLinkAsk, FilePlace, Head, Hello, InboxThread, Known,
    Line, Log, Message, Nack, Pointers, Said, Send, Side, Standing, Tell, Thread, Welcome, chat_limits,
};
pub use clip::{Clip, ClipsReply, ClipsRequest, Cue, Film, Script, Size, Stretches, Video, Watched};
pub use condition::{Condition, ElementState};
pub use desk::{
    Article, Block, Callback, CannedReply, DeskFile, HelpArticle, HelpReply, Holidays, Hours, Span, Team,
    TeamHours,
};
pub use door::{Code, Password, SecondReply, Security, SignIn, SignedBrowser, Viewer};
pub use event::{Event, Kind};
pub use fact::{Fact, FactBatch, FactValue};
pub use fault::{Fault, FaultBody};
pub use flow::{Flow, FlowRef, Need, Stage, Step, Texts, When};
pub use guide::{GuidePlace, Stop, Target, Wait};
pub use id::{AccountId, EventId, SiteKey, StageId, StepId, UserId};
pub use progress::{Asked, By, Key, Later, Observed, Progress, Raise, Status, StepProgress, Tally};
pub use report::{
    ArticleReport, ClipEffect, ClipReport, ClipReturn, Comment, Feelings, FunnelReport, FunnelStep,
    HelpReport, InTime, Interval, LiveNote, Mode, Mood, Postponed, Score,
};
pub use session::{
    Limits, ProgressQuery, ProgressReply, SessionAnswer, SessionReply, SessionRequest, Talk, Who,
};
pub use table::Table;

/// Milliseconds since 1970-01-01T00:00:00Z; every instant on the wire has this shape.
pub type Millis = i64;
