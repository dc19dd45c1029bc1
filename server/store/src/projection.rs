//! What the journal means to the read models, without a database.
//!
//! A store reads records, sorts them with [`gather`] into the changes of each account, loads the few rows that
//! these need, calls the functions here and writes what they answer. Nothing of this needs I/O, so both what an
//! event means and how it is merged with what is there stands in this folder alone.
//!
//! Every row is merged in one of three ways, so that any order and any repetition of the same records gives the
//! same rows: the newest by [`protocol::ids::OrderKey`] wins ([`TourPosition`], [`SurveyAnswer`]), values are united
//! ([`Moments`], [`ClipWatch`]), or a row is added once ([`HelpUse`], entries). Only names and account updates go by
//! the order of arrival. A store may leave a comparison to its database where that saves a round trip; the suite
//! compares every store with [`crate::suite::reference`]. See docs/decisions/0002-fold.md.
//!
//! To project a new kind of record: give it a file here with its merge, a field of [`AccountChanges`] that `add` fills,
//! a variant of [`ProjectedRow`], and its line in [`crate::suite::reference`]; then each store writes and reads its row.

mod account_changes;
mod checksum;
mod clip_watch;
mod entries;
mod flow;
mod funnel;
mod help_use;
mod milestone;
mod survey_answer;
mod tour_position;
mod version;

pub use account_changes::{AccountChanges, Changes, Moments, Quarantined, Unreadable, VisitChange, gather};
pub use checksum::{ProjectedRow, ProjectionChecksum};
pub use clip_watch::{ClipKey, ClipWatch};
pub use entries::{EntryPlan, FirstEntry, plan_entries};
pub use flow::{FlowChange, Replay, SiteRules, Snoozed, advance, replay, rules};
pub use funnel::FunnelShape;
pub use help_use::{HelpKind, HelpUse};
pub use milestone::{Milestone, MilestoneKind};
pub use survey_answer::SurveyAnswer;
pub use tour_position::TourPosition;
pub use version::{UNKNOWN_VERSION, of_later_version};

#[cfg(test)]
mod tests;
