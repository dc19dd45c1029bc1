-- What clips are made of, as `tabiji media add` left it; their files are in the folder `media`.
CREATE TABLE film (
    site INTEGER NOT NULL REFERENCES site(id),
    clip TEXT NOT NULL,
    film TEXT NOT NULL,
    PRIMARY KEY (site, clip)
) STRICT, WITHOUT ROWID;
-- A projection: how far people watched. `seen` is the union of what was played; `place` is where they
-- stopped last, at the moment (at, n, id); `first` is when they were first heard of.
CREATE TABLE watched (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    clip TEXT NOT NULL,
    first INTEGER NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    place REAL NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (site, account, user, clip)
) STRICT, WITHOUT ROWID;
