//! What the chat keeps on the device, shared by all tabs: unsent messages, the key of a conversation, and a draft.

use std::cell::Cell;

use journey::chat_client::{OutboxStorage, Outgoing};
use protocol::ids::EventId;
use wasm_bindgen::JsValue;

use super::encode::stored;
use crate::browser::{self, Ids};
use crate::i18n::concat;
use crate::js;
use crate::wire::{Json, Read};

/// Unsent messages of one person: one record each in `localStorage`, which is written before a press returns
/// (docs/decisions/0009-chat.md).
pub struct StoredOutbox {
    prefix: String,
}

impl StoredOutbox {
    /// The messages of an owner.
    pub fn new(owner: &str) -> Self {
        Self { prefix: prefix(owner) }
    }

    fn key(&self, id: EventId) -> String {
        concat(&[self.prefix.as_str(), &id.text()])
    }
}

/// What the keys of an owner's messages begin with.
pub fn prefix(owner: &str) -> String {
    concat(&["tabiji:chat:", owner, ":"])
}

impl OutboxStorage for StoredOutbox {
    fn load(&self) -> Option<Vec<Outgoing>> {
        let storage = js::get(&js::window(), "localStorage");
        let keys = js::call(&js::get(&js::window(), "Object"), "keys", &[storage]).ok()?;
        let keys = Vec::<String>::read(&Json::of(keys))?;
        let mut mine = Vec::new();
        for key in &keys {
            if key.starts_with(&self.prefix)
                && let Some(stored) = browser::recall(key)
                && let Some(message) = Json::parse(&stored).and_then(|json| Outgoing::read(&json))
            {
                mine.push(message);
            }
        }
        Some(mine)
    }

    fn put(&self, message: &Outgoing) -> bool {
        let (key, json) = (self.key(message.id), stored(message));
        browser::remember(&key, Some(&json));
        browser::recall(&key).as_deref() == Some(json.as_str())
    }

    fn delete(&self, id: EventId) {
        browser::remember(&self.key(id), None);
    }
}

/// The key of the conversation that a person begins: the same in all tabs, so that two that begin at once begin one
/// conversation. It also names a person without a token, because names that a page gives can be guessed.
pub struct ConversationKey {
    name: String,
    /// Where the page has no storage.
    kept: Cell<Option<EventId>>,
}

impl ConversationKey {
    /// The key of an owner.
    pub fn new(owner: &str) -> Self {
        Self { name: concat(&["tabiji:talk:", owner]), kept: Cell::new(None) }
    }

    /// The key, made when there is none.
    pub fn get(&self, ids: &Ids) -> EventId {
        let stored = browser::recall(&self.name).and_then(|text| EventId::parse(&text));
        let key = stored.or(self.kept.get()).unwrap_or_else(|| {
            let fresh = ids.next();
            browser::remember(&self.name, Some(&fresh.text()));
            fresh
        });
        self.kept.set(Some(key));
        key
    }
}

/// The name under which an owner's draft is kept.
pub fn draft(owner: &str) -> String {
    concat(&["tabiji:draft:", owner])
}

/// Whether a storage event of another tab is about an owner's messages.
pub fn concerns(event: &JsValue, owner: &str) -> bool {
    let key = js::get(event, "key").as_string();
    key.is_none_or(|key| key.starts_with(&prefix(owner)))
}
