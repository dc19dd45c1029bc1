-- Where each person stands in a guide; the newest word counts. Stop 0: it is over.
CREATE TABLE guiding (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    step TEXT NOT NULL,
    stop INTEGER NOT NULL,
    PRIMARY KEY (site, account, user)
) STRICT, WITHOUT ROWID;
-- Open steps that somebody promised to do later.
CREATE TABLE postponed (
    site INTEGER NOT NULL,
    flow TEXT NOT NULL,
    account TEXT NOT NULL,
    step TEXT NOT NULL,
    until INTEGER NOT NULL,
    user TEXT,
    reason TEXT NOT NULL,
    PRIMARY KEY (site, flow, account, step)
) STRICT, WITHOUT ROWID;
