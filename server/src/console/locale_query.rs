//! The language that a report names things in.

use schemars::JsonSchema;
use serde::Deserialize;

/// The query of a report about the newest flow of a site.
#[derive(Deserialize, JsonSchema)]
pub struct LocaleQuery {
    /// A BCP 47 tag; the flow's own language where it is empty or unknown.
    #[serde(default)]
    pub locale: String,
}
