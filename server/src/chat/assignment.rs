//! What happens to unanswered conversations without anybody acting: where a site wants it, each is assigned to the
//! agent with the fewest; one whose agent went offline returns to the queue; one that waits for longer than the
//! site's goal is escalated. Each of these is an entry of the log. Decided in `docs/decisions/0010-desk.md`.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use journey::support::hours::Calendar;
use protocol::Millis;
use protocol::chat::{Author, LogEntryBody, Side};
use protocol::files::SupportTeam;
use protocol::ids::{ConversationId, EventId};
use store::{AppendOutcome, NewLogEntry, Party, Site, SiteId, Target, Unanswered};

use crate::app::{App, AppInner};
use crate::crypto;
use crate::http::Refusal;
use crate::published::SupportConfig;

/// How often unanswered conversations are scanned.
const SCAN_INTERVAL: Duration = Duration::from_secs(5);
/// How long an agent may be offline before the assignment is lost, in milliseconds: a browser that is restarted
/// is back by then.
pub const LEASE: Millis = 120_000;

/// Scans the conversations of every site, as long as the collector runs.
pub async fn run(app: &App) -> Infallible {
    let mut began = app.clock.now();
    loop {
        tokio::time::sleep(SCAN_INTERVAL).await;
        if let Err(error) = assign_waiting(app, began).await {
            tracing::warn!(?error, "unanswered conversations were not scanned");
            // Agents may have been online without being seen.
            began = app.clock.now();
        }
    }
}

/// Scans once. An agent who could not have been seen since `began` does not count as offline.
///
/// # Errors
/// When the store does not answer; the next scan does what this one did not.
pub async fn assign_waiting(app: &AppInner, began: Millis) -> Result<(), Refusal> {
    if !app.config.chat {
        return Ok(());
    }
    for site in app.sites.all().await? {
        let unanswered = app.store.unanswered(site.id).await?;
        let present = app.chat.hub.present(site.id, app.clock.now());
        if unanswered.is_empty() {
            continue;
        }
        let support = app.support.config(site.id).await?;
        let load = app.store.open_per_agent(site.id).await?.into_iter().collect();
        let mut scan = Scan { app, site: &site, support: &support, present: &present, load, began };
        for conversation in unanswered {
            scan.look_at(&conversation).await?;
        }
    }
    Ok(())
}

/// One scan of a site.
struct Scan<'a> {
    app: &'a AppInner,
    site: &'a Site,
    support: &'a SupportConfig,
    present: &'a [Author],
    /// Open conversations of each agent.
    load: HashMap<String, u64>,
    began: Millis,
}

impl Scan<'_> {
    async fn look_at(&mut self, conversation: &Unanswered) -> Result<(), Refusal> {
        let now = self.app.clock.now();
        let state = &conversation.state;
        if state.snoozed_until.is_some_and(|until| until > now) {
            return Ok(()); // snoozed by an agent
        }
        if let Some(agent) = &state.agent {
            let seen = self.app.chat.hub.last_seen(self.site.id, &agent.id).unwrap_or(self.began);
            if now - seen > LEASE {
                self.append(conversation, LogEntryBody::Released, "released").await?;
            }
            return Ok(());
        }
        if self.assign(conversation).await? {
            return Ok(());
        }
        let hours = self.support.hours.at(conversation.step.as_ref());
        let waited = state.waiting_since.map_or(0, |since| hours.business(since, now));
        let goal = hours.now().and_then(Calendar::goal);
        if !state.escalated && goal.is_some_and(|goal| waited > goal) {
            self.append(conversation, LogEntryBody::Escalated, "escalated").await?;
        }
        Ok(())
    }

    /// Assigns a conversation to the agent who is online and has the fewest; false where there is none, or the
    /// site assigns by hand.
    async fn assign(&mut self, conversation: &Unanswered) -> Result<bool, Refusal> {
        // A question of a team's step goes to the team only.
        let team = self.support.hours.team(conversation.step.as_ref()).filter(|team| !team.agents.is_empty());
        let candidates = self.present.iter().filter(|agent| team.is_none_or(|team| is_member(team, agent)));
        let fewest = candidates.min_by_key(|agent| self.load.get(&agent.id).copied().unwrap_or_default());
        let Some(agent) = fewest.filter(|_| self.support.file.assign) else { return Ok(false) };
        let body = LogEntryBody::Assigned { agent: agent.clone() };
        let assigned = self.append(conversation, body, "assigned").await?;
        if assigned {
            *self.load.entry(agent.id.clone()).or_default() += 1;
        }
        Ok(assigned)
    }

    /// Appends an entry of the system; false when it was there already.
    async fn append(
        &self,
        conversation: &Unanswered,
        body: LogEntryBody,
        kind: &str,
    ) -> Result<bool, Refusal> {
        let author = Author { side: Side::System, id: String::new(), name: String::new() };
        let id = entry_id(conversation.id, conversation.head, kind);
        let entry = NewLogEntry { id, author, at: self.app.clock.now(), body, context: None };
        append(self.app, self.site.id, conversation.id, entry).await
    }
}

async fn append(
    app: &AppInner,
    site: SiteId,
    conversation: ConversationId,
    entry: NewLogEntry,
) -> Result<bool, Refusal> {
    if let AppendOutcome::Stored { entry: line, visitor, duplicate: false } =
        app.store.append_message(Party::Agent(site), Target::Known(conversation), entry).await?
    {
        app.chat.hub.notify(&visitor, line.conversation, line.log, line.seq);
        return Ok(true);
    }
    Ok(false)
}

/// E-mail addresses of a team are written by hand, in any case.
fn is_member(team: &SupportTeam, agent: &Author) -> bool {
    team.agents.iter().any(|email| email.eq_ignore_ascii_case(&agent.id))
}

/// Deterministic: equal inputs give the same id, so a repeated scan writes nothing new. After another entry of the
/// log it is another id. Customers read it, so nothing of an agent is in it.
fn entry_id(conversation: ConversationId, head: u64, kind: &str) -> EventId {
    crypto::id_of(&format!("{}:{head}:{kind}", conversation.0))
}
