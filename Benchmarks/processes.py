"""Servers in processes of their own, and what the kernel says of them: what the measuring scripts of this folder share."""

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Server:
    """A server in a process of its own. Processor time and memory are those of the process and of its children."""

    def __init__(self, name, command, port, log, ready="/health", **variables):
        self.name, self.port = name, port
        self.log = open(log, "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=environment() | variables)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.get(ready)
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    sys.exit(f"{name} did not start; see {log}")
                time.sleep(0.05)

    def fetch(self, path, **fields):
        """What is answered to a GET: status, header fields, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return ask(connection, path, **fields)
        finally:
            connection.close()

    def get(self, path):
        """The JSON that is answered; ends the run where it is anything but that."""
        status, _, body = self.fetch(path)
        if status != 200:
            sys.exit(f"{self.name} answered {path} with {status}: {body[:300]!r}")
        return json.loads(body)

    @property
    def seconds(self):
        """Processor time used so far, in user mode and in the kernel."""
        ticks = 0
        for number in self.numbers:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self):
        """Resident memory that is the process's own, in MiB: pages of mapped files are not counted."""
        return self.memory("RssAnon")

    def memory(self, name):
        """A figure of `/proc/…/status` in MiB, summed over the processes: VmRSS, RssAnon."""
        kibibytes = 0
        for number in self.numbers:
            status = Path(f"/proc/{number}/status").read_text()
            kibibytes += int(status.partition(name + ":")[2].split()[0])
        return kibibytes / 1024

    @property
    def numbers(self):
        """The process and all below it."""
        found = [self.process.pid]
        for number in found:
            for children in Path(f"/proc/{number}/task").glob("*/children"):
                found += map(int, children.read_text().split())
        return found

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.log.close()


def ask(connection, path, **fields):
    """A GET over a connection: status, header fields, bytes. Underscores in names of fields stand for hyphens."""
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in fields.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def busy_seconds():
    """Processor time that all programs together have used since the machine was started."""
    numbers = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(numbers) - numbers[3] - numbers[4]) / os.sysconf("SC_CLK_TCK")


def children_seconds():
    """Processor time of the children that have ended: of wrk."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def environment():
    """The environment without settings of Rostrum, so that it runs with its defaults."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ROSTRUM_")}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def build(folder, product):
    """Builds a product in release mode; gives its path."""
    command = ["swift", "build", "-c", "release", "--product", product]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    where = subprocess.run(command + ["--show-bin-path"], cwd=folder, check=True, capture_output=True, text=True)
    return Path(where.stdout.strip()) / product


def environment_with(packages, folder):
    """The folder with the programs of packages from PyPI, in an environment made where it lacks; nil without PyPI."""
    programs = folder / "bin"
    made = folder / "packages"
    if not (made.exists() and made.read_text() == "\n".join(packages)):
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=sys.stderr)
            subprocess.run([programs / "pip", "install", "--quiet", *packages], check=True, stdout=sys.stderr)
        except (OSError, subprocess.CalledProcessError):
            return None
        made.write_text("\n".join(packages))
    return programs
