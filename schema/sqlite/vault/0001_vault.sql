-- One vault. Ids are 16-byte blobs, hashes 32 bytes, times RFC 3339 text (but ops.at_ms).

CREATE TABLE vault (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    root          BLOB NOT NULL,
    epoch         BLOB NOT NULL,
    head_seq      INTEGER NOT NULL,
    head_tag      TEXT NOT NULL,
    min_retained  INTEGER NOT NULL,
    stored_bytes  INTEGER NOT NULL,
    names         TEXT NOT NULL,
    merge         TEXT NOT NULL,            -- one glob a line
    retention_s   INTEGER,                  -- absent: for ever
    quota_bytes   INTEGER,                  -- absent: no limit
    chunk_min     INTEGER NOT NULL,
    chunk_average INTEGER NOT NULL,
    chunk_max     INTEGER NOT NULL,
    attrs         TEXT NOT NULL
) STRICT;

CREATE TABLE epochs (
    n         INTEGER PRIMARY KEY,          -- in the order in which they began
    epoch     BLOB NOT NULL UNIQUE,
    first_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE items (
    id              BLOB PRIMARY KEY NOT NULL,
    parent          BLOB,                   -- absent for the root only
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    content         BLOB,
    size            INTEGER,
    target          TEXT,
    mode            INTEGER NOT NULL,
    mtime           TEXT,
    content_version INTEGER NOT NULL,
    place_version   INTEGER NOT NULL,
    meta_version    INTEGER NOT NULL,
    state           INTEGER NOT NULL,       -- 0 lives, 1 deleted, 2 buried (dead with a folder above it)
    device          BLOB,
    attrs           TEXT NOT NULL,
    fold_key        TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE INDEX items_place ON items (parent, fold_key) WHERE state = 0;
CREATE INDEX items_trash ON items (id) WHERE state = 1;
CREATE INDEX items_buried ON items (parent) WHERE state = 2;

-- Dead folders whose children are not all buried yet.
CREATE TABLE dying (
    folder BLOB PRIMARY KEY NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE versions (
    item            BLOB NOT NULL,
    content_version INTEGER NOT NULL,
    content         BLOB NOT NULL,
    size            INTEGER NOT NULL,
    target          TEXT,
    parents         TEXT NOT NULL,          -- content versions, separated by commas
    device          BLOB NOT NULL,
    at              TEXT NOT NULL,
    PRIMARY KEY (item, content_version)
) WITHOUT ROWID, STRICT;

CREATE TABLE events (
    seq       INTEGER PRIMARY KEY,
    tag       TEXT NOT NULL,
    time      TEXT NOT NULL,
    device    BLOB NOT NULL,
    batch     BLOB NOT NULL,
    n         INTEGER NOT NULL,
    op        TEXT NOT NULL,
    confirmed INTEGER NOT NULL
) STRICT;

-- The items of an event, as of its seq.
CREATE TABLE event_items (
    seq             INTEGER NOT NULL,
    n               INTEGER NOT NULL,
    id              BLOB NOT NULL,
    parent          BLOB,
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    content         BLOB,
    size            INTEGER,
    target          TEXT,
    mode            INTEGER NOT NULL,
    mtime           TEXT,
    content_version INTEGER NOT NULL,
    place_version   INTEGER NOT NULL,
    meta_version    INTEGER NOT NULL,
    state           INTEGER NOT NULL,
    device          BLOB,
    attrs           TEXT NOT NULL,
    PRIMARY KEY (seq, n)
) WITHOUT ROWID, STRICT;

CREATE TABLE ops (
    device    BLOB NOT NULL,
    batch     BLOB NOT NULL,
    n         INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    first_seq INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    adopted   BLOB,
    at_ms     INTEGER NOT NULL,             -- milliseconds since 1970
    PRIMARY KEY (device, batch, n)
) WITHOUT ROWID, STRICT;

-- With rowids: rows of many kilobytes do not belong into the tree that is searched.
CREATE TABLE inline_contents (
    id    BLOB PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE chunks (
    hash   BLOB PRIMARY KEY NOT NULL,
    length INTEGER NOT NULL,
    key    TEXT NOT NULL,
    live   INTEGER NOT NULL                 -- 0 once condemned
) WITHOUT ROWID, STRICT;

CREATE TABLE manifests (
    id     BLOB PRIMARY KEY NOT NULL,
    size   INTEGER NOT NULL,
    chunks BLOB NOT NULL                    -- for each chunk: 32 bytes hash, 4 bytes big-endian length
) STRICT;
