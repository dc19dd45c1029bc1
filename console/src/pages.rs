//! The pages of the console, one file each; `funnel`, `surveys` and `snoozed` are the sections of the journey page, `counted` is
//! the dialog that their figures open, `profile` with `picture`, `browsers` and `second_factor` those of the security page. The inbox, which is more than a page, has
//! its own room. Reasons: `docs/decisions/0014-console.md`.

mod browsers;
mod clips;
mod counted;
mod funnel;
mod help;
mod integration;
mod journey;
mod picture;
mod profile;
mod second_factor;
mod security;
mod security_log;
mod sign_in;
mod snoozed;
mod surveys;

pub use clips::Clips;
pub use help::Help;
pub use integration::Integration;
pub use journey::Journey;
pub use security::SecurityPage;
pub use sign_in::SignInPage;
