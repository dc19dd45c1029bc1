-- How customer success works: every version that was published, each from when it was.
CREATE TABLE desk (
    site INTEGER NOT NULL REFERENCES site(id),
    since INTEGER NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (site, since)
) STRICT, WITHOUT ROWID;

-- Whoever waits for an answer is looked for every few seconds.
CREATE INDEX conversation_waiting ON conversation (site) WHERE json_extract(thread, '$.waiting') IS NOT NULL;
