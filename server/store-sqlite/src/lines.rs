//! What is there for somebody to read, and how far they have.

use ::store::{Party, Visitor};
use protocol::chat::{Author, ConversationStatus, ConversationSummary, Log, LogEntry, LogEntryBody, Side};
use protocol::ids::{ConversationId, EventId};
use protocol::stored::ConversationState;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::chat::{find, is_barred, next_change, number};
use crate::rows::{Blob, json, uuid};

fn side_of(number: i64) -> Side {
    match number {
        0 => Side::Visitor,
        1 => Side::Agent,
        _ => Side::System,
    }
}

/// The columns of a line, as [`line`] reads them.
pub(crate) const LINE: &str = "conversation, log, seq, mid, side, author, name, at, said";

pub(crate) fn line(row: &Row<'_>) -> rusqlite::Result<LogEntry> {
    Ok(LogEntry {
        c: ConversationId(EventId(uuid(row, 0)?)),
        log: if row.get::<_, i64>(1)? == 0 { Log::Pub } else { Log::Int },
        seq: row.get(2)?,
        mid: EventId(uuid(row, 3)?),
        author: Author { side: side_of(row.get(4)?), id: row.get(5)?, name: row.get(6)? },
        at: row.get(7)?,
        said: json::<LogEntryBody>(&row.get::<_, String>(8)?)?,
    })
}

pub(crate) fn heads(db: &Connection, visitor: &Visitor) -> rusqlite::Result<Vec<ConversationSummary>> {
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
            c: ConversationId(EventId(uuid(row, 0)?)),
            seq: row.get(1)?,
            read: row.get(2)?,
            seen: row.get(3)?,
            unread: row.get(5)?,
            standing: match json::<ConversationState>(&row.get::<_, String>(4)?)?.standing {
                ConversationStatus::Resolved => ConversationStatus::Resolved,
                // That it was put off is nobody's business but the agents'.
                ConversationStatus::Open | ConversationStatus::Snoozed => ConversationStatus::Open,
            },
        })
    })?
    .collect()
}

pub(crate) fn lines(
    db: &Connection,
    party: &Party,
    id: ConversationId,
    log: Log,
    (from, to): (u64, u64),
    limit: u64,
) -> rusqlite::Result<Option<Vec<LogEntry>>> {
    if find(db, party, id)?.is_none() || (log == Log::Int && matches!(party, Party::Visitor(_))) {
        return Ok(None);
    }
    db.prepare_cached(&format!(
        "SELECT {LINE} FROM line WHERE conversation = ?1 AND log = ?2 AND seq BETWEEN ?3 AND ?4
         ORDER BY seq LIMIT ?5"
    ))?
    .query_map(params![Blob(id.0), number(log), number_of(from), number_of(to), number_of(limit)], line)?
    .collect::<rusqlite::Result<_>>()
    .map(Some)
}

/// What a client sends may be larger than a column.
pub(crate) fn number_of(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

pub(crate) fn note_read(
    db: &Connection,
    party: &Party,
    id: ConversationId,
    seq: u64,
) -> rusqlite::Result<Option<(Visitor, u64)>> {
    let Some(found) = find(db, party, id)? else { return Ok(None) };
    if matches!(party, Party::Visitor(_)) && is_barred(db, &found.visitor)? {
        return Ok(None);
    }
    let column = match party {
        Party::Visitor(_) => "visitor_read",
        Party::Agent(_) => "agent_read",
    };
    let read = db
        .prepare_cached(&format!(
            "UPDATE conversation SET {column} = min(?2, pub),
                 rev = ?3
             WHERE id = ?1 AND {column} < min(?2, pub) RETURNING {column}"
        ))?
        .query_row(params![Blob(id.0), number_of(seq), next_change(db, found.visitor.site)?], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(read.map(|read| (found.visitor, read)))
}
