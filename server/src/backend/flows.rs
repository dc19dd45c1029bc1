//! `PUT /v1/flows/{name}`: a product team publishes its flow file.

use axum::Json;
use axum::extract::State;
use journey::flow_file::check;
use journey::flow_file::check::Shown;
use protocol::files::FlowRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{FlowVersion, PublishOutcome};

use crate::app::App;
use crate::auth::HostBackend;
use crate::http::{Path, Refusal, Text};
use crate::random;

/// The answer to a flow file.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct PublishReply {
    /// The flow with its version, such as `setup@7`.
    pub flow: FlowRef,
    /// False when this very file was the newest version already.
    pub new: bool,
}

/// How many problems one answer shows: each is looked up in the file.
const MAX_SHOWN: usize = 20;

/// Publishes the flow file in the body as the next version.
///
/// # Errors
/// `BrokenFlow` with the problems, of very many the first; nothing is published then.
pub async fn put(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Path(name): Path<String>,
    Text(text): Text,
) -> Result<Json<PublishReply>, Refusal> {
    let checked = check::read(&text).map_err(|problems| {
        let file = format!("{name}.toml");
        let shown = problems.iter().take(MAX_SHOWN);
        let shown = shown.map(|problem| Shown { file: &file, text: &text, problem }.to_string());
        Refusal::BrokenFlow(shown.collect())
    })?;
    if checked.flow.name != name {
        return Err(Refusal::BrokenFlow(format!("the file's name is {:?}, not {name:?}", checked.flow.name)));
    }
    let now = app.clock.now();
    let row = FlowVersion { flow: checked.flow, source: text, published: now, id: random::id(now) };
    let (version, new) = match app.flows.publish(site.id, row).await? {
        PublishOutcome::New(version) => (version, true),
        PublishOutcome::Unchanged(version) => (version, false),
    };
    Ok(Json(PublishReply { flow: FlowRef { name, version }, new }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S37: a flow file is taken, or every mistake of it is shown at its place; what is taken can be shown to people.
    #[test]
    fn s37_a_flow_of_any_bytes_is_taken_or_its_mistakes_are_shown() {
        fuzz::fuzz("flow", |bytes| {
            let text = String::from_utf8_lossy(bytes);
            match check::read(&text) {
                Ok(checked) => {
                    let shown = journey::flow_file::localize(&checked.flow, "en-GB", "too much work");
                    serde_json::to_string(&shown).unwrap();
                }
                Err(problems) => {
                    assert!(!problems.is_empty());
                    for problem in &problems {
                        let shown = Shown { file: "flow.toml", text: &text, problem }.to_string();
                        assert!(!shown.is_empty());
                    }
                }
            }
        });
    }
}
