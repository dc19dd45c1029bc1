//! What the collector needs of a database: one trait a noun, their models, and the suite that every store
//! must pass. There is no SQL here.
//!
//! A store keeps one append-only [`Journal`] and answers "stored" only once a record is on disk. Reports,
//! accounts and progress are projections of the journal and can be rebuilt from it at any time. Conversations,
//! uploads and operators are not: they are written directly. [`Store`] is all of it as one object.
//!
//! Behind the feature `suite` are the tests that each store runs. Decisions: docs/decisions/0005-intake.md
//! (journal and projector), docs/decisions/0009-chat.md (conversations), docs/decisions/0011-files.md (uploads).

mod accounts;
mod clips;
mod conversations;
mod error;
mod exports;
mod flows;
mod guests;
mod integration;
mod journal;
mod mark;
mod operators;
pub mod personal;
pub mod projection;
mod reports;
mod security;
mod sites;
mod store;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
mod support;
pub mod text;
mod uploads;

pub use accounts::{AccountRow, Accounts, Names, Person};
pub use clips::Clips;
pub use conversations::{
    AppendOutcome, Conversations, MAX_CONVERSATIONS, NewLogEntry, Party, Target, Visitor,
};
pub use error::{Result, StoreError};
pub use exports::{Arrived, ExportedStep, Exports, QuarantineReason, StepPlace, UNCOUNTED};
pub use flows::{FlowVersion, Flows, PublishOutcome};
pub use guests::{GuestUse, Guests};
pub use integration::{Integrations, MAX_REFUSED, RefusedRequests, Seen, Sighting};
pub use journal::{
    ID_CONFLICT, Journal, NewRecord, ProjectionUpdate, Record, RejectedBody, Source, StoreLoad, Written,
};
pub use mark::{Mark, Position, UnreadableMark};
pub use operators::{
    ConsoleSession, Grant, Operator, OperatorPicture, Operators, RedeemOutcome, SecondFactor, VisibleSites,
};
pub use personal::{Erased, PersonalData, Thinned};
pub use protocol::console::Role;
pub use reports::{FunnelPaths, Reports, SnoozedStep, SurveyCount, SurveyPerson, Vouched};
pub use security::{SecurityEvent, SecurityLog};
pub use sites::{NewSite, PreviousKeys, Site, SiteId, Sites};
pub use store::Store;
pub use support::{Support, Unanswered};
pub use uploads::{NewUpload, UploadQuota, UploadStart, Uploader, Uploads};
