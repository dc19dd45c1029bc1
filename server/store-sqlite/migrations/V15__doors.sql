-- What operators may do: reader, agent or admin. Until now those who see every site were the administrators.
ALTER TABLE operator ADD COLUMN role TEXT NOT NULL DEFAULT 'agent';
ALTER TABLE link ADD COLUMN role TEXT NOT NULL DEFAULT 'agent';
UPDATE operator SET role = 'admin' WHERE sites IS NULL;
UPDATE link SET role = 'admin' WHERE sites IS NULL;

-- What the collector itself signs has a secret of its own, which the host does not have. A public key that was replaced
-- counts for a while, as secrets do.
ALTER TABLE site ADD COLUMN signing_secret TEXT NOT NULL DEFAULT '';
UPDATE site SET signing_secret = lower(hex(randomblob(32)));
ALTER TABLE site ADD COLUMN previous_signing_secret TEXT;
ALTER TABLE site ADD COLUMN previous_signing_until INTEGER;
ALTER TABLE site ADD COLUMN previous_identity_key TEXT;
ALTER TABLE site ADD COLUMN previous_key_until INTEGER;

-- What happened to access. `done_by` is an operator's address, `cli` or `backend`; `of_site` outlives its site. Nothing is
-- ever changed; what is old enough is deleted.
CREATE TABLE security_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    done_by TEXT NOT NULL,
    of_site INTEGER,
    about TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT;
CREATE TRIGGER security_event_stays BEFORE UPDATE ON security_event
BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;

-- Browsers in which operators have signed in, by the SHA-256 of a cookie: strangers' wrong passwords do not slow them down.
CREATE TABLE known_browser (
    hash BLOB NOT NULL,
    email TEXT NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (hash, email)
) STRICT, WITHOUT ROWID;
