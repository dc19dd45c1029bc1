//! The trait `Conversations`, call by call.

use async_trait::async_trait;
use protocol::Millis;
use protocol::chat::{ConversationSummary, Log, LogEntry};
use protocol::console::Conversation;
use protocol::ids::{ConversationId, EventId};
use store::text::{WithoutNul, without_nul};
use store::{AppendOutcome, Conversations, NewLogEntry, Party, SiteId, Target, Visitor};

use super::{append, erasure, inbox, messages};
use crate::error::Result;
use crate::{SqliteStore, epoch};

#[async_trait]
impl Conversations for SqliteStore {
    async fn epoch(&self) -> Result<String> {
        self.read(epoch::name).await
    }

    async fn search_conversations(
        &self,
        site: SiteId,
        text: &str,
        limit: u64,
    ) -> Result<Vec<(ConversationId, String)>> {
        let text = without_nul(text).into_owned();
        self.read(move |db| inbox::search(db, site, &text, limit)).await
    }

    async fn delete_inactive(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64> {
        self.delete_old(site, before, limit).await
    }

    async fn set_blocked(&self, visitor: &Visitor, blocked: bool, at: Millis) -> Result<()> {
        let visitor = visitor.clone();
        self.write(move |db| erasure::set_blocked(db, &visitor, blocked, at)).await
    }

    async fn append_message(
        &self,
        party: Party,
        target: Target,
        entry: NewLogEntry,
    ) -> Result<AppendOutcome> {
        let entry = entry.without_nul();
        self.write(move |db| append::append(db, &party, target, entry)).await
    }

    async fn has_conversation(&self, visitor: &Visitor, key: EventId) -> Result<bool> {
        let visitor = visitor.clone();
        self.read(move |db| messages::has_conversation(db, &visitor, key)).await
    }

    async fn conversation_summaries(&self, visitor: &Visitor) -> Result<Vec<ConversationSummary>> {
        let visitor = visitor.clone();
        self.read(move |db| messages::summaries(db, &visitor)).await
    }

    async fn log_entries(
        &self,
        party: &Party,
        conversation: ConversationId,
        log: Log,
        from: u64,
        to: u64,
        limit: u64,
    ) -> Result<Option<Vec<LogEntry>>> {
        let party = party.clone();
        self.read(move |db| messages::log_entries(db, &party, conversation, log, (from, to), limit)).await
    }

    async fn mark_read(
        &self,
        party: &Party,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<(Visitor, u64)>> {
        let (asks, party) = (party.clone(), party.clone());
        // A mark that stays where it is waits for nothing.
        if self.read(move |db| messages::marks(db, &asks, conversation, seq)).await?.is_none() {
            return Ok(None);
        }
        self.move_mark(party, conversation, seq).await
    }

    async fn conversation(
        &self,
        party: &Party,
        c: ConversationId,
    ) -> Result<Option<(Conversation, Visitor)>> {
        let party = party.clone();
        self.read(move |db| inbox::conversation(db, &party, c)).await
    }

    async fn conversations(&self, site: SiteId, rev: u64, limit: u64) -> Result<Vec<Conversation>> {
        self.read(move |db| inbox::conversations(db, site, rev, limit)).await
    }
}
