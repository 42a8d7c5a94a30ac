"""The faults of `faults` that are of the file: damaged, cut, moved, replaced, without its WAL."""

import os
import shutil
import sqlite3
from pathlib import Path

import authors
import faulty
from faultstage import Stage, Unexpected, fault, need


def damaged_page(database, marker):
    """Overwrites a page of the text of one speech, and gives its number."""
    with sqlite3.connect(database) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = [page for (page,) in connection.execute(
            "SELECT pageno FROM dbstat WHERE name = 'revision' AND pagetype = 'overflow'")]
        text = connection.execute("SELECT text FROM revision WHERE text LIKE ?", (f"%〔{marker}〕%",)).fetchone()[0].encode()
    connection.close()
    content = database.read_bytes()
    for page in pages:
        part = content[(page - 1) * size + 4 : page * size]
        if part[:600] in text:
            with open(database, "r+b") as file:
                file.seek((page - 1) * size)
                file.write(os.urandom(size))
            return page
    raise Unexpected("no page has only text of that speech")


def longest(stage):
    """The marker of the longest speech."""
    return max(stage.corpus.speeches, key=lambda marker: len(stage.corpus.speeches[marker][2]))


@fault
def garbage_page(rostrum, folder):
    stage = Stage(rostrum, folder)
    stage.server.stop()
    whole = stage.database.read_bytes()
    marker = longest(stage)
    page = damaged_page(stage.database, marker)
    finding = faulty.check(rostrum, stage.database)
    need(finding, "check finds nothing")
    stage.start()
    log = stage.log("damaged")
    status, _, content = stage.client.ask("GET", f"/v1/speeches/{stage.author.ids[marker]}")
    need((status, content.get("code")) == (500, "corrupt"), f"the broken speech is answered {status} {content!r:.300}")
    others = [id for name, id in stage.author.ids.items() if name != marker]
    for id in others:
        need(stage.client.ask("GET", f"/v1/speeches/{id}")[0] == 200, f"{id} cannot be read")
    seen = stage.expect(503, "read_only")
    need(stage.ready()[0] == 503, "/ready does not say so")
    need(stage.server.stop() == 0, "the server did not end well")
    for old in folder.glob("corpus.sqlite-*"):
        old.unlink()
    stage.database.write_bytes(whole)
    stage.start()
    stage.resumed()
    return ("a page with a text is overwritten", f"{seen}; `/ready` 503",
            f"500 `corrupt` for that speech, 200 for the {len(others)} others", log,
            "`check` names it; from a copy of before: " + stage.finish())


def broken_start(rostrum, folder, what, damage):
    """A file that cannot be opened at all."""
    stage = Stage(rostrum, folder)
    stage.server.stop()
    whole = stage.database.read_bytes()
    damage(stage.database)
    broken = stage.database.read_bytes()
    said = stage.refused_start().replace(str(stage.database), "corpus.sqlite")
    need(said.startswith("Error: "), said)
    need(stage.database.read_bytes() == broken, "the file was changed")
    stage.database.write_bytes(whole)
    stage.start()
    stage.resumed()
    return what, "status 1 of the process", "–", f"`{said}`", "the file is left as it is; from a copy of before: " + stage.finish()


@fault
def garbage_header(rostrum, folder):
    def damage(database):
        with open(database, "r+b") as file:
            file.write(os.urandom(100))

    return broken_start(rostrum, folder, "the first 100 bytes of the file are overwritten", damage)


@fault
def truncated(rostrum, folder):
    return broken_start(rostrum, folder, "the file is cut to half of its length",
                        lambda database: os.truncate(database, database.stat().st_size // 2))


@fault
def wal_deleted(rostrum, folder):
    stage = Stage(rostrum, folder)
    need(stage.server.stop() == 0, "the server did not end well")
    stage.start()
    for _ in range(3):
        stage.resumed()
    stage.server.process.kill()
    stage.server.process.wait()
    wal = Path(f"{stage.database}-wal")
    need(wal.stat().st_size, "there is nothing in the WAL")
    wal.rename(folder / "kept")
    need("was answered" in faulty.check(rostrum, stage.database), "check does not say so")
    stage.start()
    log = stage.log("was answered")
    found, _ = faulty.look(stage.client)
    seen = stage.expect(503, "read_only")
    need(stage.ready()[0] == 503, "/ready does not say so")
    need(stage.server.stop() == 0, "the server did not end well")
    for old in [wal, Path(f"{stage.database}-shm")]:
        old.unlink(missing_ok=True)
    (folder / "kept").rename(wal)
    stage.start()
    stage.resumed()
    return ("the `-wal` is deleted after a `kill -9`", f"{seen}; `/ready` 503",
            f"200, of the {found.writes} of {stage.corpus.writes - 1} documents that are left", log,
            "`check` says so too; with the `-wal` put back: " + stage.finish())


def taken_away(rostrum, folder, what, take, give):
    """A file that another one comes to stand for, under a running server."""
    stage = Stage(rostrum, folder)
    stage.begin_reading()
    take(stage.database)
    seen = stage.expect(503, "read_only")
    status, _ = stage.ready()
    need(status == 503, "/ready does not say so")
    read = stage.end_reading()
    log = stage.log("while it is open")
    give(stage.database)
    stage.resumed()
    return what, f"{seen}; `/ready` 503", read, log, "with the file put back writes go on; " + stage.finish()


@fault
def file_deleted(rostrum, folder):
    return taken_away(rostrum, folder, "the file is moved away under the server",
                      lambda path: path.rename(f"{path}.away"), lambda path: Path(f"{path}.away").rename(path))


@fault
def file_replaced(rostrum, folder):
    def replace(path):
        path.rename(f"{path}.away")
        shutil.copy(f"{path}.away", path)

    return taken_away(rostrum, folder, "another file takes its place under the server",
                      replace, lambda path: Path(f"{path}.away").rename(path))
