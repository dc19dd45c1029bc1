-- What operators see: site numbers as a JSON list, or every site when there is none. `second` is the secret of
-- their authenticator, `second_on` whether it is asked for, `second_used` the number of the last code.
ALTER TABLE operator ADD COLUMN sites TEXT;
ALTER TABLE operator ADD COLUMN second TEXT;
ALTER TABLE operator ADD COLUMN second_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operator ADD COLUMN second_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN sites TEXT;
ALTER TABLE link ADD COLUMN email TEXT; -- whom it is for; anybody new when there is none
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
