"""The faults that `faults` makes: each a function that gives a row of its table."""

import errno
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import faulty
import served

FAULTS = {}


class Unexpected(Exception):
    """Something is not as it has to be."""


class Skipped(Exception):
    """A fault cannot be made here."""


def fault(function):
    FAULTS[function.__name__.replace("_", "-")] = function
    return function


def need(condition, what):
    if not condition:
        raise Unexpected(what)


class Reader(threading.Thread):
    """Reads quickly answered and long things all the time, and notes what came."""

    def __init__(self, port, ids):
        super().__init__(daemon=True)
        self.client, self.ids, self.is_done = faulty.Client(port), ids, False
        self.bad, self.count, self.slowest = {}, 0, 0.0

    def run(self):
        while not self.is_done:
            self.count += 1
            for path in ["/health", f"/v1/speeches/{self.ids[self.count % len(self.ids)]}",
                         f"/v1/speeches?limit={self.count % 90 + 1}"]:
                began = time.monotonic()
                status, _, content = self.client.ask("GET", path)
                self.slowest = max(self.slowest, time.monotonic() - began)
                if status != 200:
                    key = (status, content.get("code"))
                    self.bad[key] = self.bad.get(key, 0) + 1
            time.sleep(0.01)


class Stage:
    """A server with some speeches, on a disk that can fail, and what it has to hold."""

    def __init__(self, rostrum, folder, **settings):
        self.rostrum, self.database = rostrum, Path(folder) / "corpus.sqlite"
        self.disk, self.settings = faulty.Disk(self.database), settings
        self.author, self.corpus, self.reader = faulty.Author("a", 11), faulty.Corpus(), None
        self.start()
        for _ in range(20):
            need(self.write() == 201, "a first document is refused")

    def start(self):
        self.server = faulty.start(self.rostrum, self.database, self.disk, **self.settings)
        self.client = faulty.Client(self.server.port)

    def server_log(self):
        return (faulty.SCRATCH / "server.log").read_text()

    def refused_start(self):
        """What a server says that does not start, and its status."""
        try:
            self.start()
        except served.NotStarted:
            return self.server_log().strip().splitlines()[-1]
        raise Unexpected("the server starts")

    def write(self, client=None):
        """Sends a document; gives the status. What is refused has to be a problem."""
        change = self.author.create(self.corpus, [])
        began = time.monotonic()
        status, self.fields, self.content = (client or self.client).ask(
            change.method, change.path, change.body, change.content_type)
        self.seconds = time.monotonic() - began
        if status in change.good:
            self.corpus = change.after(self.corpus)
            self.author.ids[faulty.MARKER.search(change.body)[1]] = self.content["id"]
        else:
            need(self.fields["Content-Type"] == "application/problem+json", f"{status} without a problem")
        return status

    def expect(self, status, code):
        """Writes, and has to be refused like that. Gives the words for the table."""
        seen = self.write()
        need((seen, self.content.get("code")) == (status, code), f"writing is answered {seen} {self.content!r:.300}")
        if status == 503:
            need(self.fields["Retry-After"], "503 without Retry-After")
        return f"{status} `{code}`" + (f", `Retry-After: {self.fields['Retry-After']}`" if status == 503 else "")

    def begin_reading(self):
        self.reader = Reader(self.server.port, list(self.author.ids.values()))
        self.reader.start()

    def end_reading(self, within=1.0):
        """Stops the reader; it must have had its answers, and soon. Gives the words for the table."""
        self.reader.is_done = True
        self.reader.join()
        need(not self.reader.bad and self.reader.count, f"reading is answered {self.reader.bad}")
        need(self.reader.slowest < within, f"the slowest answer took {self.reader.slowest:.2f} s")
        return f"200, {3 * self.reader.count:,} times"

    def ready(self):
        status, _, content = self.client.ask("GET", "/ready")
        return status, content.get("detail", "")

    def log(self, *words):
        """The last line of the log that has the words, without time and label."""
        for line in reversed(self.server_log().splitlines()):
            if all(word in line for word in words):
                line = line.split("[", 1)[-1].split("] ", 1)[-1]
                return "`" + line.replace(str(self.database), "corpus.sqlite").replace("|", "/")[:160] + "`"
        raise Unexpected(f"the log does not say {words}: {self.server_log()[-600:]}")

    def resumed(self):
        """Writes go on, without a restart."""
        need(self.write() == 201, f"writing does not go on: {self.content!r:.300}")

    def finish(self):
        """Everything that was answered is there, also after a restart. Gives the words for the table."""
        for _ in range(2):
            found, _ = faulty.look(self.client)
            need(found == self.corpus and found.writes == self.corpus.writes, self.corpus.difference(found))
            finding = faulty.check(self.rostrum, self.database)
            need(not finding, f"check: {finding}")
            need(self.server.stop() == 0, "the server did not end well")
            self.start()
        self.server.stop()
        return f"all {self.corpus.writes} answered documents there, `check` clean"


