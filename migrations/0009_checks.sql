-- The same checks in another form: for a list of more than two after IN, SQLite makes a table in memory each time that a row is
-- written, which took longer than writing the row. No row has to be looked at again, so only the text of the tables changes
-- (https://sqlite.org/lang_altertable.html#otheralter).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'cause IN (''import'', ''correction'', ''reparse'')',
  'cause = ''import'' OR cause = ''correction'' OR cause = ''reparse''')
  WHERE name = 'revision';
UPDATE sqlite_schema SET sql = replace(sql, 'kind IN (''salutation'', ''opening'', ''body'', ''section'', ''closing'')',
  'kind = ''salutation'' OR kind = ''opening'' OR kind = ''body'' OR kind = ''section'' OR kind = ''closing''')
  WHERE name = 'section';
UPDATE sqlite_schema SET sql = replace(sql, 'kind IN (''added'', ''revised'', ''deleted'', ''purged'')',
  'kind = ''added'' OR kind = ''revised'' OR kind = ''deleted'' OR kind = ''purged''')
  WHERE name = 'change';
-- Reads the tables again; the number of the schema grows with any other change, which tells the other connections.
PRAGMA writable_schema = RESET;
CREATE TABLE schema_number (number INTEGER) STRICT;
DROP TABLE schema_number;
