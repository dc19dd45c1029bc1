//! `/api/inbox`: the conversations of a site, for agents. Lists and logs are asked for, news come by server-sent
//! events with the frames that customers get, and what an agent says is answered as a customer's is: acknowledged
//! means on disk.

mod actions;
mod composer;
mod conversation;
mod list;
mod live;
mod transcript;

use protocol::chat::{Author, Side};
use serde::Deserialize;

pub use actions::{append, block, create_upload, download, patch, unblock};
pub use composer::get as composer_options;
pub use conversation::get as conversation;
pub use list::{get as list, search};
pub use live::get as live;
pub use transcript::get as transcript;

/// The query of a list: from which change on, and in which language steps are named.
#[derive(Deserialize)]
pub struct InboxQuery {
    #[serde(default)]
    after: u64,
    /// A BCP 47 tag.
    #[serde(default)]
    locale: String,
}

/// An agent as customers and colleagues see them: named by the first part of the address.
fn author(email: &str) -> Author {
    let name = email.split('@').next().unwrap_or_default().to_owned();
    Author { side: Side::Agent, id: email.to_owned(), name }
}
