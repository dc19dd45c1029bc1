//! Files that a product team writes and keeps in git: `flow.toml`, `desk.toml` and the articles beside it.
//!
//! `tabiji schema` prints the flow's JSON schema for editors. Fields are only added, each with a default, so
//! that a published file stays valid (`docs/decisions/0015-wire.md`).

mod condition;
mod flow;
mod guide;
mod inline_form;
mod support;
mod survey;

pub use condition::{Condition, ElementState};
pub use flow::{
    Clip, ConcernVariant, Figure, Finish, Flow, FlowRef, LocalizedText, Need, Stage, Step, StepClip,
};
pub use guide::{Stop, Target, WaitFor};
pub use inline_form::{Column, ColumnKind, InlineForm};
pub use support::{Article, CallbackPolicy, CannedReply, Holidays, SupportFile, SupportTeam};
pub use survey::{Scale, SurveyQuestion};
