//! The rules of the customer journey, pure.
//!
//! A customer's journey is a fold over what happened: [`progress::fold`] takes events and facts and returns
//! progress and stage transitions. The widget runs it to show the checklist at once, the collector runs the same
//! code to tell customer success the truth. Time is always a parameter; nothing here has randomness or I/O.
//! Reasons: `docs/decisions/0002-fold.md`.
//!
//! | room | what it decides |
//! | --- | --- |
//! | [`progress`] | whether a step is done, what is next, when a stage is entered |
//! | [`support`] | who may write what in a conversation, what its entries amount to, support hours, response times |
//! | [`reports`] | funnel, survey statistics, clip and help effects |
//! | [`flow_file`] | whether a flow file is valid, and what one person sees of it |
//! | [`guide`] | which control a guide means, where its card goes, which page a stop belongs to |
//! | [`clips`] | how far a person watched, which file and captions they get, where something is said |

pub mod account;
pub mod chat_client;
pub mod clips;
pub mod flow_file;
pub mod guide;
pub mod paste_parser;
pub mod progress;
#[cfg(feature = "funnel")]
pub mod reports;
pub mod search;
pub mod support;
