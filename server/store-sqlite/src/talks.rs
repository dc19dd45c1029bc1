//! The part of the store that keeps conversations, call by call.

use ::store::{ChatStore, Erased, NewLine, Party, Place, SiteId, Spoken, Visitor, Waiting};
use async_trait::async_trait;
use journey::hours::Wait;
use protocol::{Conversation, ConversationId, DeskFile, Head, Line, Log, Millis, UserId};

use crate::{Result, SqliteStore, chat, desk, inbox, leave, lines};

#[async_trait]
impl ChatStore for SqliteStore {
    async fn epoch(&self) -> Result<String> {
        self.read(chat::epoch).await
    }

    async fn search(&self, site: SiteId, words: &str, limit: u64) -> Result<Vec<ConversationId>> {
        let words = words.to_owned();
        self.read(move |db| inbox::search(db, site, &words, limit)).await
    }

    async fn sweep(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64> {
        self.sweep_old(site, before, limit).await
    }

    async fn bar(&self, visitor: &Visitor, barred: bool, at: Millis) -> Result<()> {
        let visitor = visitor.clone();
        self.writer.run(move |db| leave::bar(db, &visitor, barred, at)).await
    }

    async fn erase(&self, site: SiteId, user: &UserId) -> Result<Erased> {
        self.erase_person(site, user.clone()).await
    }

    async fn publish_desk(&self, site: SiteId, since: Millis, file: DeskFile) -> Result<bool> {
        self.writer.run(move |db| desk::publish(db, site, since, &file)).await
    }

    async fn desks(&self, site: SiteId) -> Result<Vec<(Millis, DeskFile)>> {
        self.read(move |db| desk::versions(db, site)).await
    }

    async fn waiting(&self, site: SiteId) -> Result<Vec<Waiting>> {
        self.read(move |db| desk::waiting(db, site)).await
    }

    async fn waits(&self, site: SiteId, since: Millis) -> Result<Vec<Wait>> {
        self.read(move |db| desk::waits(db, site, since)).await
    }

    async fn load(&self, site: SiteId) -> Result<Vec<(String, u64)>> {
        self.read(move |db| desk::load(db, site)).await
    }

    async fn speak(&self, party: Party, place: Place, line: NewLine) -> Result<Spoken> {
        self.writer.run(move |db| chat::speak(db, &party, place, line)).await
    }

    async fn heads(&self, visitor: &Visitor) -> Result<Vec<Head>> {
        let visitor = visitor.clone();
        self.read(move |db| lines::heads(db, &visitor)).await
    }

    async fn lines(
        &self,
        party: &Party,
        c: ConversationId,
        log: Log,
        from: u64,
        to: u64,
        limit: u64,
    ) -> Result<Option<Vec<Line>>> {
        let party = party.clone();
        self.read(move |db| lines::lines(db, &party, c, log, (from, to), limit)).await
    }

    async fn note_read(&self, party: &Party, c: ConversationId, seq: u64) -> Result<Option<(Visitor, u64)>> {
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
