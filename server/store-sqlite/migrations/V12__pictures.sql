-- The picture by which customers and colleagues know an operator. The id is random, and another picture has another one.
CREATE TABLE operator_picture (
    email TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;
