//! Conversations as customer success lists, finds and no longer keeps them.

use ::store::{Party, SiteId, Visitor};
use protocol::console::Conversation;
use protocol::ids::{AccountId, ConversationId, EventId};
use rusqlite::{Connection, Row, params};

use crate::chat::find;
use crate::lines::number_of;
use crate::rows::{Blob, json, uuid};

const CONVERSATION: &str = "SELECT conversation.id, coalesce(json_extract(account.known, '$.name'), conversation.account),
        coalesce(person.name, conversation.user), context, thread, pub, int, visitor_read, agent_read, created, rev,
        conversation.account,
        EXISTS (SELECT 1 FROM barred WHERE barred.site = conversation.site
                AND barred.account = conversation.account AND barred.user = conversation.user)
    FROM conversation
    LEFT JOIN account ON account.site = conversation.site AND account.account = conversation.account
    LEFT JOIN person ON person.site = conversation.site AND person.account = conversation.account
        AND person.user = conversation.user";

fn conversation_row(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        c: ConversationId(EventId(uuid(row, 0)?)),
        account_id: AccountId(row.get(11)?),
        account: row.get(1)?,
        user: row.get(2)?,
        step: String::new(), // flows know titles
        context: json(&row.get::<_, String>(3)?)?,
        thread: json(&row.get::<_, String>(4)?)?,
        heads: [row.get(5)?, row.get(6)?],
        visitor_read: row.get(7)?,
        agent_read: row.get(8)?,
        call_due: None, // desks know hours
        barred: row.get(12)?,
        created: row.get(9)?,
        rev: row.get(10)?,
    })
}

pub(crate) fn conversation(
    db: &Connection,
    party: &Party,
    id: ConversationId,
) -> rusqlite::Result<Option<(Conversation, Visitor)>> {
    let Some(found) = find(db, party, id)? else { return Ok(None) };
    db.prepare_cached(&format!("{CONVERSATION} WHERE conversation.id = ?1"))?
        .query_row([Blob(id.0)], conversation_row)
        .map(|conversation| Some((conversation, found.visitor)))
}

pub(crate) fn conversations(
    db: &Connection,
    site: SiteId,
    rev: u64,
    limit: u64,
) -> rusqlite::Result<Vec<Conversation>> {
    db.prepare_cached(&format!(
        "{CONVERSATION} WHERE conversation.site = ?1 AND rev > ?2 ORDER BY rev LIMIT ?3"
    ))?
    .query_map(params![site.0, number_of(rev), number_of(limit)], conversation_row)?
    .collect()
}

pub(crate) fn search(
    db: &Connection,
    site: SiteId,
    words: &str,
    limit: u64,
) -> rusqlite::Result<Vec<ConversationId>> {
    // What LIKE reads as a pattern is meant as it is written.
    let meant = |sign: char| ['%', '_', '!'].contains(&sign).then_some('!').into_iter().chain([sign]);
    let pattern: String = words.chars().flat_map(meant).collect();
    db.prepare_cached(
        "SELECT conversation.id FROM conversation JOIN line ON line.conversation = conversation.id
         WHERE conversation.site = ?1 AND (json_extract(said, '$.body.text') LIKE ?2 ESCAPE '!'
             OR json_extract(said, '$.body.file.name') LIKE ?2 ESCAPE '!')
         GROUP BY conversation.id ORDER BY max(line.at) DESC LIMIT ?3",
    )?
    .query_map(params![site.0, format!("%{pattern}%"), number_of(limit)], |row| {
        Ok(ConversationId(EventId(uuid(row, 0)?)))
    })?
    .collect()
}
