//! Appends an entry to a log: finds or opens the conversation, numbers the entry, and writes both in one
//! transaction. The same author and id are written once, so that every doubt can be settled by sending again.

use journey::support::conversation;
use protocol::Millis;
use protocol::chat::{Attachment, Log, LogEntry, LogEntryBody, Message, Side, VisitorContext};
use protocol::ids::{ConversationId, EventId};
use protocol::stored::ConversationState;
use rusqlite::{Connection, OptionalExtension, params};
use store::{AppendOutcome, MAX_CONVERSATIONS, NewLogEntry, Party, Target, Uploader, Visitor};

use super::{
    CONVERSATION, ConversationRow, ENTRY, conversation_row, find, is_blocked, log_entry, log_number,
    next_change, side_number, standing_word,
};
use crate::columns::{Blob, to_json};

pub(super) fn append(
    db: &Connection,
    party: &Party,
    target: Target,
    new: NewLogEntry,
) -> rusqlite::Result<AppendOutcome> {
    // A blocked customer cannot open a new conversation either.
    if let Party::Visitor(visitor) = party
        && is_blocked(db, visitor)?
    {
        return Ok(AppendOutcome::Blocked);
    }
    let found = match (target, party) {
        (Target::Known(id), _) => find(db, party, id)?,
        (Target::Keyed { key, fresh }, Party::Visitor(visitor)) => {
            match find_or_open(db, visitor, key, fresh, new.at)? {
                None => return Ok(AppendOutcome::TooMany),
                found => found,
            }
        }
        (Target::Keyed { .. }, Party::Agent(_)) => None,
    };
    let Some(found) = found else { return Ok(AppendOutcome::NotFound) };
    if let Some(kept) = written_before(db, &found, &new)? {
        return Ok(repeated(kept, new.body, found.visitor));
    }
    add(db, found, new)
}

/// Returns the conversation of a client's key, opened when there is none; none when the customer has too many.
fn find_or_open(
    db: &Connection,
    visitor: &Visitor,
    key: EventId,
    fresh: ConversationId,
    at: Millis,
) -> rusqlite::Result<Option<ConversationRow>> {
    let Visitor { site, account, user } = visitor;
    let rev = next_change(db, *site)?;
    db.prepare_cached(
        "INSERT OR IGNORE INTO conversation (id, site, account, user, key, created, rev, pub, int,
             visitor_read, agent_read, thread, context)
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
        "SELECT {CONVERSATION} FROM conversation WHERE site = ?1 AND account = ?2 AND user = ?3 AND key = ?4"
    ))?
    .query_row(params![site.0, account.as_str(), user.as_str(), Blob(key)], conversation_row)
    .optional()
}

/// Returns what the author wrote under this id before.
fn written_before(
    db: &Connection,
    found: &ConversationRow,
    new: &NewLogEntry,
) -> rusqlite::Result<Option<LogEntry>> {
    let author = &new.author;
    db.prepare_cached(&format!(
        "SELECT {ENTRY} FROM line WHERE conversation = ?1 AND side = ?2 AND author = ?3 AND mid = ?4"
    ))?
    .query_row(params![Blob(found.id.0), side_number(author.side), author.id, Blob(new.id)], log_entry)
    .optional()
}

/// The outcome of an id that was written before: the same entry, or a conflict.
fn repeated(kept: LogEntry, mut body: LogEntryBody, visitor: Visitor) -> AppendOutcome {
    // A file is known by its id; its name and size are what the upload says, not the client.
    if let (Some(file), Some(known)) = (file_of(&mut body), file_of(&mut kept.body.clone()))
        && file.id == known.id
    {
        *file = known.clone();
    }
    if kept.body == body {
        AppendOutcome::Stored { entry: Box::new(kept), duplicate: true, visitor }
    } else {
        AppendOutcome::Conflict
    }
}

