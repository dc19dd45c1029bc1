//! Everything that one listener is told, each line once and in its order.

use std::collections::HashMap;
use std::sync::Arc;

use protocol::chat::{
    Author, Log, LogEntry, LogEntryBody, ResumePoint, ServerFrame, Side, Welcome, limits as chat_limits,
};
use protocol::ids::ConversationId;
use store::{Party, SiteId, Visitor};

use super::Ear;
use crate::app::App;
use crate::http::Refusal;

/// One listener's place in every log that they may read.
pub struct Feed {
    app: App,
    party: Party,
    ear: Arc<Ear>,
    sent: HashMap<(ConversationId, Log), u64>,
}

impl Feed {
    /// A customer who knows some lines already; gives what they are told first.
    ///
    /// # Errors
    /// When they have too many connections, or the store does not answer.
    pub async fn of_visitor(
        app: &App,
        visitor: &Visitor,
        resume: &[ResumePoint],
        epoch: &str,
    ) -> Result<(Self, Vec<ServerFrame>), Refusal> {
        // Listen first, look then: what comes in between is heard of.
        let ear = app.chat.hub.listen(visitor).ok_or(Refusal::TooFast(5))?;
        let heads = app.store.conversation_summaries(visitor).await?;
        let now = app.store.epoch().await?;
        let mut feed =
            Self { app: app.clone(), party: Party::Visitor(visitor.clone()), ear, sent: HashMap::new() };
        let (hours, teams) = app.hours(visitor.site).await?;
        let mut first = vec![ServerFrame::Welcome(Welcome {
            srv_time: app.clock.now(),
            hb: chat_limits::HEARTBEAT,
            limits: chat_limits::TEXT,
            hours,
            teams,
            heads: heads.clone(),
            epoch: now.clone(),
        })];
        let same = epoch.is_empty() || epoch == now;
        let mut budget = chat_limits::PAGE;
        // The newest conversation first.
        for head in heads.into_iter().rev() {
            let said = resume.iter().find(|known| known.c == head.c && known.log == Log::Pub);
            let known = said.filter(|_| same).map_or(0, |known| known.seq);
            let is_behind = known <= head.seq && head.seq - known <= budget;
            budget -= if is_behind { head.seq - known } else { 0 };
            if !is_behind {
                // Too much to send, or they know lines that this database does not: they must ask.
                first.push(ServerFrame::Gap { c: head.c, log: Log::Pub, floor: 1, head: head.seq });
            }
            feed.sent.insert((head.c, Log::Pub), if is_behind { known } else { head.seq });
            if is_behind && known < head.seq {
                first.extend(feed.read_on(head.c, Log::Pub).await?);
            }
        }
        Ok((feed, first))
    }

    /// An agent, from now on.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of_agent(app: &App, site: SiteId, agent: Author) -> Result<Self, Refusal> {
        let ear = app.chat.hub.attend(site, agent);
        let all = app.store.conversations(site, 0, u64::MAX).await?;
        let sent =
            all.iter().flat_map(|one| [((one.c, Log::Pub), one.heads[0]), ((one.c, Log::Int), one.heads[1])]);
        Ok(Self { app: app.clone(), party: Party::Agent(site), sent: sent.collect(), ear })
    }

    /// Waits until there is something to tell; may be given up at any time.
    pub async fn ready(&self) {
        self.ear.ready().await;
    }

    /// What there is to tell now.
    ///
    /// # Errors
    /// When the store does not answer; what was to be told waits.
    pub async fn take(&mut self) -> Result<Vec<ServerFrame>, Refusal> {
        let heard = self.ear.take();
        let mut told = Vec::new();
        let mut moved = heard.moved.into_iter();
        while let Some(c) = moved.next() {
            let logs: &[Log] = match &self.party {
                Party::Visitor(_) => &[Log::Pub],
                Party::Agent(_) => &[Log::Pub, Log::Int],
            };
            for log in logs {
                match self.read_on(c, *log).await {
                    Ok(lines) => told.extend(lines),
                    Err(error) => {
                        // Nothing is forgotten because the disk was busy.
                        self.ear.hint(c);
                        moved.for_each(|c| self.ear.hint(c));
                        return if told.is_empty() { Err(error) } else { Ok(told) };
                    }
                }
            }
        }
        told.extend(heard.whispers);
        Ok(told)
    }

    /// The lines of a log after the last one that was told, a page at most.
    async fn read_on(&mut self, c: ConversationId, log: Log) -> Result<Vec<ServerFrame>, Refusal> {
        let sent = self.sent.entry((c, log)).or_default();
        let page = chat_limits::PAGE;
        let lines = self.app.store.log_entries(&self.party, c, log, *sent + 1, u64::MAX, page).await?;
        let lines = lines.unwrap_or_default();
        if let Some(last) = lines.last() {
            *sent = last.seq;
        }
        if lines.len() as u64 == page {
            self.ear.hint(c);
        }
        let party = &self.party;
        Ok(lines.into_iter().map(|line| ServerFrame::Event(shown(party, line))).collect())
    }
}

/// A line as it is shown to somebody: customers are not told the addresses of agents.
pub(super) fn shown(party: &Party, mut line: LogEntry) -> LogEntry {
    if matches!(party, Party::Visitor(_)) && line.author.side == Side::Agent {
        line.author.id.clear();
    }
    if let (Party::Visitor(_), LogEntryBody::Assigned { agent }) = (party, &mut line.said) {
        agent.id.clear();
    }
    line
}
