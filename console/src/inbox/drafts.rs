//! Drafts on this device: a reload, a closed window or a lost session loses nothing that was written. Signing
//! out deletes them.

use leptos::prelude::window;
use protocol::ids::ConversationId;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

/// The name of every draft begins with this, then come the agent's address and the conversation.
const PREFIX: &str = "tabiji.draft.";

/// What an agent has written in a conversation and not sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Whether it is a note to colleagues.
    pub is_note: bool,
    /// The text.
    pub text: String,
}

/// Returns the draft of a conversation.
pub fn load(agent: &str, conversation: ConversationId) -> Draft {
    let kept = storage().and_then(|storage| storage.get_item(&name(agent, conversation)).ok().flatten());
    kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

/// Keeps the draft of a conversation; an empty one is deleted.
pub fn keep(agent: &str, conversation: ConversationId, draft: &Draft) {
    let (Some(storage), name) = (storage(), name(agent, conversation)) else { return };
    // On a device without room the text stands in its field alone.
    let _ = match serde_json::to_string(draft) {
        Ok(kept) if !draft.text.is_empty() => storage.set_item(&name, &kept),
        _ => storage.remove_item(&name),
    };
}

/// Deletes all drafts of an agent.
pub fn forget_drafts(agent: &str) {
    let Some(storage) = storage() else { return };
    let prefix = [PREFIX, agent].concat();
    let names = (0..storage.length().unwrap_or_default()).filter_map(|n| storage.key(n).ok().flatten());
    let names: Vec<String> = names.filter(|name| name.starts_with(&prefix)).collect();
    for name in names {
        // What is not there needs no deleting.
        let _ = storage.remove_item(&name);
    }
}

fn name(agent: &str, conversation: ConversationId) -> String {
    [PREFIX, agent, ".", &conversation.0.text()].concat()
}

/// Returns the browser's storage; none where it is switched off.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
