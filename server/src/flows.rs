//! `PUT /v1/flows/{name}`: a product team publishes its flow file.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use journey::flow_file::check;
use journey::flow_file::check::Shown;
use protocol::files::FlowRef;
use serde::{Deserialize, Serialize};
use store::{FlowVersion, PublishOutcome};

use crate::app::App;
use crate::http::{self, Refusal};
use crate::secret;

/// What publishing did.
#[derive(Debug, Serialize, Deserialize)]
pub struct PublishReply {
    /// The flow with its version, such as `setup@7`.
    pub flow: FlowRef,
    /// False when this very file was the newest version already.
    pub new: bool,
}

/// Publishes the flow file in the body as the next version.
///
/// # Errors
/// `BrokenFlow` with every problem laid out; nothing is published then.
pub async fn put(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PublishReply>, Refusal> {
    let site = app.sites.by_secret_key(&headers).await?;
    let text = http::read_text(&headers, body).await?;
    let checked = check::read(&text).map_err(|problems| {
        let file = format!("{name}.toml");
        let shown = problems.iter().map(|problem| Shown { file: &file, text: &text, problem }.to_string());
        Refusal::BrokenFlow(shown.collect())
    })?;
    if checked.flow.name != name {
        return Err(Refusal::BrokenFlow(format!("the file's name is {:?}, not {name:?}", checked.flow.name)));
    }
    let now = app.clock.now();
    let row = FlowVersion { flow: checked.flow, source: text, published: now, id: secret::fresh_id(now) };
    let (version, new) = match app.store.publish_flow(site.id, row).await? {
        PublishOutcome::New(version) => (version, true),
        PublishOutcome::Unchanged(version) => (version, false),
    };
    Ok(Json(PublishReply { flow: FlowRef { name, version }, new }))
}
