//! Private wire between the console and the collector that ships it: reports, inbox and sign-in.
//!
//! Console and collector are one release, so these types are free to change
//! (`docs/decisions/0015-wire.md`).

mod auth;
mod counted;
mod help;
mod inbox;
mod intake;
mod integration;
mod reports;

pub use auth::{
    OperatorName, PasswordChange, PasswordConfirmation, Role, SecurityEntry, SecurityKind, SecuritySettings,
    SignInRequest, SignedInBrowser, SignedInOperator, TotpCode, TotpSetup,
};
pub use counted::{ClipCount, CountedAccount, CountedAccounts, HelpCount};
pub use help::{ArticleReport, HelpReport};
pub use inbox::{
    AgentAction, ClipChoice, ComposerOptions, Conversation, ConversationDetail, DoneStep, PlaceChoice,
    SearchHit,
};
pub use intake::{DropReason, IntakeReport, QuarantineReason, QuarantinedRecord};
pub use integration::{IntegrationReport, RefusedRequest, SeenFact, SeenPage, SeenPerson};
pub use reports::{
    ClipEffect, ClipReport, CompletionShare, FunnelFate, FunnelMode, FunnelReport, FunnelStep, Interval,
    ReplayedMoment, ReportChanged, SnoozedStep, StageMood, SurveyComment, SurveyReport, SurveyScore,
};
