"""The servers that `compare` measures: Rostrum first, then its peers, each built as one would with care.

A peer says how it is started, where its answers are, and what of an answer can be held against Rostrum's.
"""

import json
import os
import shutil
import sqlite3
import urllib.parse

import processes

HERE = processes.HERE
PAGE = 20


class Peer:
    """A server over the speeches of a database, with the addresses of Rostrum."""

    name = label = ""
    constant = "/health"
    # Whether answers have an entity tag, so that a client can ask whether they have changed.
    tags = True

    def __init__(self, bench):
        self.bench, self.server = bench, None

    def prepare(self):
        """Makes what is missing; gives why the peer cannot be had, if so."""

    def start(self):
        self.port = processes.free_port()
        self.server = processes.Server(
            self.label, self.command, self.port, self.bench.work / f"{self.name}.log", self.constant, **self.variables)

    @property
    def command(self):
        raise NotImplementedError

    @property
    def variables(self):
        return {}

    def stop(self):
        if self.server:
            self.server.stop()

    def speech(self, identifier):
        """The address of a speech."""
        return f"/v1/speeches/{identifier}"

    def members(self, answer):
        """Of the JSON of a speech, what must be as Rostrum has it."""
        return answer

    first_page = f"/v1/speeches?limit={PAGE}"

    def next_page(self, answer):
        """The address of the page after the one with this answer; nil after the last."""
        return answer["next"] and f"{self.first_page}&cursor={urllib.parse.quote(answer['next'])}"

    def cards(self, answer):
        """The cards on a page, and how many there are in all."""
        return answer["items"], answer["total"]


class Rostrum(Peer):
    name = label = "Rostrum"

    @property
    def command(self):
        return [self.bench.rostrum, "serve", "--database", self.database, "--port", str(self.port)]

    @property
    def database(self):
        return self.bench.database


class Anew(Rostrum):
    """Rostrum where every answer is made anew, as after each write; only one process may have a database, so it has a copy."""

    name, label = "anew", "Rostrum, nothing kept"
    variables = {"ROSTRUM_ANSWER_CACHE_BYTES": "0"}

    @property
    def database(self):
        return self.bench.work / "anew.sqlite"

    def prepare(self):
        shutil.copyfile(self.bench.database, self.database)


class Limited(Anew):
    """Rostrum with limits on, none of which is reached: every request of `/v1` is counted, and answers say what is left."""

    name, label = "limited", "Rostrum, limits on"
    variables = {
        f"ROSTRUM_{kind}_{setting}": str(number) for kind in ("READS", "HEAVY", "WRITES")
        for setting, number in (("PER_SECOND", 1_000_000), ("BURST", 10_000_000))}

    @property
    def database(self):
        return self.bench.work / "limited.sqlite"


class SwiftPeer(Peer):
    def prepare(self):
        if self.bench.swift_peers is None:
            return "Benchmarks/Package.swift does not build"

    @property
    def command(self):
        return [self.bench.swift_peers, "--server", self.name, "--database", self.bench.database,
                "--port", str(self.port)]


class Hummingbird(SwiftPeer):
    name, label = "hummingbird", "Hummingbird, GRDB, Codable"


class FlyingFox(SwiftPeer):
    name, label = "flyingfox", "FlyingFox, GRDB, Codable"


