"""The peer on FastAPI, sqlite3 and orjson: the speeches of Rostrum's database as a careful user would serve them.

Handlers are coroutines that read at once: a look-up takes less time than a thread to hand it to. Each process has one
connection. `record` and cards, which the database holds as JSON, become dictionaries and are written again with the rest.
"""

import os
import sqlite3

import orjson
from fastapi import FastAPI, HTTPException, Request, Response

ONE = """
    SELECT s.key, s.id, r.number, s.created_at, r.at, r.digest, r.record, r.text
    FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
    WHERE s.id = ? AND s.deleted_at IS NULL"""
TAG = """
    SELECT r.digest FROM speech s JOIN revision r ON r.speech = s.key AND r.number = s.revision
    WHERE s.id = ? AND s.deleted_at IS NULL"""
SECTIONS = """
    SELECT path, parent, level, ordinal, kind, label, number, heading, span_start, span_end, heading_start,
      heading_end, body_spans, characters
    FROM section WHERE speech = ? AND revision = ? ORDER BY position"""
CARDS = """
    SELECT id, revision, date_key, '{' || json || '}' FROM card WHERE date_key IS NOT NULL
    ORDER BY date_key DESC, id LIMIT ?"""
CARDS_AFTER = """
    SELECT id, revision, date_key, '{' || json || '}' FROM card WHERE date_key <= ? AND (date_key <> ? OR id > ?)
    ORDER BY date_key DESC, id LIMIT ?"""

app = FastAPI()
database = sqlite3.connect(f"file:{os.environ['DATABASE']}?mode=ro", uri=True, check_same_thread=False)
database.executescript("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -16000;")


def json(value, **fields):
    return Response(orjson.dumps(value), media_type="application/json", headers=fields)


def tree(speech, text, rows):
    """The nodes, which come in reading order, each inside its parent."""
    top, nodes = [], {}
    for (path, parent, level, ordinal, kind, label, number, heading, start, end, heading_start, heading_end, spans,
         characters) in rows:
        spans = orjson.loads(spans)
        node = nodes[path] = {
            "path": path, "level": level, "ordinal": ordinal, "kind": kind, "label": label, "number": number,
            "heading": heading, "start": start, "end": end,
            "heading_span": None if heading_start is None else [heading_start, heading_end], "body_spans": spans,
            "text": "\n".join(text[first:last] for first, last in spans), "characters": characters,
            "parent": parent, "url": f"/v1/speeches/{speech}/sections/{path}", "children": [],
        }
        (top if parent is None else nodes[parent]["children"]).append(node)
    return top


@app.get("/health")
async def health():
    return json({"status": "ok"})


@app.get("/v1/speeches")
async def speeches(limit: int = 20, cursor: str | None = None):
    if cursor is None:
        rows = database.execute(CARDS, (limit + 1,)).fetchall()
    else:
        date, _, speech = cursor.partition("_")
        rows = database.execute(CARDS_AFTER, (date, date, speech, limit + 1)).fetchall()
    following = f"{rows[limit - 1][2]}_{rows[limit - 1][0]}" if len(rows) > limit else None
    items = [
        {"id": speech, "url": f"/v1/speeches/{speech}", "revision": revision, **orjson.loads(members)}
        for speech, revision, _, members in rows[:limit]
    ]
    return json({
        "items": items, "total": database.execute("SELECT count(*) FROM card").fetchone()[0], "next": following,
        "query": {"sort": "-date", "limit": limit},
        "corpus_revision": database.execute("SELECT max(corpus_revision) FROM change").fetchone()[0],
    })


@app.get("/v1/speeches/{speech}")
async def one(speech: str, request: Request):
    known = request.headers.get("if-none-match")
    if known is not None:
        row = database.execute(TAG, (speech,)).fetchone()
        if row is not None and known == f'"{row[0]}"':
            return Response(status_code=304, headers={"ETag": known})
    row = database.execute(ONE, (speech,)).fetchone()
    if row is None:
        raise HTTPException(404)
    key, speech, revision, created, updated, digest, record, text = row
    url = f"/v1/speeches/{speech}"
    return json({
        "id": speech, "url": url, "revision": revision, **orjson.loads(record), "text": text,
        "sections": tree(speech, text, database.execute(SECTIONS, (key, revision))), "collections": [],
        "created_at": created, "updated_at": updated,
        "links": {"self": url} | {name: f"{url}/{name}" for name in ("sections", "text", "source", "revisions")},
    }, ETag=f'"{digest}"')
