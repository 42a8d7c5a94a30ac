-- Speeches that were taken out for good: their revisions and documents are gone, the change log tells that they were there.

-- Revisions up to this one are not there any more; 0 where none was taken out.
ALTER TABLE speech ADD COLUMN purged INTEGER NOT NULL DEFAULT 0 CHECK (purged >= 0);

-- The same with one kind more.
CREATE TABLE change_of_four_kinds (
  corpus_revision INTEGER PRIMARY KEY,
  kind            TEXT NOT NULL CHECK (kind IN ('added', 'revised', 'deleted', 'purged')),
  speech          INTEGER NOT NULL REFERENCES speech (key),
  revision        INTEGER NOT NULL,                       -- the current one after the change
  at              TEXT NOT NULL,
  state           TEXT NOT NULL                           -- digest over this change and the state before it
) STRICT;
INSERT INTO change_of_four_kinds SELECT corpus_revision, kind, speech, revision, at, state FROM change
  ORDER BY corpus_revision;
DROP TABLE change;
ALTER TABLE change_of_four_kinds RENAME TO change;

-- A row from each purge until the file has been written anew: its bytes may still hold what was taken out.
CREATE TABLE scrub (since TEXT NOT NULL) STRICT;
