-- What lists, filters and facets read: one row for every speech that is not deleted, made from its current
-- revision in the same transaction. Can be dropped and made again.

CREATE TABLE card (
  speech       INTEGER PRIMARY KEY REFERENCES speech (key),
  id           TEXT NOT NULL UNIQUE,
  revision     INTEGER NOT NULL,
  title        TEXT,
  language     TEXT NOT NULL,
  speaker      TEXT,
  role         TEXT,
  organisation TEXT,
  level        TEXT,
  occasion     TEXT,
  genre        TEXT,
  location     TEXT,
  source       TEXT,
  site         TEXT,
  date_key     TEXT,                -- the earliest moment of the card's date; null where undated
  date_latest  TEXT,
  delivered_earliest TEXT,
  delivered_latest   TEXT,
  published_earliest TEXT,
  published_latest   TEXT,
  year         TEXT,
  sections     INTEGER NOT NULL,
  characters   INTEGER NOT NULL,
  title_key    TEXT NOT NULL,       -- what sort=title sorts by
  json         TEXT NOT NULL        -- the members of the card as they are answered
) STRICT;
CREATE INDEX card_by_date ON card (date_key, id);
CREATE INDEX card_by_date_descending ON card (date_key DESC, id);
CREATE INDEX card_by_title ON card (title_key, id);
CREATE INDEX card_by_speaker ON card (speaker);
CREATE INDEX card_by_genre ON card (genre);

CREATE TABLE metadata (
  speech INTEGER NOT NULL REFERENCES card (speech) ON DELETE CASCADE,
  key    TEXT NOT NULL,
  value  TEXT NOT NULL,
  PRIMARY KEY (key, value, speech)
) STRICT, WITHOUT ROWID;
CREATE INDEX metadata_by_speech ON metadata (speech);
