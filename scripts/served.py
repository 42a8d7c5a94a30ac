"""A server of our own in a process of its own, for the scripts that try it over sockets."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True


def older_fixtures():
    """Databases of every schema before the present one, the oldest first."""
    present = len(list((ROOT / "migrations").glob("0*.sql")))
    fixtures = sorted((ROOT / "Tests/StorageTests/Fixtures").glob("schema-*.sqlite.gz"))
    return [path for path in fixtures if path.name != f"schema-{present}.sqlite.gz"]


def environment(name, *packages):
    """The programs of a Python in .build with packages of PyPI, which are put there where they lack."""
    folder = ROOT / ".build" / name
    installed = folder / "installed"
    if not installed.exists() or installed.read_text() != "\n".join(packages):
        # Our own pip installs into another Python too, and what is compiled before it is asked for is mostly never used.
        ours = importlib.util.find_spec("pip") is not None
        subprocess.run([sys.executable, "-m", "venv", *["--without-pip"] * ours, folder], check=True)
        python = folder / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", python] if ours else [python, "-m", "pip"]
        subprocess.run([*pip, "install", "--quiet", "--no-compile", *packages], check=True)
        installed.write_text("\n".join(packages))
    return folder / "bin"


class NotStarted(SystemExit):
    """A server ended before it listened; ends a script that does not expect it."""


class Server:
    """A server that is told its port at the end of its command, and settings by variables: `max_connections=5000`."""

    def __init__(self, command, log, environment=None, **settings):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("ROSTRUM_")}
        variables |= {f"ROSTRUM_{name.upper()}": str(value) for name, value in settings.items()}
        variables |= environment or {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = Path(log)
        with open(log, "w") as output:
            self.process = subprocess.Popen(
                [*map(str, command), str(self.port)], stdout=output, stderr=output, env=variables, cwd=ROOT)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise NotStarted(f"{command[0]} did not start: {self.log.read_text()[-500:]}")

    def stop(self):
        """Ends it as an administrator would; gives its status, or nothing where it had to be killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.status()

    def status(self, seconds=20):
        """The status it ends with in so many seconds; nothing where it had to be killed."""
        try:
            return self.process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            self.process.kill()
            return None


# The collection that a database with documents gets.
COLLECTION = "heci"


def serve(rostrum, database, *documents, **settings):
    """`rostrum serve` over a database, with documents imported before, and a collection of them."""
    if documents:
        for command in [["import", *documents], ["collection", "put", COLLECTION, "--title", "贺词", "--where", "genre=贺词"]]:
            subprocess.run([rostrum, *command, "--database", database], check=True, stdout=subprocess.DEVNULL)
    return Server(
        [rostrum, "serve", "--database", database, "--port"], Path(database).with_suffix(".log"), **settings)
