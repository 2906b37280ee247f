-- Whether a folder that moves down takes anything too deep is asked of the folders below it alone.
CREATE INDEX items_folders ON items (parent) WHERE state = 0 AND kind = 'folder';
