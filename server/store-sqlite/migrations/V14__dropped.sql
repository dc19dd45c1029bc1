-- A projection: what devices dropped of their visits' events, by the reason that they gave.
CREATE TABLE dropped (
    site INTEGER NOT NULL,
    session BLOB NOT NULL,
    reason TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (site, session, reason)
) STRICT, WITHOUT ROWID;
