"""Asks a running server random, mostly broken queries: each is answered, or refused with the place of the mistake.

search-fuzz.py http://127.0.0.1:PORT [--queries 200000] [--seed N] [--deadline 5]

An answer is 200 with JSON, 400 with a problem that gives a `code` and, about q, a `position` within it, or 414 beyond
the longest request line. All else is a failure: another status (503 too), no JSON, a connection that ends unannounced,
an answer after the deadline. Ends with status 1 on any. Standard library only.
"""
import argparse
import heapq
import json
import os
import random
import socket
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

CHUNK = 2000
BATCH = 32
BATCH_BYTES = 48 * 1024
SHOWN = 20
SLOWEST = 5

OPERATORS = (
    "OR", "NOT", "AND", "or", "-", "--", "(", ")", "()", '"', '""', "“", "”", "''", "*", "**", "?", ":", "::", "|", "&", "!",
    "^", "~", "+", "/", "\\", "[", "]", "{", "}", ";", "--", "%", "#", "=", "NEAR", "NEAR/", "NEAR/3", "NEAR/3(", "NEAR/0(a b)",
    "NEAR/3(a b", "NEAR/3()", "NEAR/-1(a b)", "NEAR/99999999(a b)", "NEAR/99999999999999999999999(a b)", "NEAR/1e9(a b)",
    "NEAR/5(NEAR/5(a b) c)", "NEAR/5(a OR b)", "NEAR/5(a* b)", "NEAR/２（a b）", "title:", "heading:", "text:", "Title:", "titel:",
    "body:", "rowid:", "title:heading:", "title:(", 'text:"', "title：", "title :", "a*", "的*", "*a", "a OR", "OR a", "NOT NOT",
)
WIDE = "（）：＊－＂\u3000“”「」『』＆｜！ＯＲＮＯＴ"
ODD = (
    "\0", "\x01", "\x1b", "\x7f", "\x85", "\n", "\r\n", "\t", "\ufeff", "\u200b", "\u200d", "\u2028", "\u202e", "\ufffd", "\uffff",
    "\u0301", "e\u0301", "\u0e33", "क्ष", "ﷺ", "ﬁ", "İ", "ß", "ŉ", "㍿", "…", "①", "Ⅷ", "½", "😀", "👨‍👩‍👧‍👦", "🇨🇳", "𠀀", "𠮷", "𰻞", "𝔸",
    "\U0010ffff", "a\ufe0f", "葛\U000e0100", "ﾊﾟ", "한글", "ไทย", "×××", "XXX", "某", "○", "〇", "的",
)
# No UTF-8: lone bytes, a surrogate, an overlong NUL, a character cut short, one beyond Unicode.
BROKEN = (b"\xff", b"\x80", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80", b"\xe4\xb8", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xfe\xff")
DEEP = ("(", "((", "-(", "NOT ", "-", "title:", "title:(", 'a OR (', '"', "NEAR/3(", "text:-", "（", "a (b OR ")
FLAT = ("a ", "的 ", "a OR ", "-a ", '"的" ', "a* ", "(a) ", "NEAR/1(a b) ", "title:a ", "×", "a", "中", "疫情 ", "𠀀")


class Generator:
    """Makes values of q, as bytes."""

    def __init__(self, seed, words, longest):
        self.random, self.words, self.longest = random.Random(seed), words, longest

    def query(self):
        """One value of q."""
        pick = self.random.random()
        if pick < 0.88:
            return self._mixed()
        if pick < 0.92:
            return self._mutated()
        if pick < 0.96:
            return self._deep()
        if pick < 0.99:
            return (self.random.choice(FLAT) * self.random.choice((10, 64, 65, 200, 999, 1000, 1001))).encode()
        return self._long()

    def _atom(self):
        choose = self.random
        pick = choose.random()
        if pick < 0.35:
            return choose.choice(self.words).encode()
        if pick < 0.7:
            return choose.choice(OPERATORS).encode()
        if pick < 0.78:
            return choose.choice(WIDE).encode()
        if pick < 0.94:
            return choose.choice(ODD).encode()
        if pick < 0.96:
            return choose.choice(BROKEN)
        return chr(choose.choice((choose.randrange(0x80), choose.randrange(0xD800), choose.randrange(0xE000, 0x110000)))).encode()

    def _mixed(self):
        between = self.random.choice((b"", b" ", b" "))
        return between.join(self._atom() for _ in range(self.random.randint(0, 9)))

    def _mutated(self):
        first, second, third = (self.random.choice(self.words) for _ in range(3))
        query = bytearray(f'title:({first} OR "{second}") -{third} NEAR/5({first} {third})'.encode())
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(query))
            match self.random.randrange(3):
                case 0:
                    del query[at]
                case 1:
                    query[at] = self.random.randrange(256)
                case 2:
                    query[at:at] = self._atom()
        return bytes(query)

    def _deep(self):
        opening = self.random.choice(DEEP) * self.random.choice((3, 15, 16, 17, 33, 100, 300, 900))
        closing = ")" * self.random.choice((0, opening.count("("), opening.count("(") + 1))
        return (opening + self.random.choice(self.words) + closing).encode()

    def _long(self):
        length = self.random.choice((2000, 5000, self.longest - 60, self.longest, self.longest * 2, self.longest * 3))
        text = (self.random.choice(FLAT) * length).encode()
        return text[:length + self.random.randint(-40, 40)]

    def request(self):
        """A request with a random query."""
        query = self.query()
        path = "/v1/search" if self.random.random() < 0.9 else "/v1/speeches"
        safe = self.random.choice(("", "/:()*!'", "abcdefghijklmnopqrstuvwxyz"))
        line = f"GET {path}?limit=1&q={urllib.parse.quote(query, safe=safe)} HTTP/1.1"
        return Request(query, line)


