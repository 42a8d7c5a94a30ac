"""The faults of `faults` that are of the disk, of its room, of other processes and of the clock."""

import contextlib
import errno
import gzip
import os
import resource
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import faulty
import served
from faultstage import Skipped, Stage, Unexpected, fault, mounted, need


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
            status = stage.write()
            if status != 201:
                break
        # A shorter one than this might still find room.
        seen = stage.refused(status, 507, "storage_full")
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


@fault
def slow_disk_many_writers(rostrum, folder):
    stage = Stage(rostrum, folder)
    stage.begin_reading()
    stage.disk.set(delay_ms=2_000)
    changes, answers = [stage.author.create(stage.corpus, []) for _ in range(12)], []

    def send(change):
        client, began = faulty.Client(stage.server.port), time.monotonic()
        answer = client.ask(change.method, change.path, change.body, change.content_type)
        answers.append((change, time.monotonic() - began, *answer))

    threads = [threading.Thread(target=send, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read, slowest = stage.end_reading(), stage.reader.slowest
    stage.disk.clear()
    kept, refused = [], []
    for change, seconds, status, fields, content in answers:
        if status == 201:
            kept.append(seconds)
            stage.take(change, content)
        else:
            need((status, content.get("code")) == (503, "overloaded") and fields["Retry-After"], f"{status} {content!r:.300}")
            refused.append(seconds)
            stage.send(change)
    need(kept and refused, f"{len(kept)} are kept and {len(refused)} refused")
    need(max(refused) < 7, f"refused after {max(refused):.1f} s")
    return (f"each fsync takes 2 s, and {len(changes)} write at once",
            f"201 for {len(kept)}, the slowest after {max(kept):.1f} s; 503 `overloaded`, `Retry-After`, for {len(refused)} "
            f"after {max(refused):.1f} s at most", f"{read}, the slowest after {1000 * slowest:.0f} ms", "–",
            "what was refused is kept when it is sent again; " + stage.finish())


# MARK: Room for a copy

def copy_refused(command, folder, disk=None):
    """What a command says that has no room in a folder for a copy; it has to name folder and bytes, and to leave nothing."""
    def there():
        return sorted(path.name for path in folder.iterdir() if not path.name.endswith((".lock", "-wal", "-shm")))

    before = there()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True,
                          env=os.environ | (disk.environment if disk else {}), timeout=60)
    said = done.stderr.strip().splitlines()[-1]
    need(done.returncode == 1 and str(folder) in said and "bytes" in said, f"status {done.returncode}: {done.stderr}")
    need(there() == before, f"it leaves {there()}")
    return said.replace(str(folder), "…")


@fault
def backup_full(rostrum, folder):
    small = folder / "small"
    small.mkdir()
    stage = Stage(rostrum, folder)
    mounted(small, "-o", "size=128k")
    try:
        command = [rostrum, "backup", small / "copy.sqlite", "--database", stage.database]
        said = copy_refused(command, small)
        # There is room at first, and none when a part is written.
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        disk = faulty.Disk(small / "copy.sqlite.partial")
        disk.set("fail", ["write"], errno.ENOSPC, skip=20)
        copy_refused(["env", *command], small, disk)
        need(disk.acted, "the fault was not made")
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        need(done.returncode == 0 and not faulty.check(rostrum, small / "copy.sqlite"), done.stderr)
    finally:
        subprocess.run(["umount", "-l", small])
    stage.resumed()
    return ("`rostrum backup` to a disk that is full, or becomes so", "201", "200", f"`{said}`",
            "nothing half made is left there; with room the copy is made; " + stage.finish())


@fault
def migration_full(rostrum, folder):
    content, small = gzip.decompress(served.older_fixtures()[-1].read_bytes()), folder / "small"
    small.mkdir()
    mounted(small, "-o", f"size={len(content) * 3 // 2}")
    try:
        database = small / "corpus.sqlite"
        database.write_bytes(content)
        said = copy_refused([rostrum, "collection", "remove", "none", "--database", database], small)
        need(database.read_bytes() == content, "the database is another one")
        try:
            faulty.start(rostrum, database, faulty.Disk(database))
            raise Unexpected("the server starts")
        except served.NotStarted:
            pass
        need(database.read_bytes() == content, "the database is another one")
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        server = faulty.start(rostrum, database, faulty.Disk(database))
        need(faulty.Client(server.port).ask("GET", "/v1/speeches")[0] == 200 and server.stop() == 0, "it is not served")
        need(not faulty.check(rostrum, database), "check finds something")
        copies = [path.name for path in small.glob("*-before-*")]
        need(len(copies) == 1, f"copies: {copies}")
    finally:
        subprocess.run(["umount", "-l", small])
    return ("no room for the copy before a migration", "status 1 of the process", "–", f"`{said}`",
            "the old database is there to the byte; with room it is copied, brought up to date, and served, `check` clean")


# MARK: Other processes

@contextlib.contextmanager
def older_state(database):
    """Another process that goes on reading the state of now."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM speech").fetchone()
    try:
        yield
    finally:
        connection.close()


def holds(database, marker):
    """Whether the bytes of a text are in the files of a database."""
    return any(marker.encode() in Path(f"{database}{suffix}").read_bytes()
               for suffix in ["", "-wal"] if Path(f"{database}{suffix}").exists())


@fault
def purge_beside_reader(rostrum, folder):
    stage = Stage(rostrum, folder)
    marker, path = "a-5", "/v1/speeches/" + stage.author.ids["a-5"]
    stage.begin_reading()
    # Not asked for by who reads meanwhile.
    stage.reader.ids = [id for name, id in stage.author.ids.items() if name != marker]
    with older_state(stage.database):
        answer = []
        other = faulty.Client(stage.server.port, seconds=120)
        thread = threading.Thread(target=lambda: answer.append(other.ask("DELETE", path + "?purge=true")))
        began = time.monotonic()
        thread.start()
        time.sleep(5)
        slowest = 0.0
        stage.corpus.speeches[marker] = None
        stage.corpus.writes += 2
        while thread.is_alive():
            stage.resumed()
            slowest = max(slowest, stage.seconds)
            time.sleep(3)
        seconds = time.monotonic() - began
        status, fields, content = answer[0]
        need((status, content.get("code")) == (503, "busy") and fields["Retry-After"], f"purging is answered {status} {content!r:.300}")
        need(stage.client.ask("GET", path)[0] == 410, "the speech is still read")
    need(slowest < 8, f"a write took {slowest:.1f} s")
    status, _, content = stage.client.ask("DELETE", path + "?purge=true")
    need(status in (204, 410), f"asked again it is answered {status} {content!r:.300}")
    need(not holds(stage.database, marker + "〕"), "the file still holds the text")
    return ("a speech is purged while another process reads an older state",
            f"503 `busy`, `Retry-After: {fields['Retry-After']}`, after {seconds:.0f} s; other writes 201 after {slowest:.1f} s at most",
            stage.end_reading(), stage.log("busy"),
            "the speech is gone at once (410); asked again, when nobody reads that state, its bytes are too; " + stage.finish())


@fault
def purge_command_beside_reader(rostrum, folder):
    stage = Stage(rostrum, folder)
    marker = "a-5"
    need(stage.server.stop() == 0, "the server did not end well")
    with older_state(stage.database):
        done = subprocess.run([rostrum, "purge", stage.author.ids[marker], "--yes", "--database", stage.database],
                              capture_output=True, text=True)
        said = done.stderr.strip().splitlines()[-1]
        need(done.returncode == 1 and "goes on reading" in said, f"status {done.returncode}: {done.stderr}")
    stage.corpus.speeches[marker] = None
    stage.corpus.writes += 2
    stage.start()
    need(stage.client.ask("GET", "/v1/speeches/" + stage.author.ids[marker])[0] == 410, "the speech is still read")
    need(not holds(stage.database, marker + "〕"), "the file still holds the text")
    return ("`rostrum purge` while another process reads an older state", "status 1 of the process", "–", f"`{said}`",
            "the speech is gone; its bytes go when a server opens the file; " + stage.finish())



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
