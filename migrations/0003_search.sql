-- What search reads, made from the current revisions in the same transaction. Can be dropped and made again.

-- The tokens of Corpus/Text/Tokenizer.swift between spaces. A row is a revision of a speech; the tokens of its nodes follow
-- each other in reading order. The text itself is not kept again, and the largest column comes first: a place in any other
-- costs two bytes more.
CREATE VIRTUAL TABLE search_index USING fts5 (body, heading, title, content = '', tokenize = 'ascii', detail = full);
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 8);
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 32);
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 16000000);

-- AUTOINCREMENT, so that a number never comes to stand for another revision: what is known of one stays true.
CREATE TABLE search_document (
  document INTEGER PRIMARY KEY AUTOINCREMENT,             -- the rowid in search_index
  speech   INTEGER NOT NULL UNIQUE REFERENCES speech (key),
  revision INTEGER NOT NULL,
  nodes    BLOB NOT NULL                                  -- for each node two varints: tokens of its text, of its heading
) STRICT;

-- One row: which tokens the index is of, how far it has been made again, and the sums that ranking needs.
CREATE TABLE search_state (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  version  TEXT NOT NULL,
  rebuilt  INTEGER,                                       -- the last speech put in again; null where it is complete
  nodes    INTEGER NOT NULL,
  tokens   INTEGER NOT NULL
) STRICT;
INSERT INTO search_state (id, version, rebuilt, nodes, tokens) VALUES (1, '', 0, 0, 0);
