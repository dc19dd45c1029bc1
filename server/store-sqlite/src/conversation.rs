//! Conversations: two logs each, numbered without a gap, and what their entries come to.
//! Decision: docs/decisions/0009-chat.md.
//!
//! This file is the ground of the room: a conversation's row, whether it exists for a party, and the codecs of
//! sides and logs. The files in the room do not know each other.

mod append;
mod conversations;
mod erasure;
mod inbox;
mod messages;
mod read_marks;
mod support;
mod uploads;

pub(crate) use read_marks::ReadMarks;

use protocol::chat::{Author, ConversationStatus, Log, LogEntry, LogEntryBody, Side};
use protocol::ids::{AccountId, ConversationId, EventId, UserId};
use protocol::stored::ConversationState;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{Party, SiteId, Visitor};

use crate::columns::{Blob, json, uuid};

/// A conversation before another entry.
struct ConversationRow {
    id: ConversationId,
    visitor: Visitor,
    /// The last numbers of the public log and of the private one.
    heads: [u64; 2],
    state: ConversationState,
}

/// The columns of a conversation, as [`conversation_row`] reads them.
const CONVERSATION: &str = "id, site, account, user, pub, int, thread";

fn conversation_row(row: &Row<'_>) -> rusqlite::Result<ConversationRow> {
    let (account, user) = (row.get::<_, String>(2)?, row.get::<_, String>(3)?);
    Ok(ConversationRow {
        id: ConversationId(EventId(uuid(row, 0)?)),
        visitor: Visitor { site: SiteId(row.get(1)?), account: AccountId(account), user: UserId(user) },
        heads: [row.get(4)?, row.get(5)?],
        state: json(&row.get::<_, String>(6)?)?,
    })
}

/// Returns a conversation, when it exists for the party.
fn find(db: &Connection, party: &Party, id: ConversationId) -> rusqlite::Result<Option<ConversationRow>> {
    let found = db
        .prepare_cached(&format!("SELECT {CONVERSATION} FROM conversation WHERE id = ?1"))?
        .query_row([Blob(id.0)], conversation_row)
        .optional()?;
    Ok(found.filter(|found| match party {
        Party::Visitor(visitor) => *visitor == found.visitor,
        Party::Agent(site) => *site == found.visitor.site,
    }))
}

/// Whether an agent has blocked the customer.
fn is_blocked(db: &Connection, visitor: &Visitor) -> rusqlite::Result<bool> {
    let Visitor { site, account, user } = visitor;
    db.prepare_cached("SELECT 1 FROM barred WHERE site = ?1 AND account = ?2 AND user = ?3")?.exists(params![
        site.0,
        account.as_str(),
        user.as_str()
    ])
}

/// Returns the number of the site's next change. It never goes back, whatever is deleted, since clients remember it.
fn next_change(db: &Connection, site: SiteId) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO change VALUES (?1, 1) ON CONFLICT (site) DO UPDATE SET rev = rev + 1 RETURNING rev",
    )?
    .query_row([site.0], |row| row.get(0))
}

/// The number of a log in `line`.
fn log_number(log: Log) -> i64 {
    match log {
        Log::Public => 0,
        Log::Internal => 1,
    }
}

/// The number of a side in `line`.
fn side_number(side: Side) -> i64 {
    match side {
        Side::Visitor => 0,
        Side::Agent => 1,
        Side::System => 2,
    }
}

fn side_of(number: i64) -> Side {
    match number {
        0 => Side::Visitor,
        1 => Side::Agent,
        _ => Side::System,
    }
}

/// The word for a status in `conversation.standing`.
fn standing_word(standing: ConversationStatus) -> &'static str {
    match standing {
        ConversationStatus::Open => "open",
        ConversationStatus::Snoozed => "snoozed",
        ConversationStatus::Resolved => "resolved",
    }
}

/// The columns of a log entry, as [`log_entry`] reads them.
const ENTRY: &str = "conversation, log, seq, mid, side, author, name, at, said";

fn log_entry(row: &Row<'_>) -> rusqlite::Result<LogEntry> {
    Ok(LogEntry {
        conversation: ConversationId(EventId(uuid(row, 0)?)),
        log: if row.get::<_, i64>(1)? == 0 { Log::Public } else { Log::Internal },
        seq: row.get(2)?,
        id: EventId(uuid(row, 3)?),
        author: Author { side: side_of(row.get(4)?), id: row.get(5)?, name: row.get(6)? },
        picture: None,
        at: row.get(7)?,
        body: json::<LogEntryBody>(&row.get::<_, String>(8)?)?,
    })
}