/// Writes a new entry at the end of its log.
fn add(db: &Connection, found: ConversationRow, new: NewLogEntry) -> rusqlite::Result<AppendOutcome> {
    let ConversationRow { id, visitor, mut heads, mut state } = found;
    let NewLogEntry { id: entry_id, author, at, mut body, context } = new;
    if let Some(file) = file_of(&mut body) {
        let uploader = match author.side {
            Side::Visitor => Uploader::Visitor(visitor.clone()),
            _ => Uploader::Agent(visitor.site, author.id.clone()),
        };
        // Name and size are what the upload says.
        let Some(whole) = send_file(db, &uploader, id, file.id)? else {
            // An entry that is not written opens no conversation.
            db.prepare_cached("DELETE FROM conversation WHERE id = ?1 AND pub = 0 AND int = 0")?
                .execute([Blob(id.0)])?;
            return Ok(AppendOutcome::NoFile);
        };
        *file = whole;
    }
    let log = body.log();
    let head = &mut heads[if log == Log::Public { 0 } else { 1 }];
    *head += 1;
    let entry = LogEntry { conversation: id, log, seq: *head, id: entry_id, author, picture: None, at, body };
    // What is written while an answer is awaited belongs to the question, wherever its author has gone meanwhile.
    let context = context.filter(|_| state.waiting_since.is_none());
    conversation::apply(&mut state, &entry);
    insert(db, &entry)?;
    update(db, &entry, heads, &state, context.as_ref(), next_change(db, visitor.site)?)?;
    Ok(AppendOutcome::Stored { entry: Box::new(entry), duplicate: false, visitor })
}

fn insert(db: &Connection, entry: &LogEntry) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO line VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        Blob(entry.conversation.0),
        log_number(entry.log),
        entry.seq,
        Blob(entry.id),
        side_number(entry.author.side),
        entry.author.id,
        entry.author.name,
        entry.at,
        to_json(&entry.body)?
    ])?;
    Ok(())
}

/// Writes what the entry makes of its conversation: its state, and the columns that queries look for.
fn update(
    db: &Connection,
    entry: &LogEntry,
    heads: [u64; 2],
    state: &ConversationState,
    context: Option<&VisitorContext>,
    rev: i64,
) -> rusqlite::Result<()> {
    let of_visitor = entry.author.side == Side::Visitor && entry.log == Log::Public;
    let step = context.and_then(|context| context.step.as_ref()).map(|step| step.as_str());
    // An author has read their own entry, but none before it that they had not read.
    db.prepare_cached(
        "UPDATE conversation SET pub = ?2, int = ?3, thread = ?4,
             context = coalesce(?5, context), step = CASE WHEN ?5 IS NULL THEN step ELSE ?8 END,
             visitor_read = CASE WHEN ?6 AND visitor_read = ?2 - 1 THEN ?2 ELSE visitor_read END,
             rev = ?7, waiting = ?9, first_asked = ?10, first_answered = ?11, agent = ?12, standing = ?13,
             last = ?14
         WHERE id = ?1",
    )?
    .execute(params![
        Blob(entry.conversation.0),
        heads[0],
        heads[1],
        to_json(state)?,
        context.map(to_json).transpose()?,
        of_visitor,
        rev,
        step,
        state.waiting_since,
        state.first_response.map(|[asked, _]| asked),
        state.first_response.map(|[_, answered]| answered),
        state.agent.as_ref().map(|agent| agent.id.as_str()),
        standing_word(state.status),
        state.last_message_at
    ])?;
    Ok(())
}

fn file_of(body: &mut LogEntryBody) -> Option<&mut Attachment> {
    match body {
        LogEntryBody::Message(Message { file, .. }) => file.as_mut(),
        _ => None,
    }
}

/// Sends a file in a conversation; none when it is not complete, not theirs, or was sent in another one.
fn send_file(
    db: &Connection,
    uploader: &Uploader,
    c: ConversationId,
    id: EventId,
) -> rusqlite::Result<Option<Attachment>> {
    db.prepare_cached(
        "UPDATE attachment SET conversation = ?4
         WHERE site = ?1 AND id = ?2 AND owner = ?3 AND kind IS NOT NULL AND coalesce(conversation, ?4) = ?4
         RETURNING name, size, kind",
    )?
    .query_row(params![uploader.site().0, Blob(id), uploader.name(), Blob(c.0)], |row| {
        Ok(Attachment { id, name: row.get(0)?, size: row.get(1)?, kind: row.get(2)? })
    })
    .optional()
}
