//! What the console's questions say beside the site: in which language things are named.

use serde::Deserialize;

/// A question about the newest flow of a site.
#[derive(Deserialize)]
pub struct Question {
    /// A BCP 47 tag.
    #[serde(default)]
    pub locale: String,
}