class Nginx(Peer):
    """nginx with Rostrum's answers as files: the same bytes, and nothing to do but to send them."""

    name, label = "nginx", "nginx, files"

    def prepare(self):
        if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") is None:
            return "apt-get install nginx-light"
        self.folder = self.bench.work / "nginx"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "speeches").mkdir(parents=True)
        (self.folder / "pages").mkdir()
        ours = self.bench.ours
        (self.folder / "health").write_bytes(ours.server.fetch(ours.constant)[2])
        for identifier, (_, body) in self.bench.each(ours, map(ours.speech, self.bench.identifiers)).items():
            (self.folder / "speeches" / identifier.rpartition("/")[2]).write_bytes(body)
        for path, (_, body) in self.bench.each(ours, self.bench.pages[ours]).items():
            cursor = urllib.parse.parse_qs(path.partition("?")[2]).get("cursor", [""])[0]
            (self.folder / "pages" / f"page-{cursor}").write_bytes(body)

    @property
    def command(self):
        configuration = self.folder / "nginx.conf"
        template = (HERE / "nginx.conf").read_text()
        configuration.write_text(template.replace("FOLDER", str(self.folder)).replace("PORT", str(self.port)))
        return [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-c", configuration]


class FastAPI(Peer):
    name, label = "fastapi", "uvicorn, FastAPI, sqlite3"

    def prepare(self):
        self.programs = processes.environment_with(
            ["fastapi==0.165.0", "uvicorn[standard]==0.54.0", "orjson"], self.bench.work / "fastapi")
        if self.programs is None:
            return "pip install fastapi uvicorn[standard] orjson"

    @property
    def command(self):
        return [self.programs / "uvicorn", "fastapi_peer:app", "--app-dir", HERE, "--port", str(self.port),
                "--workers", str(os.cpu_count()), "--no-access-log", "--log-level", "warning"]

    @property
    def variables(self):
        return {"DATABASE": str(self.bench.database), "PYTHONDONTWRITEBYTECODE": "1"}


class Datasette(Peer):
    """Datasette over tables of its own, with a row for each speech and each card: its manner, not Rostrum's."""

    name, label, tags = "datasette", "Datasette", False
    constant = "/-/versions.json"
    JSON = "_shape=objects&_json=record&_json=sections"

    def prepare(self):
        self.programs = processes.environment_with(["datasette==0.65.5"], self.bench.work / "datasette")
        if self.programs is None:
            return "pip install datasette"
        self.database = self.bench.work / "speeches.sqlite"
        self.database.unlink(missing_ok=True)
        ours = self.bench.ours
        with sqlite3.connect(self.database) as connection:
            connection.execute(
                "CREATE TABLE speech (id TEXT PRIMARY KEY, revision INTEGER, record TEXT, text TEXT, sections TEXT)")
            connection.execute("CREATE TABLE card (id TEXT PRIMARY KEY, date TEXT, record TEXT)")
            connection.execute("CREATE INDEX card_by_date ON card (date DESC, id)")
            for _, body in self.bench.each(ours, map(ours.speech, self.bench.identifiers)).values():
                speech = json.loads(body)
                row = [speech.pop("id"), speech.pop("revision"), speech.pop("text"), speech.pop("sections")]
                connection.execute(
                    "INSERT INTO speech (id, revision, text, sections, record) VALUES (?, ?, ?, ?, ?)",
                    (*row[:3], text(row[3]), text(speech)))
            for _, body in self.bench.each(ours, self.bench.pages[ours]).values():
                for card in json.loads(body)["items"]:
                    connection.execute(
                        "INSERT INTO card VALUES (?, ?, ?)", (card["id"], card["date"]["earliest"], text(card)))
        connection.close()

    @property
    def command(self):
        return [self.programs / "datasette", "serve", "--immutable", self.database, "--port", str(self.port),
                "--setting", "suggest_facets", "off"]

    def speech(self, identifier):
        return f"/speeches/speech/{identifier}.json?{self.JSON}"

    def members(self, answer):
        row = answer["rows"][0]
        return row.pop("record") | row

    first_page = f"/speeches/card.json?{JSON}&_size={PAGE}&_sort_desc=date"

    def next_page(self, answer):
        parts = urllib.parse.urlsplit(answer["next_url"] or "")
        return parts.path and f"{parts.path}?{parts.query}"

    def cards(self, answer):
        return [row["record"] for row in answer["rows"]], answer["filtered_table_rows_count"]


def text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


PEERS = [Anew, Limited, Hummingbird, FlyingFox, Nginx, FastAPI, Datasette]
