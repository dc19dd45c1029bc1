-- How often this data was restored from a backup: revisions of each epoch are greater than all before it.
ALTER TABLE epoch ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;
