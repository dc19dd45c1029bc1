-- A projection: each time that help was offered (0), an article of it read (1), or said to have helped (2).
CREATE TABLE helping (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    what INTEGER NOT NULL,
    step TEXT NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (site, account, user, at, n, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX helping_by_time ON helping (site, at);
