//! Conversations as agents list and search them.

use protocol::console::Conversation;
use protocol::ids::{AccountId, ConversationId, EventId, UserId};
use rusqlite::{Connection, Row, params};
use search::search_form;
use store::{Party, SiteId, Visitor};

use super::find;
use crate::columns::{Blob, clamped, json, uuid};

const LISTED: &str = "SELECT conversation.id, coalesce(json_extract(account.known, '$.name'), conversation.account),
        coalesce(person.name, conversation.user), context, thread, pub, int, visitor_read, agent_read, created, rev,
        conversation.account,
        EXISTS (SELECT 1 FROM barred WHERE barred.site = conversation.site
                AND barred.account = conversation.account AND barred.user = conversation.user),
        conversation.user
    FROM conversation
    LEFT JOIN account ON account.site = conversation.site AND account.account = conversation.account
    LEFT JOIN person ON person.site = conversation.site AND person.account = conversation.account
        AND person.user = conversation.user";

fn listed(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        id: ConversationId(EventId(uuid(row, 0)?)),
        account_id: AccountId(row.get(11)?),
        account: row.get(1)?,
        user_id: UserId(row.get(13)?),
        user: row.get(2)?,
        step: String::new(), // the title comes from the flow
        context: json(&row.get::<_, String>(3)?)?,
        state: json(&row.get::<_, String>(4)?)?,
        last_entries: [row.get(5)?, row.get(6)?],
        visitor_read: row.get(7)?,
        agent_read: row.get(8)?,
        // Support hours say when.
        answer_due: None,
        callback_due: None,
        blocked: row.get(12)?,
        created: row.get(9)?,
        revision: row.get(10)?,
    })
}

/// Returns a conversation with its customer; none when it does not exist for the party.
pub(super) fn conversation(
    db: &Connection,
    party: &Party,
    id: ConversationId,
) -> rusqlite::Result<Option<(Conversation, Visitor)>> {
    let Some(found) = find(db, party, id)? else { return Ok(None) };
    db.prepare_cached(&format!("{LISTED} WHERE conversation.id = ?1"))?
        .query_row([Blob(id.0)], listed)
        .map(|conversation| Some((conversation, found.visitor)))
}

/// Returns the conversations that changed after a revision, the oldest change first.
pub(super) fn conversations(
    db: &Connection,
    site: SiteId,
    rev: u64,
    limit: u64,
) -> rusqlite::Result<Vec<Conversation>> {
    db.prepare_cached(&format!("{LISTED} WHERE conversation.site = ?1 AND rev > ?2 ORDER BY rev LIMIT ?3"))?
        .query_map(params![site.0, clamped(rev), clamped(limit)], listed)?
        .collect()
}

/// Returns the conversations that contain a text, the latest use first, with the newest text that contains it.
pub(super) fn search(
    db: &Connection,
    site: SiteId,
    text: &str,
    limit: u64,
) -> rusqlite::Result<Vec<(ConversationId, String)>> {
    db.prepare_cached(
        // With one max() the other columns are of the same row (SQLite, "Bare columns in an aggregate query").
        "SELECT conversation.id, max(line.at),
             coalesce(nullif(json_extract(said, '$.body.text'), ''), json_extract(said, '$.body.file.name'))
         FROM conversation JOIN line ON line.conversation = conversation.id
         WHERE conversation.site = ?1 AND (instr(search_form(json_extract(said, '$.body.text')), ?2)
             OR instr(search_form(json_extract(said, '$.body.file.name')), ?2))
         GROUP BY conversation.id ORDER BY max(line.at) DESC LIMIT ?3",
    )?
    .query_map(params![site.0, search_form(text), clamped(limit)], |row| {
        Ok((ConversationId(EventId(uuid(row, 0)?)), row.get(2)?))
    })?
    .collect()
}
