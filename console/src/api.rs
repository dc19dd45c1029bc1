//! Requests to the collector, one file for each part of its console API.
//!
//! Every request returns an [`ApiError`] when it is not served, so no caller compares tags or reads a status
//! (`docs/decisions/0014-console.md`).
//! Paths are relative to the page's base ([`crate::base`]).

mod error;
mod request;

pub mod account;
pub mod health;
pub mod inbox;
pub mod reports;
pub mod uploads;

use std::sync::Arc;

pub use error::ApiError;

/// The site that a request is about, and the language in which the collector names flows, stages and steps.
#[derive(Clone)]
pub struct Site {
    /// The site's public key.
    pub key: Arc<str>,
    /// A BCP 47 tag.
    pub locale: &'static str,
}
