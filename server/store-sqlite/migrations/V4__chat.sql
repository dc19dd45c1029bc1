-- Names this database: clients that know another one start anew.
CREATE TABLE epoch (name TEXT NOT NULL) STRICT;
INSERT INTO epoch VALUES (lower(hex(randomblob(8))));

-- A conversation and what its lines come to. `pub` and `int` are the last lines of its two logs; `key` is
-- the client's own for a conversation that it began; `rev` counts the site's changes.
CREATE TABLE conversation (
    id BLOB PRIMARY KEY,
    site INTEGER NOT NULL REFERENCES site(id),
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    key BLOB NOT NULL,
    created INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    pub INTEGER NOT NULL,
    int INTEGER NOT NULL,
    visitor_read INTEGER NOT NULL,
    agent_read INTEGER NOT NULL,
    thread TEXT NOT NULL,
    context TEXT NOT NULL,
    UNIQUE (site, account, user, key)
) STRICT;
CREATE UNIQUE INDEX conversation_by_change ON conversation (site, rev);

CREATE TABLE line (
    conversation BLOB NOT NULL REFERENCES conversation(id),
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    mid BLOB NOT NULL,
    side INTEGER NOT NULL,
    author TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (conversation, log, seq)
) STRICT, WITHOUT ROWID;
-- The same author says a thing once, however often it is sent.
CREATE UNIQUE INDEX line_once ON line (conversation, side, author, mid);
