-- How far old events were thinned: the place of the last segment of the journal.
CREATE TABLE retention (one INTEGER PRIMARY KEY CHECK (one = 1), thinned INTEGER NOT NULL) STRICT;
INSERT INTO retention VALUES (1, 0);

-- A projection: where quarantined records stand, and why.
CREATE TABLE quarantined (
    site INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    received INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (site, seq)
) STRICT, WITHOUT ROWID;

-- A projection: what arrived of each visit. A visit counts its events from 1, so that `highest` is how many there were,
-- at least. `last` is when something of it arrived last.
CREATE TABLE visit (
    site INTEGER NOT NULL,
    session BLOB NOT NULL,
    last INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    PRIMARY KEY (site, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_time ON visit (site, last);
