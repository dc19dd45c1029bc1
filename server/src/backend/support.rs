//! `PUT /v1/desk`: customer success publishes its support file (`desk.toml`).

use axum::Json;
use axum::extract::State;
use journey::support::hours::Calendar;
use protocol::files::SupportFile;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::HostBackend;
use crate::http::{Document, Refusal};

/// The answer to a support file.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct PublishedSupport {
    /// False when this very file was published last.
    pub new: bool,
}

/// Publishes the support file in the body, from now on.
///
/// # Errors
/// `BrokenSupportFile` with every mistake; nothing is published then.
pub async fn put(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Document(file): Document<SupportFile>,
) -> Result<Json<PublishedSupport>, Refusal> {
    Calendar::parse(&file).map_err(|wrong| Refusal::BrokenSupportFile(wrong.join("\n")))?;
    let new = app.support.publish(site.id, file).await?;
    Ok(Json(PublishedSupport { new }))
}
