//! Conversations: two logs each, numbered without a gap, and what they come to.

use ::store::{AppendOutcome, MAX_CONVERSATIONS, NewLogEntry, Party, SiteId, Target, Uploader, Visitor};
use journey::support::conversation;
use protocol::Millis;
use protocol::chat::{Attachment, Log, LogEntry, LogEntryBody, Message, Side};
use protocol::ids::{AccountId, ConversationId, EventId, UserId};
use protocol::stored::ConversationState;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::files;
use crate::lines::{LINE, line};
use crate::rows::{Blob, json, to_json, uuid};

pub(crate) fn epoch(db: &Connection) -> rusqlite::Result<String> {
    db.query_row("SELECT name FROM epoch", [], |row| row.get(0))
}

pub(crate) fn number(log: Log) -> i64 {
    match log {
        Log::Pub => 0,
        Log::Int => 1,
    }
}

fn side(side: Side) -> i64 {
    match side {
        Side::Visitor => 0,
        Side::Agent => 1,
        Side::System => 2,
    }
}

/// A conversation as it stands before one more line.
pub(crate) struct Stand {
    id: ConversationId,
    pub(crate) visitor: Visitor,
    heads: [u64; 2],
    thread: ConversationState,
}

const COLUMNS: &str = "id, site, account, user, pub, int, thread";

fn row(row: &Row<'_>) -> rusqlite::Result<Stand> {
    let (account, user) = (row.get::<_, String>(2)?, row.get::<_, String>(3)?);
    Ok(Stand {
        id: ConversationId(EventId(uuid(row, 0)?)),
        visitor: Visitor { site: SiteId(row.get(1)?), account: AccountId(account), user: UserId(user) },
        heads: [row.get(4)?, row.get(5)?],
        thread: json(&row.get::<_, String>(6)?)?,
    })
}

/// The conversation, when it is there for them.
pub(crate) fn find(db: &Connection, party: &Party, id: ConversationId) -> rusqlite::Result<Option<Stand>> {
    let found = db
        .prepare_cached(&format!("SELECT {COLUMNS} FROM conversation WHERE id = ?1"))?
        .query_row([Blob(id.0)], row)
        .optional()?;
    Ok(found.filter(|found| match party {
        Party::Visitor(visitor) => *visitor == found.visitor,
        Party::Agent(site) => *site == found.visitor.site,
    }))
}

/// The conversation of a client's key, begun when there is none; none when there are too many.
fn keyed(
    db: &Connection,
    visitor: &Visitor,
    key: EventId,
    fresh: ConversationId,
    at: Millis,
) -> rusqlite::Result<Option<Stand>> {
    let Visitor { site, account, user } = visitor;
    let rev = next_change(db, *site)?;
    db.prepare_cached(
        "INSERT OR IGNORE INTO conversation
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?8, 0, 0, 0, 0, '{}', '{}'
         WHERE (SELECT count(*) FROM conversation WHERE site = ?2 AND account = ?3 AND user = ?4) < ?7",
    )?
    .execute(params![
        Blob(fresh.0),
        site.0,
        account.as_str(),
        user.as_str(),
        Blob(key),
        at,
        MAX_CONVERSATIONS,
        rev
    ])?;
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM conversation WHERE site = ?1 AND account = ?2 AND user = ?3 AND key = ?4"
    ))?
    .query_row(params![site.0, account.as_str(), user.as_str(), Blob(key)], row)
    .optional()
}