def mounted(folder, *options):
    """A small file system of its own."""
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        raise Skipped("no right to mount")
    return folder


# MARK: The disk

@fault
def full(rostrum, folder):
    small = folder / "small"
    small.mkdir()
    mounted(small, "-o", "size=8m")
    try:
        stage = Stage(rostrum, small, answer_cache_bytes=0)
        stage.begin_reading()
        stage.author.longest = 60_000
        for _ in range(2_000):
            if stage.write() != 201:
                break
        seen = stage.expect(507, "storage_full")
        read = stage.end_reading()
        kept = stage.corpus.writes
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        stage.resumed()
        log = stage.log("no room left")
        return f"a disk of 8 MB is full after {kept} documents", seen, read, log, "writes go on when there is room; " + stage.finish()
    finally:
        subprocess.run(["umount", "-l", small])


def failing(rostrum, folder, what, status, code, word, **how):
    """A disk that fails at some calls for a while."""
    stage = Stage(rostrum, folder)
    stage.begin_reading()
    stage.disk.set(**how)
    seen = stage.expect(status, code)
    need(stage.disk.acted, "the fault was not made")
    if how.get("times", -1) < 0:
        stage.expect(status, code)
    stage.disk.clear()
    stage.resumed()
    read = stage.end_reading()
    return what, seen, read, stage.log(word), "the next write is kept; " + stage.finish()


@fault
def torn_write(rostrum, folder):
    return failing(rostrum, folder, "half of a write is done, then `ENOSPC`", 507, "storage_full", "no room left",
                   action="tear", operations=["write"], error=errno.ENOSPC, skip=3, times=1)


@fault
def write_error(rostrum, folder):
    return failing(rostrum, folder, "`EIO` at every write", 503, "storage_failed", "The disk failed",
                   action="fail", operations=["write"], error=errno.EIO)


@fault
def sync_error(rostrum, folder):
    return failing(rostrum, folder, "`EIO` at every fsync", 503, "storage_failed", "The disk failed",
                   action="fail", operations=["sync"], error=errno.EIO)


@fault
def read_only(rostrum, folder):
    return failing(rostrum, folder, "the file system becomes read-only (`EROFS`)", 503, "read_only", "cannot be written",
                   action="fail", operations=["write", "truncate"], error=errno.EROFS)


@fault
def read_only_start(rostrum, folder):
    small = folder / "small"
    small.mkdir()
    mounted(small)
    try:
        stage = Stage(rostrum, small)
        need(stage.server.stop() == 0, "the server did not end well")
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        said = stage.refused_start().replace(str(small), "…")
        subprocess.run(["mount", "-o", "remount,rw", small], check=True)
        stage.start()
        stage.resumed()
        return ("a server is started on a read-only file system", "status 1 of the process", "–", f"`{said}`",
                "it starts when the file system can be written; " + stage.finish())
    finally:
        subprocess.run(["umount", "-l", small])


@fault
def read_error(rostrum, folder):
    stage = Stage(rostrum, folder)
    stage.server.stop()
    stage.start()
    stage.disk.set("fail", ["read"], errno.EIO)
    status, fields, content = stage.client.ask("GET", "/v1/speeches/" + stage.author.ids["a-5"])
    need((status, content.get("code")) == (503, "storage_failed"), f"reading is answered {status} {content!r:.300}")
    need(fields["Retry-After"], "503 without Retry-After")
    need(stage.client.ask("GET", "/health")[0] == 200, "/health fails")
    stage.disk.clear()
    need(stage.client.ask("GET", "/v1/speeches/" + stage.author.ids["a-5"])[0] == 200, "reading does not go on")
    stage.resumed()
    return ("`EIO` at every read", "–", f"503 `storage_failed`, `Retry-After: {fields['Retry-After']}`; `/health` 200",
            stage.log("The disk failed"), "the next read is answered; " + stage.finish())


@fault
def slow_disk(rostrum, folder):
    stage = Stage(rostrum, folder)
    stage.begin_reading()
    stage.disk.set(delay_ms=2_000)
    times = []
    for _ in range(2):
        need(stage.write() == 201, f"a write is refused: {stage.content!r:.300}")
        times.append(stage.seconds)
    need(min(times) >= 2, f"writes took {times}")
    read = stage.end_reading()
    slowest = stage.reader.slowest
    stage.disk.clear()
    stage.resumed()
    return ("each fsync takes 2 s", f"201 after {min(times):.1f} to {max(times):.1f} s",
            f"{read}, the slowest after {1000 * slowest:.0f} ms", "–", stage.finish())


