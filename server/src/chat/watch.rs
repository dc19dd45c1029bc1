//! What happens in conversations without anybody saying it: a question that nobody takes up is told of again,
//! one whose agent has gone goes back to the queue, and where the site wants it, each goes to whoever has
//! the fewest.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use journey::support::hours::Calendar;
use protocol::Millis;
use protocol::chat::{Author, LogEntryBody, Side};
use protocol::files::SupportTeam;
use protocol::ids::{ConversationId, EventId};
use sha2::{Digest, Sha256};
use store::{AppendOutcome, NewLogEntry, Party, SiteId, Target, Unanswered};

use super::files;
use crate::app::{App, Parts};
use crate::http::Refusal;

/// How often.
const LOOK: Duration = Duration::from_secs(5);
/// How long an agent may be away before what they have goes to others, in milliseconds: a browser that is
/// restarted is back by then.
pub const LEASE: Millis = 120_000;

/// How often old conversations are looked for.
const SWEEP: Duration = Duration::from_secs(60 * 60);
/// Conversations that are deleted at once, and how long others may write between two such deeds.
const SWEPT: u64 = 10;
const PAUSE: Duration = Duration::from_millis(100);
const DAY: Millis = 24 * 60 * 60 * 1000;

/// Looks after the conversations of every site, as long as the collector runs.
pub async fn keep_watch(app: &App) -> Infallible {
    let mut began = app.clock.now();
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = look_after(app, began).await {
            tracing::warn!(?error, "conversations were not looked after");
            // Whoever was there may not have been seen meanwhile.
            began = app.clock.now();
        }
    }
}

/// Deletes what is not to be kept, as long as the collector runs.
pub async fn keep_clean(app: &App) -> Infallible {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = sweep(app).await {
            tracing::warn!(?error, "old conversations were not deleted; they are the next time");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// Looks once. Nobody counts as gone who could not have come back since `began`.
///
/// # Errors
/// When the store does not answer; the next look does what this one did not.
pub async fn look_after(app: &Parts, began: Millis) -> Result<(), Refusal> {
    if !app.config.chat {
        return Ok(());
    }
    for site in app.sites.all().await?.iter() {
        let waiting = app.store.unanswered(site.id).await?;
        let present = app.chat.hub.present(site.id, app.clock.now());
        if waiting.is_empty() {
            continue;
        }
        let desk = app.desk(site.id).await?;
        let mut load: HashMap<String, u64> = app.store.open_per_agent(site.id).await?.into_iter().collect();
        for one in waiting {
            let now = app.clock.now();
            // Somebody has put it off knowingly.
            if one.thread.until.is_some_and(|until| until > now) {
                continue;
            }
            if let Some(agent) = &one.thread.agent {
                let seen = app.chat.hub.seen(site.id, &agent.id).unwrap_or(began);
                if now - seen > LEASE {
                    say(app, site.id, &one, LogEntryBody::Released, &agent.id).await?;
                }
                continue;
            }
            let hours = desk.hours.at(one.step.as_ref());
            // A team's questions go to the team.
            let team = desk.hours.team(one.step.as_ref()).filter(|team| !team.agents.is_empty());
            let theirs = present.iter().filter(|agent| team.is_none_or(|team| is_of(team, agent)));
            let fewest = theirs.min_by_key(|agent| load.get(&agent.id).copied().unwrap_or_default());
            if let Some(agent) = fewest.filter(|_| desk.file.assign)
                && say(app, site.id, &one, LogEntryBody::Assigned { agent: agent.clone() }, &agent.id).await?
            {
                *load.entry(agent.id.clone()).or_default() += 1;
                continue;
            }
            let waited = one.thread.waiting.map_or(0, |since| hours.business(since, now));
            let goal = hours.now().and_then(Calendar::goal);
            if !one.thread.escalated && goal.is_some_and(|goal| waited > goal) {
                say(app, site.id, &one, LogEntryBody::Escalated, "").await?;
            }
        }
    }
    Ok(())
}

/// Deletes what sites no longer want to keep, a little at a time.
///
/// # Errors
/// When the store does not answer; what is left goes the next time.
pub async fn sweep(app: &Parts) -> Result<(), Refusal> {
    for site in app.sites.all().await?.iter() {
        if let Some(days) = app.desk(site.id).await?.file.keep_days {
            let before = app.clock.now() - Millis::from(days) * DAY;
            let mut all = 0;
            loop {
                let gone = app.store.delete_inactive(site.id, before, SWEPT).await?;
                all += gone;
                if gone < SWEPT {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
            if all > 0 {
                app.chat.hub.changed(site.id);
            }
        }
        files::tidy(app, site.id).await?;
    }
    Ok(())
}

/// People write addresses as they like.
fn is_of(team: &SupportTeam, agent: &Author) -> bool {
    team.agents.iter().any(|email| email.eq_ignore_ascii_case(&agent.id))
}

/// Says something in a conversation; whether it was not said before.
async fn say(
    app: &Parts,
    site: SiteId,
    one: &Unanswered,
    said: LogEntryBody,
    about: &str,
) -> Result<bool, Refusal> {
    let author = Author { side: Side::System, id: String::new(), name: String::new() };
    // Two that look at once say the same thing, and it is said once; after another line it is another thing.
    let mid = id(one.c, one.head, &said, about);
    let line = NewLogEntry { mid, author, at: app.clock.now(), said, context: None };
    if let AppendOutcome::Stored { entry: line, visitor, duplicate: false } =
        app.store.append_message(Party::Agent(site), Target::Known(one.c), line).await?
    {
        app.chat.hub.moved(&visitor, line.c);
        return Ok(true);
    }
    Ok(false)
}

/// The same for the same.
fn id(c: ConversationId, head: u64, said: &LogEntryBody, about: &str) -> EventId {
    let kind = std::mem::discriminant(said);
    let digest = Sha256::digest(format!("{}:{head}:{kind:?}:{about}", c.0));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    EventId(uuid::Uuid::from_bytes(bytes))
}
