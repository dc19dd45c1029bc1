//! Everything that one connection is sent, each entry once, and in its order within a log.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::chat::{
    Author, Log, LogEntry, LogEntryBody, ResumePoint, ServerFrame, Side, Welcome, limits as chat_limits,
};
use protocol::ids::ConversationId;
use store::{Party, SiteId, Visitor};

use crate::app::App;
use crate::app::hub::Subscriber;
use crate::http::Refusal;
use crate::pictures;

/// One connection's place in every log that it may read.
pub struct Subscription {
    app: App,
    party: Party,
    subscriber: Arc<Subscriber>,
    sent: HashMap<(ConversationId, Log), Sent>,
}

/// Entries of a log that were sent, or that the client knows: all from the one to the other.
#[derive(Clone, Copy)]
struct Sent {
    /// The first of them.
    from: u64,
    /// The last of them.
    to: u64,
}

impl Subscription {
    /// Subscribes a customer who knows some entries already; returns the first frames for them, too.
    ///
    /// # Errors
    /// `TooFast` when they have too many connections, and when the store does not answer.
    pub async fn of_visitor(
        app: &App,
        visitor: &Visitor,
        resume: &[ResumePoint],
        epoch: &str,
    ) -> Result<(Self, Vec<ServerFrame>), Refusal> {
        // Subscribe first, read then: an entry that comes in between is hinted at.
        let subscriber = app.chat.hub.subscribe_visitor(visitor).ok_or(Refusal::TooFast(5))?;
        let heads = app.store.conversation_summaries(visitor).await?;
        let now = app.store.epoch().await?;
        let party = Party::Visitor(visitor.clone());
        let mut subscription = Self { app: app.clone(), party, subscriber, sent: HashMap::new() };
        let (hours, teams) = app.support.now(visitor.site).await?;
        let mut first = vec![ServerFrame::Welcome(Welcome {
            server_time: app.clock.now(),
            heartbeat: chat_limits::HEARTBEAT,
            max_chars: chat_limits::TEXT,
            hours,
            teams,
            conversations: heads.clone(),
            epoch: now.clone(),
        })];
        let same = epoch.is_empty() || epoch == now;
        let mut budget = chat_limits::PAGE;
        // The newest conversation first.
        for head in heads.into_iter().rev() {
            let claimed =
                resume.iter().find(|known| known.conversation == head.id && known.log == Log::Public);
            let known = claimed.filter(|_| same).map_or(0, |known| known.seq);
            let is_behind = known <= head.seq && head.seq - known <= budget;
            budget -= if is_behind { head.seq - known } else { 0 };
            if !is_behind {
                // Too much to send, or they know entries that this database does not have: they must ask.
                first.push(ServerFrame::Gap {
                    conversation: head.id,
                    log: Log::Public,
                    floor: 1,
                    head: head.seq,
                });
            }
            let to = if is_behind { known } else { head.seq };
            subscription.sent.insert((head.id, Log::Public), Sent { from: 1, to });
            if to < head.seq {
                first.extend(subscription.read_on(head.id, Log::Public, to + 1).await?);
            }
        }
        // What is no longer kept, or never was theirs: a client that knows of it must not take it for silence.
        for known in resume.iter().filter(|known| known.log == Log::Public) {
            let conversation = known.conversation;
            if !subscription.sent.contains_key(&(conversation, Log::Public)) {
                first.push(ServerFrame::Gap { conversation, log: Log::Public, floor: 1, head: 0 });
            }
        }
        Ok((subscription, first))
    }

    /// Subscribes an agent to what happens at a site from now on.
    pub fn of_agent(app: &App, site: SiteId, agent: Author) -> Self {
        Self::at_site(app, site, app.chat.hub.subscribe_agent(site, agent))
    }

    /// Subscribes an operator who only reads to what happens at a site from now on.
    pub fn of_reader(app: &App, site: SiteId) -> Self {
        Self::at_site(app, site, app.chat.hub.subscribe_reader(site))
    }

