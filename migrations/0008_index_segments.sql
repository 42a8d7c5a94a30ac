-- The index as segments of our own in the place of FTS5's (docs/decisions/0011-segments.md). It is made again when the
-- database is opened, since its version is another one.
DROP TABLE search_index;

-- A segment: where the tokens of some documents stand, written once and never changed, until it is put together with its
-- neighbours into a new one. The documents of segments follow each other.
CREATE TABLE search_segment (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  state     TEXT NOT NULL CHECK (state IN ('written', 'live', 'spent')),
  level     INTEGER NOT NULL,                             -- grows with the size
  first     INTEGER NOT NULL,                             -- the documents that may be in it, from
  last      INTEGER NOT NULL,                             -- to
  documents INTEGER NOT NULL,                             -- how many are
  dead      INTEGER NOT NULL,                             -- how many of them have been taken out since
  blocks    INTEGER NOT NULL,
  target    INTEGER REFERENCES search_segment (id),       -- the segment that is being made of it and others
  reached   BLOB                                          -- of one being made: the last token that it has
) STRICT;

-- The blocks of the segments, each for a page of the file: number = segment * 2^24 + place. For each token in order its
-- length and itself, the length of what follows, and then for each document where it stands.
CREATE TABLE search_block (
  number  INTEGER PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

-- With which token each block begins.
CREATE TABLE search_term (
  segment INTEGER NOT NULL,
  term    BLOB NOT NULL,
  block   INTEGER NOT NULL,
  PRIMARY KEY (segment, term, block)
) STRICT, WITHOUT ROWID;

-- Documents that were taken out and are still in a segment.
CREATE TABLE search_dead (
  document INTEGER PRIMARY KEY,
  target   INTEGER                                        -- the segment being made that will not have it
) STRICT;
