-- Which speeches are copies of others, made from the current revisions in the same transaction. Can be dropped and made again.

-- A sample of each text, by which copies are found (Corpus/Analysis/CopyText.swift).
CREATE TABLE fingerprint (
  speech   INTEGER PRIMARY KEY REFERENCES speech (key),
  sparsity INTEGER NOT NULL,
  hashes   BLOB NOT NULL                                  -- of four bytes each, the lowest first
) STRICT;

-- Two speeches of which one stands in the other for the most part.
CREATE TABLE copy (
  copy     INTEGER NOT NULL REFERENCES speech (key),
  original INTEGER NOT NULL REFERENCES speech (key),
  share    REAL NOT NULL,                                 -- what part of the copy stands in the other
  coverage REAL NOT NULL,                                 -- what part of the other stands in the copy
  PRIMARY KEY (copy, original)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_by_original ON copy (original);

-- The head of the family, by its key; null for a speech without copies.
ALTER TABLE card ADD COLUMN family INTEGER;
CREATE INDEX card_by_family ON card (family) WHERE family IS NOT NULL;
