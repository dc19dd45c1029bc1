-- What clips are made of, as `tabiji media add` left it; their files are in the folder `media`.
CREATE TABLE film (
    site INTEGER NOT NULL REFERENCES site(id),
    clip TEXT NOT NULL,
    version TEXT NOT NULL,
    film TEXT NOT NULL,
    PRIMARY KEY (site, clip)
) STRICT, WITHOUT ROWID;
-- A projection: how far people watched. `seen` is the union of what was played; `place` is where they
-- stopped last, at the moment (at, n, id); `first` is when they were first heard of; `returned` counts by
-- second where jumps back led. `film` is the version: of a new film nobody has seen anything.
CREATE TABLE watched (
    site INTEGER NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    clip TEXT NOT NULL,
    film TEXT NOT NULL,
    first INTEGER NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    place REAL NOT NULL,
    seen TEXT NOT NULL,
    captioned INTEGER NOT NULL,
    returned TEXT NOT NULL,
    PRIMARY KEY (site, account, user, clip, film)
) STRICT, WITHOUT ROWID;