@dataclass
class Request:
    """A query and the request line that asks it."""

    query: bytes
    line: str

    def verdict(self, status, media_type, body, longest):
        """What is wrong with an answer, or None, and the word to count it by."""
        length = len(self.line)
        if status == 414:
            return None if length >= longest - 2 else f"414 for a line of {length} bytes", "414"
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if type(answer) is not dict:
            return f"status {status} without a JSON object: {body[:200]!r}", str(status)
        if status == 200:
            if length > longest + 2:
                return f"taken with a line of {length} bytes", "200"
            is_collection = type(answer.get("total")) is int and type(answer.get("items")) is list
            return None if media_type == "application/json" and is_collection else "no collection", "200"
        name = f"{status} {answer.get('code')}"
        if status != 400:
            return f"status {status}: {answer}", name
        if media_type != "application/problem+json" or type(answer.get("code")) is not str:
            return f"no problem: {media_type} {answer}", name
        # A NUL may be refused below the query language, as a request that is no HTTP.
        if answer["code"] == "malformed_request" and b"\0" in self.query:
            return None, name
        if answer.get("parameter") != "q":
            return f"a mistake, but not of q: {answer}", name
        position = answer.get("position")
        if type(position) is not int or not 0 <= position <= len(self.query.decode(errors="replace")):
            return f"position {position} in a query of {len(self.query.decode(errors='replace'))}", name
        return None, name


@dataclass
class Summary:
    """What became of some queries."""

    asked: int = 0
    failed: int = 0
    answers: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)
    slowest: list = field(default_factory=list)

    def count(self, request, name, seconds, failure):
        """Adds an answer."""
        self.asked += 1
        self.answers[name] += 1
        heapq.heappush(self.slowest, (seconds, request.query))
        if len(self.slowest) > SLOWEST:
            heapq.heappop(self.slowest)
        if failure:
            self.failed += 1
            if len(self.failures) < SHOWN:
                self.failures.append(f"{shown(request.query)}: {failure}")

    def add(self, other):
        """Adds a summary to this one."""
        self.asked += other.asked
        self.failed += other.failed
        self.answers += other.answers
        self.failures = (self.failures + other.failures)[:SHOWN]
        self.slowest = heapq.nlargest(SLOWEST, self.slowest + other.slowest)


