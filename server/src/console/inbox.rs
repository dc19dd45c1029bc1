//! `/api/inbox`: the conversations of a site, for agents. Lists and logs are asked for, news come by server-sent
//! events with the frames that customers get, and what an agent says is answered as a customer's is: acknowledged
//! means on disk.

mod actions;
mod composer;
mod conversation;
mod list;
mod live;
mod moments;
mod standing;
mod transcript;

use protocol::chat::{Author, Side};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::http::Refusal;

pub use actions::{append, block, create_upload, download, patch, unblock};
pub use composer::get as composer_options;
pub use conversation::get as conversation;
pub use list::{get as list, search};
pub use live::get as live;
pub use moments::get as moments;
pub use transcript::get as transcript;

/// The query of a list: from which change on, and in which language steps are named.
#[derive(Deserialize, JsonSchema)]
pub struct InboxQuery {
    #[serde(default)]
    after: u64,
    /// A BCP 47 tag.
    #[serde(default)]
    locale: String,
}

/// An agent as customers and colleagues see them: by the name that they gave. Never by a part of the address, which
/// is nobody's name; without a name clients say "support".
async fn author(app: &App, email: &str) -> Result<Author, Refusal> {
    let name = app.store.operator(email).await?.map(|operator| operator.name).unwrap_or_default();
    Ok(Author { side: Side::Agent, id: email.to_owned(), name })
}
