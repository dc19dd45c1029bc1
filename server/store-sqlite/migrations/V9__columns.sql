-- What queries look for in a conversation's JSON becomes columns: plain indexes, and the same SQL in every store.
-- `waiting`: since when the customer waits. `first_asked`, `first_answered`: the first response. `agent`: the
-- assigned agent's address. `standing`: open, snoozed or resolved. `last`: when the last message was written.
-- `step`: the step that the customer was at.
ALTER TABLE conversation ADD COLUMN waiting INTEGER;
ALTER TABLE conversation ADD COLUMN first_asked INTEGER;
ALTER TABLE conversation ADD COLUMN first_answered INTEGER;
ALTER TABLE conversation ADD COLUMN agent TEXT;
ALTER TABLE conversation ADD COLUMN standing TEXT NOT NULL DEFAULT 'open';
ALTER TABLE conversation ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN step TEXT;
UPDATE conversation SET
    waiting = json_extract(thread, '$.waiting'),
    first_asked = json_extract(thread, '$.first[0]'),
    first_answered = json_extract(thread, '$.first[1]'),
    agent = json_extract(thread, '$.agent.id'),
    standing = coalesce(json_extract(thread, '$.standing'), 'open'),
    last = coalesce(json_extract(thread, '$.last'), 0),
    step = json_extract(context, '$.step');

DROP INDEX conversation_waiting;
CREATE INDEX conversation_waiting ON conversation (site) WHERE waiting IS NOT NULL;
CREATE INDEX conversation_by_agent ON conversation (site, agent) WHERE agent IS NOT NULL AND standing = 'open';
CREATE INDEX conversation_by_last ON conversation (site, last);
