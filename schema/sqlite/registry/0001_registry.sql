-- Who may do what. Ids are 16-byte blobs, hashes 32 bytes, times RFC 3339 text.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE vaults (
    id      BLOB PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE devices (
    id       BLOB PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    verifier BLOB NOT NULL,
    instance BLOB,
    revoked  INTEGER NOT NULL,
    created  TEXT NOT NULL,
    seen     TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- "groups" is a keyword of SQL, hence the longer name.
CREATE TABLE device_groups (
    id      BLOB PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE members (
    group_id BLOB NOT NULL,
    device   BLOB NOT NULL,
    PRIMARY KEY (group_id, device)
) WITHOUT ROWID, STRICT;

CREATE INDEX members_device ON members (device);

CREATE TABLE grants (
    group_id BLOB NOT NULL,
    vault    BLOB NOT NULL,
    role     TEXT NOT NULL,
    PRIMARY KEY (group_id, vault)
) WITHOUT ROWID, STRICT;

CREATE INDEX grants_vault ON grants (vault);

CREATE TABLE invites (
    id        BLOB PRIMARY KEY NOT NULL,
    verifier  BLOB NOT NULL,
    group_id  BLOB NOT NULL,
    role      TEXT NOT NULL,
    uses_left INTEGER NOT NULL,
    expires   TEXT NOT NULL,
    created   TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE INDEX invites_group ON invites (group_id);

CREATE TABLE invite_uses (
    invite BLOB NOT NULL,
    device BLOB NOT NULL,
    PRIMARY KEY (invite, device)
) WITHOUT ROWID, STRICT;
