"""A server whose disk fails when a script says so, and how it and its corpus are looked at.

For crash-imports, power-loss and faults. Needs a C compiler (`cc`) and Linux.
"""

import atexit
import http.client
import json
import mmap
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import served
from authors import MARKER, Corpus

TOKEN = "t"
# What the scripts themselves need: the library, what steers it, logs. Never where the disk of a server is tried.
SCRATCH = Path(tempfile.mkdtemp(prefix="faults-", dir="/dev/shm"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
OPERATIONS = ["read", "write", "sync", "truncate", "open"]
ACTIONS = ["nothing", "fail", "tear", "kill before", "kill within", "kill after"]
FILES = ["", "-wal", "-journal", "folder"]


class Disk:
    """What stands between SQLite and the disk of one server (faults.c), steered from here."""

    LAYOUT = struct.Struct("=IIiIqqII5qq")

    def __init__(self, database, trace=None):
        self.library = SCRATCH / "faults.so"
        if not self.library.exists():
            subprocess.run(
                ["cc", "-O2", "-fPIC", "-shared", "-o", self.library, served.ROOT / "scripts/faults.c", "-ldl", "-pthread"],
                check=True)
        control = SCRATCH / f"{len(list(SCRATCH.iterdir()))}.control"
        control.write_bytes(bytes(4096))
        self.file = open(control, "r+b")
        self.memory = mmap.mmap(self.file.fileno(), 4096)
        self.environment = {
            "LD_PRELOAD": str(self.library), "FAULTS_DATABASE": str(database), "FAULTS_CONTROL": str(control)}
        if trace:
            self.environment["FAULTS_TRACE"] = str(trace)

    def set(self, action="nothing", operations=(), error=0, delay_ms=0, skip=0, times=-1, files=FILES[:3]):
        """From now on, lets `skip` calls of those kinds pass and does that to the `times` following ones."""
        kinds = sum(1 << OPERATIONS.index(name) for name in operations)
        chosen = sum(1 << FILES.index(name) for name in files)
        self.LAYOUT.pack_into(
            self.memory, 0, ACTIONS.index(action), kinds, error, delay_ms, skip, times, chosen, 0, *[0] * 6)

    def clear(self):
        """The disk works again."""
        self.set()

    @property
    def acted(self):
        """How often the action was taken."""
        return self.LAYOUT.unpack_from(self.memory, 0)[-1]


class Client:
    """One connection to a server, opened again where it was closed."""

    def __init__(self, port, seconds=30):
        self.port, self.seconds, self.connection = port, seconds, None

    def ask(self, method, path, body=None, kind="application/json"):
        """Status, fields and content of the answer; OSError or HTTPException where none came."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        fields = {"Authorization": f"Bearer {TOKEN}"}
        if body is not None:
            fields["Content-Type"] = kind
        try:
            self.connection.request(method, path, body if body is None or isinstance(body, bytes) else body.encode(), fields)
            answer = self.connection.getresponse()
            content = answer.read()
        except BaseException:
            self.connection.close()
            self.connection = None
            raise
        if "json" in (answer.getheader("Content-Type") or "") and "ndjson" not in answer.getheader("Content-Type"):
            content = json.loads(content)
        return answer.status, answer.headers, content


def start(rostrum, database, disk, **settings):
    """`rostrum serve` over a database, with a token, on a disk that can fail."""
    # By way of env: libfaketime adds to the environment of a process that it is new in, and Swift, which looks for its
    # arguments beside the environment, would find none.
    server = served.Server(
        ["env", rostrum, "serve", "--database", database, "--port"], SCRATCH / "server.log",
        environment=disk.environment, token=TOKEN, **settings)
    atexit.register(server.process.kill)
    return server


def look(client):
    """All that a server has: a corpus, and the ids of its speeches by their markers."""
    status, _, lines = client.ask("GET", "/v1/speeches.ndjson")
    if status != 200:
        raise SystemExit(f"FAILED: the export answers {status}: {lines!r:.300}")
    corpus, ids = Corpus(), {}
    for line in lines.splitlines():
        speech = json.loads(line)
        marker = MARKER.search(speech["text"])[1]
        if marker in ids:
            raise SystemExit(f"FAILED: {marker} is there twice: {ids[marker]} and {speech['id']}")
        corpus.speeches[marker] = (speech["revision"], speech["title"], speech["text"])
        ids[marker] = speech["id"]
    corpus.writes = client.ask("GET", "/v1")[2]["corpus"]["revision"]
    for collection in client.ask("GET", "/v1/collections")[2]["items"]:
        corpus.collections[collection["slug"]] = collection["title"]
    return corpus, ids


def check(rostrum, database):
    """What `rostrum check` has to say: nothing where all is well.

    A database whose making was cut off lacks a part of its schema or its index; whoever opens it to write completes it, as a
    server would.
    """
    done = subprocess.run([rostrum, "check", "--database", database], capture_output=True, text=True)
    if "start the server" in done.stdout + done.stderr:
        subprocess.run([rostrum, "reparse", "--database", database], capture_output=True)
        done = subprocess.run([rostrum, "check", "--database", database], capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-500:]