# MARK: Other processes

def locked(stage, seconds):
    """Another process that keeps the database for so long."""
    def hold():
        other = sqlite3.connect(stage.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began.set()
        time.sleep(seconds)
        other.execute("ROLLBACK")
        other.close()

    began, thread = threading.Event(), threading.Thread(target=hold)
    thread.start()
    began.wait()
    return thread


@fault
def lock_2_s(rostrum, folder):
    stage = Stage(rostrum, folder)
    stage.begin_reading()
    holder = locked(stage, 2)
    need(stage.write() == 201 and 1.5 < stage.seconds < 4, f"after {stage.seconds:.1f} s: {stage.content!r:.300}")
    holder.join()
    return ("another process keeps the database for 2 s", f"201 after {stage.seconds:.1f} s", stage.end_reading(), "–",
            stage.finish())


@fault
def lock_8_s(rostrum, folder):
    stage = Stage(rostrum, folder)
    stage.begin_reading()
    holder = locked(stage, 8)
    seen = stage.expect(503, "busy")
    need(4 < stage.seconds < 7, f"refused after {stage.seconds:.1f} s")
    seconds = stage.seconds
    holder.join()
    stage.resumed()
    return ("another process keeps the database for 8 s", f"{seen}, after {seconds:.1f} s", stage.end_reading(),
            stage.log("busy"), "writes go on; " + stage.finish())


@fault
def descriptors(rostrum, folder):
    stage = Stage(rostrum, folder)
    clients = [faulty.Client(stage.server.port) for _ in range(4)]
    for client in clients:
        client.ask("GET", "/health")
    process, before = stage.server.process.pid, resource.prlimit(stage.server.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(process, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{process}/fd")), before[1]))
    seen, read = set(), set()
    for number in range(12):
        status = stage.write(clients[number % 4])
        seen.add(f"{status}" + (f" `{stage.content['code']}`" if status != 201 else ""))
        need(status in (201, 503), f"writing is answered {status} {stage.content!r:.300}")
        status, _, content = clients[number % 4].ask("GET", f"/v1/speeches?limit={number + 1}&q=%E9%98%B2")
        read.add(f"{status}" + (f" `{content['code']}`" if status != 200 else ""))
        need(status in (200, 503), f"reading is answered {status} {content!r:.300}")
    resource.prlimit(process, resource.RLIMIT_NOFILE, before)
    stage.resumed()
    return ("no file descriptor is left while documents are imported", " or ".join(sorted(seen)), " or ".join(sorted(read)),
            "–", "new connections are accepted; " + stage.finish())


# MARK: The file

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


# MARK: The clock

@fault
def clock(rostrum, folder):
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not libraries:
        raise Skipped("no libfaketime")
    stage = Stage(rostrum, folder)
    usual, seen = dict(stage.disk.environment), []
    for moment in ["@2038-01-19 03:14:06", "@2039-02-03 04:05:06", None]:
        need(stage.server.stop() == 0, "the server did not end well")
        stage.disk.environment = dict(usual)
        if moment:
            stage.disk.environment["LD_PRELOAD"] += f":{libraries[0]}"
            stage.disk.environment["FAKETIME"] = moment
            stage.disk.environment["TZ"] = "UTC"
        stage.start()
        if moment and moment.startswith("@2038"):
            time.sleep(2.5)
        stage.resumed()
        seen.append(stage.fields["Date"])
        status, fields, content = stage.client.ask("GET", "/v1/speeches/" + stage.content["id"])
        need(status == 200, f"reading is answered {status}")
        year = moment[1:5] if moment else time.strftime("%Y", time.gmtime())
        need(content["created_at"].startswith(year) and year in fields["Date"] and year in fields["Last-Modified"],
             f"{content['created_at']}, {fields['Date']}, {fields['Last-Modified']}")
    need("19 Jan 2038 03:14:" in seen[0] and seen[0] > "Tue, 19 Jan 2038 03:14:07", f"the clock was {seen[0]}")
    status, _, changes = stage.client.ask("GET", "/v1/changes?limit=100")
    numbers = [change["corpus_revision"] for change in changes["items"]]
    need(numbers == sorted(set(numbers)) == list(range(1, stage.corpus.writes + 1)), f"changes come as {numbers}")
    latest = stage.client.ask("GET", "/v1/speeches?sort=-added&limit=1")[2]["items"][0]["id"]
    need(latest == stage.content["id"], "the latest is not what came last")
    return ("the clock goes to 2038-01-19 03:14:06 and past it, to 2039, and back", "201",
            "200, with the times of that clock", "–", "changes and `sort=-added` go by revision, not by time; " + stage.finish())
