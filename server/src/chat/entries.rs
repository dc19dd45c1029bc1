//! What both sides of a conversation do: append entries to its log, mark entries as read, pass on that they type.

use journey::support::conversation::may_append;
use protocol::chat::{Author, LogEntryBody, NackReason, ServerFrame, Side};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId};
use store::{AppendOutcome, NewLogEntry, Party, Site, SiteId, StoreError, Target};

use super::validate::validate;
use crate::app::{App, AppInner};
use crate::random;

/// How long a client of a blocked person waits before it tries again, in seconds.
const BLOCKED_RETRY: u64 = 60 * 60;
/// How long a client waits before it tries again after the store failed, in seconds.
pub(super) const FAILED_RETRY: u64 = 5;

/// Appends what an agent says or does; returns the acknowledgement or the reason against it.
pub async fn append_agent_action(
    app: &App,
    site: &Site,
    author: Author,
    conversation: ConversationId,
    action: AgentAction,
) -> ServerFrame {
    let AgentAction { id, body } = action;
    if !may_append(Side::Agent, &body) {
        return nack(id, NackReason::NotFound, None);
    }
    let entry = NewLogEntry { id, author, at: app.clock.now(), body, context: None };
    append(app, Party::Agent(site.id), Target::Known(conversation), entry).await
}

/// Notes in a conversation's log what an agent has done by another way. That it was done does not depend on the note.
pub async fn append_of_agent(
    app: &App,
    site: SiteId,
    author: Author,
    conversation: ConversationId,
    body: LogEntryBody,
) {
    let id = random::id(app.clock.now());
    let entry = NewLogEntry { id, author, at: app.clock.now(), body, context: None };
    append(app, Party::Agent(site), Target::Known(conversation), entry).await;
}

/// Validates an entry, writes it, and notifies subscribers; returns the acknowledgement or the reason against it.
pub(super) async fn append(app: &App, party: Party, target: Target, entry: NewLogEntry) -> ServerFrame {
    let id = entry.id;
    if let Err(code) = validate(&entry.body) {
        return nack(id, code, None);
    }
    // Runs in its own task: subscribers are notified even if this client disconnects after the write.
    let app = app.clone();
    let written = tokio::spawn(async move { write(&app, party, target, entry).await });
    written.await.unwrap_or_else(|_| nack(id, NackReason::Busy, Some(FAILED_RETRY)))
}

async fn write(app: &AppInner, party: Party, target: Target, entry: NewLogEntry) -> ServerFrame {
    let id = entry.id;
    match app.store.append_message(party, target, entry).await {
        // A duplicate is hinted at, too: the outcome of the first attempt may have been unknown.
        Ok(AppendOutcome::Stored { entry, duplicate, visitor }) => {
            app.chat.hub.notify(&visitor, entry.conversation, entry.log, entry.seq);
            ServerFrame::Ack { id, conversation: entry.conversation, seq: entry.seq, duplicate }
        }
        Ok(AppendOutcome::Conflict) => nack(id, NackReason::IdConflict, None),
        Ok(AppendOutcome::TooMany) => nack(id, NackReason::TooFast, None),
        Ok(AppendOutcome::NoFile) => nack(id, NackReason::NoFile, None),
        // Blocked users get a rate-limit error: the client keeps the message and cannot tell that it is blocked.
        Ok(AppendOutcome::Blocked) => nack(id, NackReason::TooFast, Some(BLOCKED_RETRY)),
        Ok(AppendOutcome::NotFound) => {
            tracing::info!(%id, "message to a conversation of another person, or to none");
            nack(id, NackReason::NotFound, None)
        }
        Err(StoreError::Busy) => nack(id, NackReason::Busy, Some(1)),
        Err(error) => {
            tracing::error!(%error, "a log entry was not written");
            nack(id, NackReason::Busy, Some(FAILED_RETRY))
        }
    }
}

/// The refusal of an entry.
pub(super) fn nack(id: EventId, reason: NackReason, retry_after: Option<u64>) -> ServerFrame {
    ServerFrame::Nack { id, reason, retry_after }
}

/// Notes that a side has read up to an entry, and tells both sides.
pub async fn mark_read(app: &AppInner, party: &Party, conversation: ConversationId, seq: u64) {
    match app.store.mark_read(party, conversation, seq).await {
        Ok(Some((visitor, read))) => {
            let who = side(party);
            let frame = ServerFrame::Cursor { conversation, side: who, read };
            app.chat.hub.send_ephemeral(&visitor, &frame);
            app.chat.hub.send_ephemeral_to_agents(visitor.site, &frame);
        }
        Ok(None) => {}
        // The next mark replaces this one.
        Err(error) => tracing::warn!(%error, "a read mark was not written"),
    }
}

/// Tells the other side, and other agents, that a party types or stopped.
pub async fn send_typing(app: &AppInner, party: &Party, id: ConversationId, on: bool, author: Author) {
    let Ok(Some((conversation, visitor))) = app.store.conversation(party, id).await else { return };
    match party {
        Party::Visitor(_) if conversation.blocked => {}
        Party::Visitor(_) => app
            .chat
            .hub
            .send_ephemeral_to_agents(visitor.site, &ServerFrame::Typing { conversation: id, on, author }),
        Party::Agent(_) => {
            app.chat.hub.send_ephemeral_to_agents(
                visitor.site,
                &ServerFrame::Typing { conversation: id, on, author: author.clone() },
            );
            let author = Author { id: String::new(), ..author };
            app.chat.hub.send_ephemeral(&visitor, &ServerFrame::Typing { conversation: id, on, author });
        }
    }
}

fn side(party: &Party) -> Side {
    match party {
        Party::Visitor(_) => Side::Visitor,
        Party::Agent(_) => Side::Agent,
    }
}
