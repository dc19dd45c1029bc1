//! What the console counts: the funnel, surveys, clips, self-service, snoozed steps, who is behind each figure, and the
//! stream that says when a report has changed. What counts as what is decided in `journey`; small counts get no rate
//! (`docs/decisions/0003-funnel.md`).

pub mod clips;
mod counted;
pub mod funnel_accounts;
pub mod help;
pub mod journey;
pub mod live;
pub mod snoozed;
pub mod survey;
