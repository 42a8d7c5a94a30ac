"""The stage on which `faults` makes its faults: a server on a disk that can fail, who writes and reads, and what it has to hold."""

import re
import subprocess
import threading
import time
from pathlib import Path

import authors
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
        self.author, self.corpus, self.reader = authors.Author("a", 11), authors.Corpus(), None
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
        return self.send(self.author.create(self.corpus, []), client)

    def send(self, change, client=None):
        """Sends a change; gives the status."""
        began = time.monotonic()
        status, self.fields, self.content = (client or self.client).ask(
            change.method, change.path, change.body, change.content_type)
        self.seconds = time.monotonic() - began
        if status in change.good:
            self.take(change, self.content)
        else:
            need(self.fields["Content-Type"] == "application/problem+json", f"{status} without a problem")
        return status

    def take(self, change, content):
        """A change was answered with success: it has to be there from now on."""
        self.corpus = change.after(self.corpus)
        self.author.ids[authors.MARKER.search(change.body)[1]] = content["id"]

    def expect(self, status, code):
        """Writes, and has to be refused like that. Gives the words for the table."""
        return self.refused(self.write(), status, code)

    def refused(self, seen, status, code):
        """The last answer has to be a refusal like that. Gives the words for the table."""
        need((seen, self.content.get("code")) == (status, code), f"writing is answered {seen} {self.content!r:.300}")
        if status == 503:
            need(self.fields["Retry-After"], "503 without Retry-After")
        return f"{status} `{code}`" + (f", `Retry-After: {self.fields['Retry-After']}`" if status == 503 else "")

    def begin_reading(self):
        self.reader = Reader(self.server.port, list(self.author.ids.values()))
        self.reader.start()
        # What it reads with is open before anything happens to the file.
        deadline = time.monotonic() + 10
        while self.reader.count < 4 and time.monotonic() < deadline:
            time.sleep(0.01)

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
                line = re.sub(r"^\S+ \w+ rostrum: (\w+=\S+ )*", "", line)
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