class Connection:
    """A connection on which requests are sent before the answers to the ones before have come."""

    def __init__(self, host, port, patience):
        self.socket = socket.create_connection((host, port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb", 64 * 1024)

    def send(self, requests):
        """Sends requests in one go."""
        self.socket.sendall("".join(f"{request.line}\r\nHost: localhost\r\n\r\n" for request in requests).encode("ascii"))

    def answer(self):
        """The next answer: status, media type, body, and whether it is the last one."""
        line = self.input.readline()
        if not line:
            raise ConnectionError("the connection ended")
        status = int(line.split(b" ", 2)[1])
        fields = {}
        while (line := self.input.readline().strip()):
            name, _, value = line.partition(b":")
            fields[name.lower()] = value.strip().lower()
        if fields.get(b"transfer-encoding") == b"chunked":
            body = self._chunked()
        else:
            length = int(fields[b"content-length"])
            body = self.input.read(length)
            if len(body) < length:
                raise ConnectionError("the connection ended in an answer")
        media_type = fields.get(b"content-type", b"").split(b";")[0].decode("latin-1")
        return status, media_type, body, fields.get(b"connection") == b"close"

    def _chunked(self):
        parts = []
        while (size := int(self.input.readline().split(b";")[0], 16)):
            parts.append(self.input.read(size))
            self.input.readline()
        while self.input.readline().strip():
            pass
        return b"".join(parts)

    def close(self):
        """Closes the connection."""
        self.input.close()
        self.socket.close()


def batch(generator, waiting, left, longest):
    """The requests to send next: those left over from before, then new ones; one that ends the connection is last."""
    requests = waiting[:BATCH]
    size = sum(len(request.line) for request in requests)
    while len(requests) < min(BATCH, left) and size < BATCH_BYTES:
        requests.append(generator.request())
        size += len(requests[-1].line)
        if len(requests[-1].line) >= longest - 2 or b"\0" in requests[-1].query:
            break
    return requests


def ask(host, port, count, seed, words, deadline, longest):
    """Asks `count` queries over one connection at a time."""
    generator, summary = Generator(seed, words, longest), Summary()
    connection, waiting = None, []
    while summary.asked < count:
        requests = batch(generator, waiting, count - summary.asked, longest)
        answered, closes = 0, False
        before = time.monotonic()
        try:
            connection = connection or Connection(host, port, deadline * 2 + 5)
            connection.send(requests)
            before = time.monotonic()
            while answered < len(requests) and not closes:
                request = requests[answered]
                status, media_type, body, closes = connection.answer()
                now = time.monotonic()
                failure, name = request.verdict(status, media_type, body, longest)
                if now - before > deadline:
                    failure = f"took {now - before:.1f} s"
                summary.count(request, name, now - before, failure)
                answered, before = answered + 1, now
        except (OSError, ValueError, KeyError) as error:
            summary.count(requests[answered], "no answer", time.monotonic() - before, f"no answer: {error!r}")
            answered, closes = answered + 1, True
        waiting = requests[answered:]
        if closes and connection:
            connection.close()
            connection = None
    if connection:
        connection.close()
    return summary


def shown(query):
    """A query on one line, cut where it is long."""
    text = repr(query.decode(errors="backslashreplace"))
    return text if len(text) <= 120 else f"{text[:120]}… ({len(query)} bytes)"


def real_words(address):
    """Pieces of titles and excerpts of the corpus."""
    with urllib.request.urlopen(f"{address}/v1/speeches?limit=100") as answer:
        cards = json.load(answer)["items"]
    pieces = {"的", "the", "5G", "15-17岁", "COVID-19"}
    for card in cards:
        for text in (card["title"] or "", card["excerpt"] or ""):
            pieces.update(text.split()[:4])
            pieces.update(text[at:at + length] for at in (0, 7, 19) for length in (1, 2, 4))
    return sorted(piece[:40] for piece in pieces if piece.strip())


def main():
    parser = argparse.ArgumentParser(description="Asks a server random, mostly broken queries.")
    parser.add_argument("address", help="the server, such as http://127.0.0.1:8080")
    parser.add_argument("--queries", type=int, default=200_000, help="how many queries (default 200,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other queries (default 1)")
    parser.add_argument("--deadline", type=float, default=5, help="seconds that an answer may take (default 5)")
    parser.add_argument(
        "--request-line", type=int, default=16 * 1024, help="bytes of the longest request line taken (default 16384)")
    parser.add_argument(
        "--connections", type=int, default=max(2, (os.cpu_count() or 2)), help="connections at a time, each in a process")
    options = parser.parse_args()

    address = urllib.parse.urlsplit(options.address)
    words = real_words(options.address)
    summary = Summary()
    started = time.monotonic()
    with ProcessPoolExecutor(options.connections) as pool:
        tasks = [
            pool.submit(
                ask, address.hostname, address.port, min(CHUNK, options.queries - begin), f"{options.seed} {begin}", words,
                options.deadline, options.request_line)
            for begin in range(0, options.queries, CHUNK)]
        for number, task in enumerate(tasks, 1):
            summary.add(task.result())
            if number % 10 == 0:
                print(f"{summary.asked} queries, {time.monotonic() - started:.0f} s", flush=True)
    seconds = time.monotonic() - started
    for name, count in summary.answers.most_common():
        print(f"{count:8} {name}")
    print("slowest:")
    for taken, query in summary.slowest:
        print(f"{taken * 1000:8.1f} ms  {shown(query)}")
    for failure in summary.failures:
        print(f"failed: {failure}")
    print(f"{summary.asked / seconds:.0f} queries/s")
    print(f"{summary.asked} queries, {summary.failed} failures")
    sys.exit(bool(summary.failed))


if __name__ == "__main__":
    main()
