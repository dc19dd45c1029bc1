//! The part of the store that keeps conversations, call by call.

use ::store::{
    AppendOutcome, Conversations, Erased, NewLogEntry, Party, SiteId, Support, Target, Unanswered, Visitor,
};
use async_trait::async_trait;
use journey::support::hours::FirstResponse;
use protocol::Millis;
use protocol::chat::{ConversationSummary, Log, LogEntry};
use protocol::console::Conversation;
use protocol::files::SupportFile;
use protocol::ids::{ConversationId, UserId};

use crate::{Result, SqliteStore, chat, desk, inbox, leave, lines};

#[async_trait]
impl Conversations for SqliteStore {
    async fn epoch(&self) -> Result<String> {
        self.read(chat::epoch).await
    }

    async fn search_conversations(
        &self,
        site: SiteId,
        text: &str,
        limit: u64,
    ) -> Result<Vec<ConversationId>> {
        let text = text.to_owned();
        self.read(move |db| inbox::search(db, site, &text, limit)).await
    }

    async fn delete_inactive(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64> {
        self.sweep_old(site, before, limit).await
    }

    async fn set_blocked(&self, visitor: &Visitor, blocked: bool, at: Millis) -> Result<()> {
        let visitor = visitor.clone();
        self.writer.run(move |db| leave::bar(db, &visitor, blocked, at)).await
    }

    async fn erase_user(&self, site: SiteId, user: &UserId) -> Result<Erased> {
        self.erase_person(site, user.clone()).await
    }

    async fn append_message(
        &self,
        party: Party,
        target: Target,
        entry: NewLogEntry,
    ) -> Result<AppendOutcome> {
        self.writer.run(move |db| chat::speak(db, &party, target, entry)).await
    }

    async fn conversation_summaries(&self, visitor: &Visitor) -> Result<Vec<ConversationSummary>> {
        let visitor = visitor.clone();
        self.read(move |db| lines::heads(db, &visitor)).await
    }

    async fn log_entries(
        &self,
        party: &Party,
        c: ConversationId,
        log: Log,
        from: u64,
        to: u64,
        limit: u64,
    ) -> Result<Option<Vec<LogEntry>>> {
        let party = party.clone();
        self.read(move |db| lines::lines(db, &party, c, log, (from, to), limit)).await
    }

    async fn mark_read(&self, party: &Party, c: ConversationId, seq: u64) -> Result<Option<(Visitor, u64)>> {
        let party = party.clone();
        self.writer.run(move |db| lines::note_read(db, &party, c, seq)).await
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

#[async_trait]
impl Support for SqliteStore {
    async fn publish_support_file(&self, site: SiteId, since: Millis, file: SupportFile) -> Result<bool> {
        self.writer.run(move |db| desk::publish(db, site, since, &file)).await
    }

    async fn support_files(&self, site: SiteId) -> Result<Vec<(Millis, SupportFile)>> {
        self.read(move |db| desk::versions(db, site)).await
    }

    async fn support_file(&self, site: SiteId) -> Result<Option<(Millis, SupportFile)>> {
        self.read(move |db| desk::in_force(db, site)).await
    }

    async fn unanswered(&self, site: SiteId) -> Result<Vec<Unanswered>> {
        self.read(move |db| desk::waiting(db, site)).await
    }

    async fn first_response_times(&self, site: SiteId, since: Millis) -> Result<Vec<FirstResponse>> {
        self.read(move |db| desk::waits(db, site, since)).await
    }

    async fn open_per_agent(&self, site: SiteId) -> Result<Vec<(String, u64)>> {
        self.read(move |db| desk::load(db, site)).await
    }
}
