-- Times are RFC 3339 in UTC with six digits of a second, so that their order is that of the text.
CREATE TABLE component (
    id            TEXT NOT NULL PRIMARY KEY,
    type          TEXT NOT NULL,
    name          TEXT NOT NULL,
    flavor        TEXT NOT NULL,
    configuration TEXT NOT NULL, -- JSON object of text, in the order it was typed
    labels        TEXT NOT NULL, -- JSON object of text
    created       TEXT NOT NULL,
    updated       TEXT NOT NULL,
    UNIQUE (type, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE stack (
    id      TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stack_component (
    stack     TEXT NOT NULL REFERENCES stack (id) ON DELETE CASCADE,
    type      TEXT NOT NULL,
    component TEXT NOT NULL REFERENCES component (id),
    PRIMARY KEY (stack, type)
) STRICT, WITHOUT ROWID;

CREATE INDEX stack_component_by_component ON stack_component (component);

CREATE TABLE active (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    stack    TEXT NOT NULL REFERENCES stack (id)
) STRICT;
