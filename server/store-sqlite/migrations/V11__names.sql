-- The name by which customers and colleagues know an operator; empty until they give one.
ALTER TABLE operator ADD COLUMN name TEXT NOT NULL DEFAULT '';
