-- Who embeds the widget.
CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL,
    identity_secret TEXT NOT NULL,
    identity_key TEXT,
    verified_only INTEGER NOT NULL
) STRICT;
CREATE TABLE origin (
    site INTEGER NOT NULL REFERENCES site(id),
    origin TEXT NOT NULL,
    PRIMARY KEY (site, origin)
) STRICT, WITHOUT ROWID;

-- The journal: append-only, the one truth. Records count up from 1 without a gap and stand together in
-- parcels, each under the place of its last record.
CREATE TABLE parcel (
    last INTEGER PRIMARY KEY,
    records BLOB NOT NULL
) STRICT;
-- The ids in them, which are ordered by time: that keeps this table cheap. A browser's id never stands
-- in the way of a backend's.
CREATE TABLE known (
    site INTEGER NOT NULL,
    source INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (site, source, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE flow (
    site INTEGER NOT NULL REFERENCES site(id),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    compiled TEXT NOT NULL,
    source TEXT NOT NULL,
    published INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (site, name, version)
) STRICT;

-- Bodies that could not be read at all; a small ring.
CREATE TABLE refused (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    received INTEGER NOT NULL,
    tag TEXT NOT NULL,
    prefix TEXT NOT NULL
) STRICT;

-- The console's doors.
CREATE TABLE operator (email TEXT PRIMARY KEY, password TEXT NOT NULL) STRICT;
CREATE TABLE link (hash BLOB PRIMARY KEY, expires INTEGER NOT NULL) STRICT;
CREATE TABLE session (
    hash BLOB PRIMARY KEY,
    email TEXT NOT NULL,
    created INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT;

-- From here on: projections, made from the journal and from nothing else.
-- Everything up to `seq` is in them. While a published flow is taken over, `account` is the last
-- account that was folded by it.
CREATE TABLE projected (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, account TEXT) STRICT;
INSERT INTO projected VALUES (1, 0, NULL);

-- What happened to an account, in the order that the fold reads it. That somebody was there is kept
-- only while nothing happened before it.
CREATE TABLE entry (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    user TEXT,
    what TEXT NOT NULL,
    PRIMARY KEY (site, account, at, n, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE progress (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    flow TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (site, account, flow)
) STRICT, WITHOUT ROWID;
-- Transitions: entries into stages, completions and re-openings of steps.
CREATE TABLE milestone (
    site INTEGER NOT NULL,
    flow TEXT NOT NULL,
    account TEXT NOT NULL,
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    visit INTEGER NOT NULL,
    user TEXT,
    PRIMARY KEY (site, flow, account, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE account (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    known TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    -- The journal place that moved it last: the one column that depends on the order of arrival.
    seq INTEGER NOT NULL,
    PRIMARY KEY (site, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE person (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (site, account, user)
) STRICT, WITHOUT ROWID;
