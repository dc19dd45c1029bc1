-- Grows with every change of a site, by whatever process. `last` is the highest number that a site ever had: a number
-- is never used again, since the journal keeps the places of a removed site's records.
CREATE TABLE site_change (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT;
INSERT INTO site_change SELECT 1, coalesce(max(id), 0), coalesce(max(id), 0) FROM site;

-- Keys that were replaced, and until when they count beside the new ones.
ALTER TABLE site ADD COLUMN previous_secret_hash BLOB;
ALTER TABLE site ADD COLUMN previous_secret_until INTEGER;
ALTER TABLE site ADD COLUMN previous_identity_secret TEXT;
ALTER TABLE site ADD COLUMN previous_identity_until INTEGER;

-- What was seen to work of a site: a page (0, one row for each origin), a person (1), a fact (2, its name in `what`).
CREATE TABLE sighting (
    site INTEGER NOT NULL REFERENCES site(id),
    kind INTEGER NOT NULL,
    origin TEXT NOT NULL,
    what TEXT NOT NULL,
    account TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (site, kind, origin)
) STRICT, WITHOUT ROWID;

-- Requests that were refused, by tag and by the page's origin (empty without one); site 0 when they name none. A
-- small number for each site.
CREATE TABLE refused_request (
    site INTEGER NOT NULL,
    tag TEXT NOT NULL,
    origin TEXT NOT NULL,
    message TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (site, tag, origin)
) STRICT, WITHOUT ROWID;
