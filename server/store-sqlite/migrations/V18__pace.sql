-- When the collector received the first and the last report about a viewing, whatever moments the reports name. Of the
-- viewings that were kept before, the named moments are all that is known until a rebuild.
ALTER TABLE watched ADD COLUMN received_first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE watched ADD COLUMN received_last INTEGER NOT NULL DEFAULT 0;
UPDATE watched SET received_first = first, received_last = at;
