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
-- What people answered, by person and question; the newest word counts. No score: they turned it down.
CREATE TABLE answer (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    question TEXT NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    flow TEXT NOT NULL,
    stage TEXT NOT NULL,
    scale TEXT NOT NULL,
    score INTEGER,
    comment TEXT NOT NULL,
    PRIMARY KEY (site, account, user, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_score ON answer (site, flow, scale, stage, score) WHERE score IS NOT NULL;
CREATE INDEX answer_comment ON answer (site, flow, at) WHERE comment <> '';
