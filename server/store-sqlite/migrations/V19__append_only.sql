-- The security log grows at its end, and is shortened at its beginning when what stands there is old enough: where it begins
-- moves forward only, and from there on nothing is changed, replaced or deleted.
CREATE TABLE security_log (
    begins INTEGER NOT NULL
) STRICT;
INSERT INTO security_log VALUES (0);
CREATE TRIGGER security_log_is_one BEFORE INSERT ON security_log
BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;
CREATE TRIGGER security_log_goes_on BEFORE UPDATE ON security_log WHEN NEW.begins < OLD.begins
BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;
CREATE TRIGGER security_log_stays BEFORE DELETE ON security_log
BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;
CREATE TRIGGER security_event_is_new BEFORE INSERT ON security_event
WHEN EXISTS (SELECT 1 FROM security_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;
CREATE TRIGGER security_event_is_kept BEFORE DELETE ON security_event
WHEN OLD.at >= (SELECT begins FROM security_log)
BEGIN SELECT RAISE(ABORT, 'the security log is append-only'); END;