    fn at_site(app: &App, site: SiteId, subscriber: Arc<Subscriber>) -> Self {
        Self { app: app.clone(), party: Party::Agent(site), sent: HashMap::new(), subscriber }
    }

    /// Waits until something is pending; may be cancelled at any time.
    pub async fn ready(&self) {
        self.subscriber.ready().await;
    }

    /// Returns the frames that are pending.
    ///
    /// # Errors
    /// When the store does not answer; what was pending still is.
    pub async fn take(&mut self) -> Result<Vec<ServerFrame>, Refusal> {
        let pending = self.subscriber.take();
        let mut frames = Vec::new();
        let mut entries = pending.entries.into_iter();
        while let Some(((conversation, log), (first, last))) = entries.next() {
            match self.read_hinted(conversation, log, first, last).await {
                Ok(read) => frames.extend(read),
                Err(error) => {
                    // Nothing is lost because the database was busy.
                    self.subscriber.hint(conversation, log, first, last);
                    entries.for_each(|((conversation, log), (first, last))| {
                        self.subscriber.hint(conversation, log, first, last)
                    });
                    return if frames.is_empty() { Err(error) } else { Ok(frames) };
                }
            }
        }
        frames.extend(pending.ephemeral);
        Ok(frames)
    }

    /// Reads what a hint speaks of and what was not sent yet. Entries that were written at the same time may be
    /// hinted at in another order than they stand in the log.
    async fn read_hinted(
        &mut self,
        conversation: ConversationId,
        log: Log,
        first: u64,
        last: u64,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        let Some(Sent { from, to }) = self.sent.get(&(conversation, log)).copied() else {
            // A customer begins at the beginning; an agent has asked for what was there before.
            let first = if matches!(self.party, Party::Visitor(_)) { 1 } else { first };
            return self.read_on(conversation, log, first).await;
        };
        let mut frames = Vec::new();
        if first < from {
            frames = self.read(conversation, log, first, from - 1, from - first).await?;
        }
        if last > to {
            frames.extend(self.read_on(conversation, log, to + 1).await?);
        }
        Ok(frames)
    }

    /// Reads a log from an entry on, a page at most. Where there may be more, a hint of its own brings it.
    async fn read_on(
        &mut self,
        conversation: ConversationId,
        log: Log,
        from: u64,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        let page = chat_limits::PAGE;
        let frames = self.read(conversation, log, from, u64::MAX, page).await?;
        if let Some(Sent { to, .. }) =
            self.sent.get(&(conversation, log)).filter(|_| frames.len() as u64 == page)
        {
            self.subscriber.hint(conversation, log, to + 1, to + 1);
        }
        Ok(frames)
    }

    /// Reads entries of a log and notes that they are sent.
    async fn read(
        &mut self,
        conversation: ConversationId,
        log: Log,
        from: u64,
        to: u64,
        limit: u64,
    ) -> Result<Vec<ServerFrame>, Refusal> {
        let entries = self.app.store.log_entries(&self.party, conversation, log, from, to, limit).await?;
        let mut entries = entries.unwrap_or_default();
        pictures::attach(&self.app, &self.party, &mut entries).await?;
        if let Some(last) = entries.last() {
            let sent = self.sent.entry((conversation, log)).or_insert(Sent { from, to: last.seq });
            *sent = Sent { from: sent.from.min(from), to: sent.to.max(last.seq) };
        }
        Ok(entries.into_iter().map(|entry| ServerFrame::Event(visible_to(&self.party, entry))).collect())
    }
}

/// Returns an entry as a party may see it: customers do not learn the e-mail addresses of agents.
pub(super) fn visible_to(party: &Party, mut entry: LogEntry) -> LogEntry {
    if matches!(party, Party::Visitor(_)) && entry.author.side == Side::Agent {
        entry.author.id.clear();
    }
    if let (Party::Visitor(_), LogEntryBody::Assigned { agent }) = (party, &mut entry.body) {
        agent.id.clear();
    }
    entry
}
