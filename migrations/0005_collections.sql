-- Named sets of speeches, as people put them together: a list of ids, or a filter. They are no part of the change log.
CREATE TABLE collection (
  slug        TEXT PRIMARY KEY CHECK (length(slug) BETWEEN 1 AND 64),
  title       TEXT NOT NULL,
  description TEXT,
  filter      TEXT CHECK (filter IS NULL OR json_valid(filter)),  -- parameters of a list of speeches; null for a list of ids
  created_at  TEXT NOT NULL,                              -- ISO 8601, UTC
  updated_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE collection_item (
  slug     TEXT NOT NULL REFERENCES collection (slug) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),        -- in the order that was given
  id       TEXT NOT NULL,                                 -- of a speech, which may be deleted by now
  PRIMARY KEY (slug, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_item_by_id ON collection_item (id);

-- How often collections were edited, and when last: part of the state that answers depend on.
CREATE TABLE collection_edits (count INTEGER NOT NULL, at TEXT) STRICT;
INSERT INTO collection_edits (count) VALUES (0);
