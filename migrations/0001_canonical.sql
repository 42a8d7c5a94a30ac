-- What cannot be made again: the imported bytes, the speeches they became, every revision of them,
-- and the order in which all of it happened.

CREATE TABLE source (
  key         INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),  -- of bytes, lower-case hexadecimal
  media_type  TEXT NOT NULL,
  encoding    TEXT,
  file_name   TEXT,
  imported_at TEXT NOT NULL,                              -- ISO 8601, UTC
  sidecar     BLOB,                                       -- the <file>.meta.json beside it
  bytes       BLOB NOT NULL
) STRICT;
CREATE INDEX source_by_digest ON source (sha256);

-- One row for every id ever given; AUTOINCREMENT, so that a key is never given twice.
CREATE TABLE speech (
  key        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE CHECK (length(id) = 12),
  revision   INTEGER NOT NULL CHECK (revision >= 1),      -- the current one
  created_at TEXT NOT NULL,
  deleted_at TEXT
) STRICT;

-- A speech as it was read at one time. Never changed once written.
CREATE TABLE revision (
  speech  INTEGER NOT NULL REFERENCES speech (key),
  number  INTEGER NOT NULL CHECK (number >= 1),
  source  INTEGER NOT NULL REFERENCES source (key),
  at      TEXT NOT NULL,
  cause   TEXT NOT NULL CHECK (cause IN ('import', 'correction', 'reparse')),
  changed TEXT NOT NULL CHECK (json_valid(changed)),      -- names of the members that differ from the revision before
  digest  TEXT NOT NULL,                                  -- of record, text and sections
  size    INTEGER NOT NULL,                               -- bytes of record and text
  record  TEXT NOT NULL CHECK (json_valid(record)),       -- every member that the revision fixes, but text and sections
  text    TEXT NOT NULL,                                  -- the canonical text
  PRIMARY KEY (speech, number)
) STRICT;
CREATE INDEX revision_by_source ON revision (source);

-- The nodes of a revision in reading order. Positions are code points of the revision's text.
CREATE TABLE section (
  speech        INTEGER NOT NULL,
  revision      INTEGER NOT NULL,
  position      INTEGER NOT NULL CHECK (position >= 0),   -- in reading order
  path          TEXT NOT NULL,
  parent        TEXT,
  level         INTEGER NOT NULL CHECK (level >= 1),
  ordinal       INTEGER NOT NULL CHECK (ordinal >= 1),
  kind          TEXT NOT NULL CHECK (kind IN ('salutation', 'opening', 'body', 'section', 'closing')),
  label         TEXT,
  number        INTEGER,
  heading       TEXT,
  span_start    INTEGER NOT NULL CHECK (span_start >= 0),
  span_end      INTEGER NOT NULL CHECK (span_end > span_start),
  heading_start INTEGER,
  heading_end   INTEGER,
  body_spans    TEXT NOT NULL CHECK (json_valid(body_spans)),
  characters    INTEGER NOT NULL,                         -- of the whole span, without white space
  PRIMARY KEY (speech, revision, position),
  UNIQUE (speech, revision, path),
  FOREIGN KEY (speech, revision) REFERENCES revision (speech, number),
  CHECK ((heading IS NULL) = (heading_start IS NULL) AND (heading IS NULL) = (heading_end IS NULL))
) STRICT, WITHOUT ROWID;

-- The change log: one row for every write, in order. Applied to an empty database it gives the same corpus.
CREATE TABLE change (
  corpus_revision INTEGER PRIMARY KEY,
  kind            TEXT NOT NULL CHECK (kind IN ('added', 'revised', 'deleted')),
  speech          INTEGER NOT NULL REFERENCES speech (key),
  revision        INTEGER NOT NULL,                       -- the current one after the change
  at              TEXT NOT NULL,
  state           TEXT NOT NULL                           -- digest over this change and the state before it
) STRICT;
