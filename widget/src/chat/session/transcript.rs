//! Everything that a tab which has just come has to know, as frames.

use journey::chat_client::ChatClient;
use protocol::chat::ServerFrame;
use protocol::ids::ConversationId;
use wasm_bindgen::JsValue;

use crate::chat::encode::{self, Fields};
use crate::js;

/// Frames as the collector sent them.
#[derive(Default)]
pub struct Transcript {
    welcome: Option<JsValue>,
    entries: Vec<(ConversationId, JsValue)>,
}

impl Transcript {
    /// Keeps what other tabs have to receive, before `client` takes the frame.
    pub fn note(&mut self, client: &ChatClient, parsed: &ServerFrame, frame: &JsValue) {
        let last = |conversation: ConversationId| {
            client.conversations().iter().find(|one| one.head.id == conversation).map_or(0, |one| one.last())
        };
        match parsed {
            ServerFrame::Welcome(welcome) => {
                if welcome.epoch != client.epoch() {
                    self.entries.clear();
                }
                self.welcome = Some(frame.clone());
            }
            ServerFrame::Event(entry) if entry.seq > last(entry.conversation) => {
                self.entries.push((entry.conversation, frame.clone()))
            }
            // Another history takes the place of this one.
            ServerFrame::Gap { conversation, head, .. } if *head > 0 && last(*conversation) > *head => {
                self.entries.retain(|(other, _)| other != conversation);
            }
            _ => {}
        }
    }

    /// A welcome that says where conversations stand now, and their entries.
    pub fn frames(&self, client: &ChatClient) -> Vec<JsValue> {
        let Some(welcome) = &self.welcome else { return Vec::new() };
        let heads = js::list(client.conversations().iter().map(|one| encode::head(&one.head)));
        let fields = Fields::new();
        fields.text("t", "welcome");
        fields.text("epoch", client.epoch());
        fields.set("hours", &js::get(welcome, "hours"));
        fields.set("teams", &js::get(welcome, "teams"));
        fields.set("heads", &heads);
        let mut frames = vec![fields.done()];
        for (_, frame) in &self.entries {
            frames.push(frame.clone());
        }
        frames
    }
}
