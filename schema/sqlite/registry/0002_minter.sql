-- The device whose right to manage an invite lives by; absent: the admin, and what was minted before this column.
ALTER TABLE invites ADD COLUMN minter BLOB;
