-- One column in the place of three: a place in any but the first costs two bytes more, and which field a token is of follows
-- from where it stands. The tokens are those of Corpus/Text/SearchText.swift: of the title, then of each node its heading
-- and its own text. `nodes` of search_document holds varints: how many tokens the title has, then each heading and own text.
-- Both are made again when the database is opened, since their version is another one.
DROP TABLE search_index;
CREATE VIRTUAL TABLE search_index USING fts5 (tokens, content = '', tokenize = 'ascii', detail = full);
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 8);
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 32);
INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 16000000);
