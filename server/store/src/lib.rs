//! What the collector needs of a database.
//!
//! [`Store`] is the whole of it; the rest of this crate are its models and, behind the feature
//! `suite`, the tests that every store must pass. There is no SQL here. A store keeps one journal,
//! append-only, and says "stored" only when a record is on disk; everything else it answers is a
//! projection of the journal and can be rebuilt from it.

mod access;
mod chat;
mod files;
mod model;
mod store;
#[cfg(feature = "suite")]
pub mod suite;

pub use access::{AccessStore, Grant, Operator, Redeemed, SecondFactor, SessionRow};
pub use chat::{ChatStore, Erased, MOST_CONVERSATIONS, NewLine, Party, Place, Spoken, Visitor, Waiting};
pub use files::{Begun, FileStore, NewFile, Owner, Quota};
pub use model::{
    AccountRow, Answers, FlowRow, Helping, NewRecord, NewSite, Person, Promise, Published, Record, Refused,
    Site, SiteId, Source, Touched, Written,
};
pub use store::{Store, StoreError};
