//! The pages of the console, one file each; `surveys` and `snoozed` are sections of the journey page.

mod clips;
mod help;
mod journey;
mod security;
mod sign_in;
mod snoozed;
mod surveys;

pub use clips::Clips;
pub use help::Help;
pub use journey::Journey;
pub use security::SecurityPage;
pub use sign_in::SignInPage;
