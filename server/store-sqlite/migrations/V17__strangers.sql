-- What the guests of a site used on a day (since 1970, UTC); the days before the last one are deleted.
CREATE TABLE guest_use (
    site INTEGER NOT NULL REFERENCES site(id),
    day INTEGER NOT NULL,
    records INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    accounts INTEGER NOT NULL,
    conversations INTEGER NOT NULL,
    files INTEGER NOT NULL,
    sockets INTEGER NOT NULL,
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;

-- What stands under an id: the start of its digest, none for what was written before. The same id with another content
-- is kept beside it and counts for nothing.
ALTER TABLE known ADD COLUMN content INTEGER;

-- How often projected rows were changed by something else than the projector, such as an erasure.
ALTER TABLE projected ADD COLUMN revised INTEGER NOT NULL DEFAULT 0;
