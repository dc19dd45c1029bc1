//! What a party reads of conversations, and how far it has read.

use protocol::chat::{ConversationStatus, ConversationSummary, Log, LogEntry};
use protocol::ids::{ConversationId, EventId};
use protocol::stored::ConversationState;
use rusqlite::{Connection, OptionalExtension, params};
use store::{Party, Visitor};

use super::{ENTRY, find, is_blocked, log_entry, log_number, next_change};
use crate::columns::{Blob, clamped, json, uuid};

/// Whether a customer has a conversation that their client gave this key.
pub(super) fn has_conversation(db: &Connection, visitor: &Visitor, key: EventId) -> rusqlite::Result<bool> {
    let Visitor { site, account, user } = visitor;
    db.prepare_cached(
        "SELECT 1 FROM conversation WHERE site = ?1 AND account = ?2 AND user = ?3 AND key = ?4",
    )?
    .exists(params![site.0, account.as_str(), user.as_str(), Blob(key)])
}

/// Returns a customer's conversations, the oldest first.
pub(super) fn summaries(db: &Connection, visitor: &Visitor) -> rusqlite::Result<Vec<ConversationSummary>> {
    let Visitor { site, account, user } = visitor;
    db.prepare_cached(
        "SELECT id, pub, visitor_read, agent_read, thread,
             (SELECT count(*) FROM line WHERE conversation = id AND log = 0 AND seq > visitor_read
              AND side = 1 AND json_extract(said, '$.kind') = 'message')
         FROM conversation
         WHERE site = ?1 AND account = ?2 AND user = ?3 ORDER BY created, id",
    )?
    .query_map(params![site.0, account.as_str(), user.as_str()], |row| {
        Ok(ConversationSummary {
            id: ConversationId(EventId(uuid(row, 0)?)),
            seq: row.get(1)?,
            read: row.get(2)?,
            peer_read: row.get(3)?,
            unread: row.get(5)?,
            status: match json::<ConversationState>(&row.get::<_, String>(4)?)?.status {
                ConversationStatus::Resolved => ConversationStatus::Resolved,
                // Customers do not see that an agent snoozed it.
                ConversationStatus::Open | ConversationStatus::Snoozed => ConversationStatus::Open,
            },
        })
    })?
    .collect()
}

/// Returns entries of a log in order; none when it does not exist for the party. Private notes exist for agents
/// only.
pub(super) fn log_entries(
    db: &Connection,
    party: &Party,
    id: ConversationId,
    log: Log,
    (from, to): (u64, u64),
    limit: u64,
) -> rusqlite::Result<Option<Vec<LogEntry>>> {
    if find(db, party, id)?.is_none() || (log == Log::Internal && matches!(party, Party::Visitor(_))) {
        return Ok(None);
    }
    db.prepare_cached(&format!(
        "SELECT {ENTRY} FROM line WHERE conversation = ?1 AND log = ?2 AND seq BETWEEN ?3 AND ?4
         ORDER BY seq LIMIT ?5"
    ))?
    .query_map(params![Blob(id.0), log_number(log), clamped(from), clamped(to), clamped(limit)], log_entry)?
    .collect::<rusqlite::Result<_>>()
    .map(Some)
}

/// Notes that a party has read up to an entry.
pub(super) fn mark_read(
    db: &Connection,
    party: &Party,
    id: ConversationId,
    seq: u64,
) -> rusqlite::Result<Option<(Visitor, u64)>> {
    let Some(visitor) = marks(db, party, id, seq)? else { return Ok(None) };
    let column = mark(party);
    let read = db
        .prepare_cached(&format!(
            "UPDATE conversation SET {column} = min(?2, pub),
                 rev = ?3
             WHERE id = ?1 AND {column} < min(?2, pub) RETURNING {column}"
        ))?
        .query_row(params![Blob(id.0), clamped(seq), next_change(db, visitor.site)?], |row| row.get(0))
        .optional()?;
    Ok(read.map(|read| (visitor, read)))
}

/// Whether a party's mark moves when it has read up to an entry, and of which customer's conversation. It only reads: a
/// mark that stays where it is costs no sync of the disk.
pub(super) fn marks(
    db: &Connection,
    party: &Party,
    id: ConversationId,
    seq: u64,
) -> rusqlite::Result<Option<Visitor>> {
    let Some(found) = find(db, party, id)? else { return Ok(None) };
    if matches!(party, Party::Visitor(_)) && is_blocked(db, &found.visitor)? {
        return Ok(None);
    }
    let column = mark(party);
    let moves = db
        .prepare_cached(&format!("SELECT 1 FROM conversation WHERE id = ?1 AND {column} < min(?2, pub)"))?
        .exists(params![Blob(id.0), clamped(seq)])?;
    Ok(moves.then_some(found.visitor))
}

/// The column of a party's mark.
fn mark(party: &Party) -> &'static str {
    match party {
        Party::Visitor(_) => "visitor_read",
        Party::Agent(_) => "agent_read",
    }
}
