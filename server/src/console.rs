//! What the console asks: who is signed in, the journey report, and the live feed.

mod clips;
mod feelings;
mod helped;
pub mod inbox;
mod journey;
mod live;
mod postponed;
mod question;
pub mod security;
mod sign_in;
mod tries;

pub use clips::get as clips;
pub use feelings::get as feelings;
pub use helped::get as helped;
pub use journey::{get as journey, keep_ready};
pub use live::get as live;
pub use postponed::get as postponed;
pub use sign_in::{check_link, new_link, sign_in, sign_out, viewer};
pub use tries::Tries;
