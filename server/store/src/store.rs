//! Everything that the collector needs of a database, as one object.

use crate::{
    Accounts, Clips, Conversations, Exports, Flows, Guests, Integrations, Journal, Operators, PersonalData,
    Reports, SecurityLog, Sites, Support, Uploads,
};

/// A store: all the traits of this crate. Handlers hold an `Arc<dyn Store>`; whatever implements the parts is
/// one.
pub trait Store:
    Accounts
    + Clips
    + Conversations
    + Exports
    + Flows
    + Guests
    + Integrations
    + Journal
    + Operators
    + PersonalData
    + Reports
    + SecurityLog
    + Sites
    + Support
    + Uploads
{
}

impl<T> Store for T where
    T: Accounts
        + Clips
        + Conversations
        + Exports
        + Flows
        + Guests
        + Integrations
        + Journal
        + Operators
        + PersonalData
        + Reports
        + SecurityLog
        + Sites
        + Support
        + Uploads
{
}