pub(crate) fn speak(
    db: &Connection,
    party: &Party,
    place: Target,
    new: NewLogEntry,
) -> rusqlite::Result<AppendOutcome> {
    // Whom nobody hears begins nothing either.
    if let Party::Visitor(visitor) = party
        && is_barred(db, visitor)?
    {
        return Ok(AppendOutcome::Blocked);
    }
    let found = match (place, party) {
        (Target::Known(id), _) => find(db, party, id)?,
        (Target::Keyed { key, fresh }, Party::Visitor(visitor)) => {
            match keyed(db, visitor, key, fresh, new.at)? {
                None => return Ok(AppendOutcome::TooMany),
                found => found,
            }
        }
        (Target::Keyed { .. }, Party::Agent(_)) => None,
    };
    let Some(mut found) = found else { return Ok(AppendOutcome::NotFound) };
    let NewLogEntry { mid, author, at, mut said, context } = new;
    let visitor = found.visitor.clone();
    let before = db
        .prepare_cached(&format!(
            "SELECT {LINE} FROM line WHERE conversation = ?1 AND side = ?2 AND author = ?3 AND mid = ?4"
        ))?
        .query_row(params![Blob(found.id.0), side(author.side), author.id, Blob(mid)], line)
        .optional()?;
    if let Some(line) = before {
        // What was sent is known by its id; the rest of a file is the collector's word.
        if let (Some(file), Some(kept)) = (file_of(&mut said), file_of(&mut line.said.clone()))
            && file.id == kept.id
        {
            *file = kept.clone();
        }
        return Ok(if line.said == said {
            AppendOutcome::Stored { entry: Box::new(line), duplicate: true, visitor }
        } else {
            AppendOutcome::Conflict
        });
    }
    if let Some(file) = file_of(&mut said) {
        let owner = match author.side {
            Side::Visitor => Uploader::Visitor(visitor.clone()),
            _ => Uploader::Agent(visitor.site, author.id.clone()),
        };
        // What it is called and how large it is, is known here.
        let Some(whole) = files::send(db, &owner, found.id, file.id)? else {
            // Nothing is begun by what is not said.
            db.prepare_cached("DELETE FROM conversation WHERE id = ?1 AND pub = 0 AND int = 0")?
                .execute([Blob(found.id.0)])?;
            return Ok(AppendOutcome::NoFile);
        };
        *file = whole;
    }
    let log = said.log();
    let head = &mut found.heads[if log == Log::Pub { 0 } else { 1 }];
    *head += 1;
    let line = LogEntry { c: found.id, log, seq: *head, mid, author, at, said };
    conversation::apply(&mut found.thread, &line);
    insert(db, &line)?;
    let context = context.map(|context| to_json(&context)).transpose()?;
    let of_visitor = line.author.side == Side::Visitor && log == Log::Pub;
    // Who writes has read their own line, and nothing that came before it unseen.
    db.prepare_cached(
        "UPDATE conversation SET pub = ?2, int = ?3, thread = ?4, context = coalesce(?5, context),
             visitor_read = CASE WHEN ?6 AND visitor_read = ?2 - 1 THEN ?2 ELSE visitor_read END,
             rev = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        Blob(found.id.0),
        found.heads[0],
        found.heads[1],
        to_json(&found.thread)?,
        context,
        of_visitor,
        next_change(db, visitor.site)?
    ])?;
    Ok(AppendOutcome::Stored { entry: Box::new(line), duplicate: false, visitor })
}

/// The number of a site's next change. It never goes back, whatever is deleted: somebody may know it.
pub(crate) fn next_change(db: &Connection, site: SiteId) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO change VALUES (?1, 1) ON CONFLICT (site) DO UPDATE SET rev = rev + 1 RETURNING rev",
    )?
    .query_row([site.0], |row| row.get(0))
}

fn file_of(said: &mut LogEntryBody) -> Option<&mut Attachment> {
    match said {
        LogEntryBody::Message(Message { file, .. }) => file.as_mut(),
        _ => None,
    }
}

pub(crate) fn is_barred(db: &Connection, visitor: &Visitor) -> rusqlite::Result<bool> {
    let Visitor { site, account, user } = visitor;
    db.prepare_cached("SELECT 1 FROM barred WHERE site = ?1 AND account = ?2 AND user = ?3")?.exists(params![
        site.0,
        account.as_str(),
        user.as_str()
    ])
}

fn insert(db: &Connection, line: &LogEntry) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO line VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        Blob(line.c.0),
        number(line.log),
        line.seq,
        Blob(line.mid),
        side(line.author.side),
        line.author.id,
        line.author.name,
        line.at,
        to_json(&line.said)?
    ])?;
    Ok(())
}
