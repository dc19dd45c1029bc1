-- Files beside messages: `kind` is known when one is whole, `conversation` when it was sent.
CREATE TABLE attachment (
    site INTEGER NOT NULL REFERENCES site(id),
    id BLOB NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    created INTEGER NOT NULL,
    kind TEXT,
    conversation BLOB REFERENCES conversation(id),
    PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_owner ON attachment (site, owner, created);
CREATE INDEX attachment_by_conversation ON attachment (conversation) WHERE conversation IS NOT NULL;

-- People whom an agent hears no more.
CREATE TABLE barred (
    site INTEGER NOT NULL REFERENCES site(id),
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (site, account, user)
) STRICT, WITHOUT ROWID;

-- The last change of each site's conversations: it never goes back, whatever is deleted.
CREATE TABLE change (site INTEGER PRIMARY KEY REFERENCES site(id), rev INTEGER NOT NULL) STRICT;
INSERT INTO change SELECT site, max(rev) FROM conversation GROUP BY site;

-- When customers wrote is asked for by reports.
CREATE INDEX line_of_visitor ON line (at) WHERE side = 0 AND log = 0;
