-- What the client keeps of one attachment: the three trees, what is under way, and what a person may be told.
-- Ids and hashes are blobs (16 and 32 bytes). A moment is two numbers, seconds and nanoseconds, since file systems hold
-- moments that one number cannot.

CREATE TABLE remote (
    id         BLOB PRIMARY KEY,
    parent     BLOB,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    content    BLOB,
    size       INTEGER,
    target     TEXT,
    mode       INTEGER NOT NULL,
    mtime_s    INTEGER,
    mtime_ns   INTEGER,
    v_content  INTEGER NOT NULL,
    v_place    INTEGER NOT NULL,
    v_meta     INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    device     BLOB,
    attrs      TEXT                     -- NULL: none
) WITHOUT ROWID;

CREATE TABLE synced (
    id         BLOB PRIMARY KEY,
    parent     BLOB,                    -- NULL for the root, as is name
    name       TEXT,
    kind       TEXT NOT NULL,
    content    BLOB,
    size       INTEGER,
    target     TEXT,
    mode       INTEGER NOT NULL,
    mtime_s    INTEGER,
    mtime_ns   INTEGER,
    v_content  INTEGER NOT NULL,
    v_place    INTEGER NOT NULL,
    v_meta     INTEGER NOT NULL,
    disk_name  TEXT NOT NULL,
    disk_mode  INTEGER NOT NULL,
    disk_s     INTEGER NOT NULL,
    disk_ns    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE local (
    id         BLOB PRIMARY KEY,
    parent     BLOB,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    identity   TEXT NOT NULL,
    disk_size  INTEGER NOT NULL,
    mtime_s    INTEGER NOT NULL,
    mtime_ns   INTEGER NOT NULL,
    ctime_s    INTEGER NOT NULL,
    ctime_ns   INTEGER NOT NULL,
    mode       INTEGER NOT NULL,
    content    BLOB,
    size       INTEGER,
    target     TEXT,
    trusted    INTEGER NOT NULL,
    presence   TEXT NOT NULL CHECK (presence IN ('present', 'absent', 'unknown', 'excluded')),
    reason     TEXT                     -- why unknown, or the rule that excludes
) WITHOUT ROWID;

CREATE TABLE ops (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    op_id      TEXT NOT NULL UNIQUE,
    mutation   TEXT NOT NULL            -- as on the wire
);

CREATE TABLE conflicts (
    copy       BLOB PRIMARY KEY,
    original   BLOB NOT NULL,
    copy_name  TEXT NOT NULL,
    device     TEXT NOT NULL,
    time_s     INTEGER NOT NULL,
    time_ns    INTEGER NOT NULL
) WITHOUT ROWID;

-- The engine's small named values.
CREATE TABLE notes (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL
) WITHOUT ROWID;

-- The store's own: cursor and generation of the root's marker.
CREATE TABLE marks (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE events (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    time_s     INTEGER NOT NULL,
    time_ns    INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    item       BLOB,
    path       TEXT NOT NULL,
    from_path  TEXT,
    bytes      INTEGER,
    device     TEXT,
    detail     TEXT
);
