//! Self-service, as its report counts it.

use serde::{Deserialize, Serialize};

use super::Interval;
use crate::Millis;

/// Self-service: the outcome of each time the widget offered articles before a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HelpReport {
    /// The beginning of the counted period.
    pub since: Millis,
    /// Offers; at most one a day for each person.
    pub offered: u64,
    /// Offers at which an article was read.
    pub read: u64,
    /// Offers at which a person said that an article helped.
    pub helped: u64,
    /// Offers after which the step was completed within a day.
    pub moved: u64,
    /// Resolved without a message: nobody wrote within a day, and an article helped or the step was completed.
    pub solved: u64,
    /// The person wrote a message within a day.
    pub wrote: u64,
    /// Neither resolved nor followed by a message.
    pub left: u64,
    /// Undecided: the day is not over.
    pub open: u64,
    /// The self-resolution rate: `solved / (solved + wrote + left)`.
    pub rate: Option<Interval>,
    /// Articles, the most read first.
    pub articles: Vec<ArticleReport>,
    /// Guests to whom articles were offered.
    #[serde(default)]
    pub guests: u64,
}

/// How an article was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArticleReport {
    /// Its file's name.
    pub article: String,
    /// Its title in the reader's language; its id when it is no longer published.
    pub title: String,
    /// Offers at which it was read.
    pub read: u64,
    /// Offers at which a person said that it helped.
    pub helped: u64,
    /// Offers after which the person wrote a message all the same.
    pub wrote: u64,
}
