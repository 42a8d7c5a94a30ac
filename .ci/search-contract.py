"""Holds the search of a running server to its contract: random queries, answered again by a plain scan of the export.

search-contract.py http://127.0.0.1:PORT EXPORT.ndjson --opencc TSCharacters.txt [--queries 2000] [--seed N]

Queries are cut from titles, headings and lines of the corpus, each language and media type in turn, rewritten in
letters that fold to the same, and joined. Compared are the sets of sections and of speeches, all totals, the matches
of each section, snippets, highlights and facets. Ends with status 1 where anything differs. Standard library only.
"""
import argparse
import http.client
import itertools
import json
import random
import re
import sys
import time
import unicodedata
import urllib.parse
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass

from bruteforce import (
    And, Corpus, Folding, Near, Not, Or, Term, Within, is_searchable, is_substring_script, is_word_character, positive_terms,
    simplified_characters)

PAGE = 100
SHOWN = 20
# Of so many queries one has its terms looked for in everything, parts without them too.
PLAINLY = 50
QUOTES = (('"', '"'), ('＂', '＂'), ("“", "”"))
# What an operator may look like besides its plain form.
WIDE = {"(": "（", ")": "）", ":": "：", "*": "＊", "-": "－", " ": "\u3000"}
OPERATORS = {"or", "and", "not", "near"}
MASK = re.compile(r"[×*□]+|x{2,}|某")


@dataclass
class Asked:
    """A part of a query and how it is written; `binding` is 0 for OR, 1 for AND, 2 for all that stands for itself."""

    query: object
    written: str
    binding: int = 2


class Line:
    """A line of the corpus to cut terms from."""

    def __init__(self, field, written, folding):
        self.field, self.written = field, written
        self.folded = folding.fold(written)
        self.kinds = [
            "h" if is_substring_script(character) else "w" if is_word_character(character) else "m"
            for character in self.folded]

    def runs(self, kind):
        """The maximal runs of a kind of character: h (found by substring), w (words), m (marks)."""
        begin = 0
        for found, run in itertools.groupby(self.kinds):
            end = begin + len(list(run))
            if found == kind:
                yield begin, end
            begin = end

    def is_edge(self, at):
        """Whether a term may begin or end here without cutting a word."""
        return self.kinds[at - 1:at + 1] != ["w", "w"]


class Generator:
    """Makes queries from the texts of a corpus."""

    def __init__(self, corpus, seed):
        self.corpus, self.random = corpus, random.Random(seed)
        self.buckets = defaultdict(list)
        for number, speech in enumerate(corpus.speeches):
            if speech["text"] or speech["title"]:
                self.buckets[speech["language"], speech["media_type"]].append(number)
        self.bucket_names = sorted(self.buckets, key=str)
        self.writings = self._writings(corpus.folding)
        self.firsts = [corpus.first_nodes[number] for number in range(len(corpus.speeches))] + [len(corpus.nodes)]

    @staticmethod
    def _writings(folding):
        # All ways to write a folded character: what the corpus has, what OpenCC knows, full width, upper case.
        writings = defaultdict(set)
        for written in {*map(chr, folding), *folding.simplified, *map(chr, range(0xFF01, 0xFF5F))}:
            writings[folding.fold(written)].add(written)
        for folded in list(writings):
            upper = folded.upper()
            if len(upper) == 1 and folding.fold(upper) == folded:
                writings[folded].add(upper)
        writings[" "] = {" ", "\u3000"}
        writings['"'] = {'"'}
        return {folded: sorted(written) for folded, written in writings.items()}

    def chance(self, share):
        """True in that share of the calls."""
        return self.random.random() < share

    def speech(self):
        """A speech, each language and media type as likely as any other."""
        return self.random.choice(self.buckets[self.random.choice(self.bucket_names)])

    def line(self, speech):
        """A line of a speech that is not empty."""
        while True:
            (field,) = self.random.choices(("text", "heading", "title"), (70, 15, 15))
            lines = self.corpus.fields[field]
            begin, end = lines.first[self.firsts[speech]], lines.first[self.firsts[speech + 1]]
            if begin == end:
                continue
            line = Line(
                field, self.corpus.written_line(field, self.random.randrange(begin, end)), self.corpus.folding)
            if line.folded.strip():
                return line
            if self.chance(0.1):
                speech = self.speech()

    def cut(self, line):
        """The ends of a term in a line: a run of one script, a word, a sequence, a mask, or any piece; or None."""
        choice = self.random.choices(("run", "word", "sequence", "mask", "piece"), (45, 15, 25, 7, 8))[0]
        match choice:
            case "run":
                runs = list(line.runs("h"))
                if not runs:
                    return None
                begin, end = self.random.choice(runs)
                length = min(self.random.randint(1, 12), end - begin)
                start = self.random.randint(begin, end - length)
                return start, start + length
            case "word":
                runs = list(line.runs("w"))
                return self.random.choice(runs) if runs else None
            case "sequence":
                edges = [at for at in range(len(line.folded) + 1) if line.is_edge(at)]
                start = self.random.choice(edges)
                ends = edges[bisect_left(edges, start + 1):bisect_left(edges, start + 40)]
                return self._trimmed(line, start, self.random.choice(ends)) if ends else None
            case "mask":
                masks = list(MASK.finditer(line.folded))
                if not masks:
                    return None
                mask = self.random.choice(masks)
                start = max(mask.start() - self.random.randint(0, 4), 0)
                end = min(mask.end() + self.random.randint(0, 4), len(line.folded))
                while not line.is_edge(start):
                    start -= 1
                while not line.is_edge(end):
                    end += 1
                return self._trimmed(line, start, end)
            case "piece":
                start = self.random.randrange(len(line.folded))
                return self._trimmed(line, start, min(start + self.random.randint(1, 12), len(line.folded)))

    @staticmethod
    def _trimmed(line, start, end):
        while start < end and line.folded[start].isspace():
            start += 1
        while start < end and line.folded[end - 1].isspace():
            end -= 1
        return (start, end) if start < end else None

    def rewritten(self, text):
        """The text in other letters that fold to the same."""
        folding = self.corpus.folding
        kind = self.random.choices(("as it is", "upper", "wide", "any"), (50, 10, 10, 30))[0]
        share = self.random.choice((0.3, 1))

        def other(character):
            if kind == "as it is" or not self.chance(share):
                return character
            folded = folding.fold(character)
            if kind == "any":
                return self.random.choice(self.writings.get(folded, [character]))
            if kind == "upper":
                changed = character.upper()
            else:
                changed = chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
            return changed if changed in self.writings.get(folded, ()) else character

        return "".join(map(other, text))

    def is_bare(self, written):
        """Whether a term can be written without quotes."""
        folded = self.corpus.folding.fold(written)
        return (
            folded not in OPERATORS and not folded.startswith("near/")
            and not any(unicodedata.category(character)[0] in "CZ" for character in written)
            and not set(written + folded) & set('"“”„‟「」『』():*')
            and all(is_substring_script(end) or is_word_character(end) or end == "×" for end in (folded[0], folded[-1])))

    def wide(self, operator):
        """An operator, now and then in full width."""
        return WIDE[operator] if operator in WIDE and self.chance(0.1) else operator

    def term(self, line):
        """A term of the line with its ends there."""
        while True:
            ends = self.cut(line)
            if not ends:
                continue
            text = line.written[slice(*ends)]
            if not any(map(is_searchable, self.corpus.folding.fold(text))):
                continue
            written = self.rewritten(text)
            query = Term(self.corpus.folding.fold(text))
            assert self.corpus.folding.fold(written) == query.text, (text, written)
            if self.is_bare(written) and self.chance(0.8):
                return Asked(query, written), ends
            fitting = [pair for pair in QUOTES if not set(written) & set("".join(pair))]
            # Both straight forms fold to the same, and either may close the other.
            if '"' in query.text:
                fitting = [pair for pair in fitting if pair[0] == "“"]
            if fitting:
                opening, closing = self.random.choice(fitting)
                return Asked(query, opening + written + closing), ends

    def prefix(self, line):
        """A prefix of a word, or of a run, of the line; a whole term where the line has none."""
        runs = [*line.runs("w"), *line.runs("h")]
        begin, end = self.random.choice(runs) if runs else (0, 0)
        written = self.rewritten(line.written[begin:begin + self.random.randint(1, min(end - begin, 8))]) if runs else ""
        if not written or not self.is_bare(written):
            return self.term(line)[0]
        return Asked(Term(self.corpus.folding.fold(written), prefix=True), written + self.wide("*"))

    def near(self, line):
        """Two or three terms of a line, about as far apart as they are there."""
        found = {}
        for _ in range(self.random.choice((2, 2, 3)) * 4):
            asked, ends = self.term(line)
            found.setdefault(asked.query.text, (asked, ends))
        found = list(found.values())[:self.random.choice((2, 2, 3))]
        if len(found) < 2:
            return found[0][0]
        last = max(start for _, (start, _) in found)
        gap = max((last - end for _, (start, end) in found if start != last), default=0)
        distance = max(0, gap + self.random.choice((0, 0, -1, 1, self.random.randint(-20, 20))))
        terms = [asked for asked, _ in found]
        written = self.wide(" ").join(asked.written for asked in terms)
        return Asked(
            Near(distance, tuple(asked.query for asked in terms)),
            f"NEAR/{distance}{self.wide('(')}{written}{self.wide(')')}")

    def grouped(self, asked):
        """The part in parentheses."""
        return Asked(asked.query, self.wide("(") + asked.written + self.wide(")"))

    def negated(self, asked):
        """NOT in one of its forms."""
        if asked.binding < 2 or (isinstance(asked.query, Not) and self.chance(0.5)):
            asked = self.grouped(asked)
        dashed = asked.written[0] not in "-－" and not asked.written.startswith("NOT") and self.chance(0.5)
        return Asked(Not(asked.query), (self.wide("-") if dashed else "NOT ") + asked.written)

    def joined(self, parts):
        """The parts in a random tree of AND, OR and NOT."""
        if len(parts) == 1:
            return self.negated(parts[0]) if self.chance(0.15) else parts[0]
        at = self.random.randrange(1, len(parts))
        left, right = self.joined(parts[:at]), self.joined(parts[at:])
        if self.chance(0.6):
            left, right = (self.grouped(side) if side.binding < 1 else side for side in (left, right))
            asked = Asked(And((left.query, right.query)), left.written + self.wide(" ") + right.written, 1)
        else:
            asked = Asked(Or((left.query, right.query)), f"{left.written} OR {right.written}", 0)
        if self.chance(0.1):
            asked = self.grouped(asked)
        return self.negated(asked) if self.chance(0.05) else asked

    def within(self, asked, field):
        """The part restricted to a field."""
        if not isinstance(asked.query, Term):
            asked = self.grouped(asked)
        return Asked(Within(field, asked.query), field + self.wide(":") + asked.written)

    def leaf(self, speech):
        """A term, a prefix, a NEAR, or a term in a field, from a line of the speech."""
        line = self.line(speech)
        match self.random.choices(("term", "prefix", "near", "within"), (75, 8, 5, 12))[0]:
            case "term":
                return self.term(line)[0]
            case "prefix":
                return self.prefix(line)
            case "near":
                return self.near(line)
            case "within":
                field = line.field if self.chance(0.7) else self.random.choice(("title", "heading", "text"))
                return self.within(self.term(line)[0], field)

    def query(self):
        """A query."""
        speech = self.speech()
        match self.random.choices(("term", "leaf", "near", "not", "group", "joined"), (45, 15, 5, 4, 4, 27))[0]:
            case "term":
                return self.term(self.line(speech))[0]
            case "leaf":
                return self.leaf(speech)
            case "near":
                return self.near(self.line(speech))
            case "not":
                return self.negated(self.term(self.line(speech))[0])
            case "group":
                line = self.line(speech)
                parts = [self.term(line)[0] for _ in range(self.random.randint(2, 3))]
                return self.within(self.joined(parts), line.field)
            case "joined":
                speeches = [speech if self.chance(0.7) else self.speech() for _ in range(self.random.randint(2, 4))]
                return self.joined([self.leaf(other) for other in speeches])

    def unambiguous_query(self):
        """A query in which no text is asked for both as a term and as a prefix, and which is no longer than allowed."""
        while True:
            asked = self.query()
            terms = {term for _, term in positive_terms(asked.query)}
            if len({term.text for term in terms}) == len(terms) and len(asked.written) <= 1000:
                return asked

    def filters(self):
        """Parameters that filter, and what a speech has to satisfy for each name of them."""
        speech = self.corpus.speeches[self.speech()]
        other = self.corpus.speeches[self.speech()]
        match self.random.choice(("language", "genre", "speaker", "date")):
            case "date":
                return self._dates(speech["date"])
            case "speaker":
                return self._equal("speaker", lambda one: (one["speaker"] or {}).get("name"), speech, other)
            case name:
                return self._equal(name, lambda one: one[name], speech, other)

    def _equal(self, name, value, *speeches):
        values = {value(speech) for speech in speeches[:1 if self.chance(0.7) else 2]} - {None}
        return ([(name, each) for each in sorted(values)], (lambda speech: value(speech) in values) if values else None)

    def _dates(self, date):
        if not date or not date["earliest"]:
            return [], None
        given = date["earliest"][:self.random.choice((4, 10))]
        first, last = (given + "-01-01", given + "-12-31") if len(given) == 4 else (given, given)
        names = self.random.choice((("from",), ("to",), ("from", "to")))

        def overlaps(speech):
            known = speech["date"]
            return bool(known and known["earliest"]) and (
                "from" not in names or known["latest"][:10] >= first) and (
                "to" not in names or known["earliest"][:10] <= last)

        return [(name, given) for name in names], overlaps


class Client:
    """Asks over one connection that is kept."""

    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def get(self, path, parameters):
        """The status and the decoded answer; parameters are encoded already."""
        target = path + "?" + "&".join(f"{name}={value}" for name, value in parameters)
        try:
            self.connection.request("GET", target)
            answer = self.connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):
            # The server may close a connection that was idle for long while the scan was at work.
            self.connection.close()
            self.connection.request("GET", target)
            answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


class Refused(Exception):
    """An answer other than 200."""


class Comparison:
    """Asks a query of the server and of the scan, and notes what differs."""

    def __init__(self, corpus, client, most):
        self.corpus, self.client, self.most = corpus, client, most
        self.pages = self.asked = 0

    def pages_of(self, path, parameters):
        """The first answer and all items, or only those of the first page where there are more than `most`."""
        parameters = [*parameters, ("limit", PAGE), ("mode", "exact")]
        status, answer = self.client.get(path, parameters)
        first, items = answer, []
        while True:
            if status != 200:
                raise Refused(f"{path}: status {status}: {answer}")
            self.pages += 1
            items += answer["items"]
            if not answer["next"] or first["total"] > self.most:
                return first, items
            status, answer = self.client.get(
                path, [*parameters, ("cursor", urllib.parse.quote(answer["next"], safe=""))])

    def differences(self, query, parameters, passes, facet):
        """Sentences about what differs."""
        corpus = self.corpus
        nodes = corpus.matching(query, whole=False)
        speeches = corpus.matching(query, whole=True)
        if passes:
            allowed = {number for number, speech in enumerate(corpus.speeches) if passes(speech)}
            nodes = {node for node in nodes if corpus.nodes[node].speech in allowed}
            speeches = speeches & allowed
        try:
            return [
                *self._search(query, parameters, nodes, facet),
                *self._speeches(parameters, speeches)]
        except Refused as refused:
            return [str(refused)]

    def _search(self, query, parameters, nodes, facet):
        corpus, positive = self.corpus, positive_terms(query)
        self.asked += 1
        if self.asked % PLAINLY == 0 and not all(corpus.is_counted(*pair) for pair in positive):
            yield "the scan leaves something out"
        matches = corpus.matches(positive, nodes)
        first, items = self.pages_of("/v1/search", parameters + ([("facets", facet)] if facet else []))
        expected = {
            "total": len(nodes), "total_speeches": len(corpus.speeches_of(nodes)), "total_matches": sum(matches.values())}
        for name, value in expected.items():
            if first[name] != value:
                yield f"search: {name} is {first[name]}, and {value} by the scan"
        found = [(item["speech"]["id"], item["section"]["path"]) for item in items]
        wanted = {corpus.address[node] for node in nodes}
        complete = first["total"] <= self.most
        yield from self._sets("search", found, wanted, complete)
        for address, item in zip(found, items):
            node = corpus.addresses.get(address)
            if node is not None:
                yield from (f"search: {address}: {sentence}" for sentence in self._item(positive, node, item, matches))
        if facet:
            yield from self._facet(facet, first["facets"][facet], nodes)

    @staticmethod
    def _sets(name, found, wanted, complete):
        if len(set(found)) != len(found):
            yield f"{name}: twice: {[address for address, count in Counter(found).items() if count > 1][:3]}"
        surplus, missing = set(found) - wanted, wanted - set(found)
        if surplus:
            yield f"{name}: {len(surplus)} too many: {sorted(surplus)[:3]}"
        if missing and complete:
            yield f"{name}: {len(missing)} are missing: {sorted(missing)[:3]}"

    def _item(self, positive, node, item, matches):
        corpus = self.corpus
        if node in matches and item["matches"] != matches[node]:
            yield f"matches is {item['matches']}, and {matches[node]} by the scan"
        number = corpus.nodes[node].speech
        text = corpus.speeches[number]["text"]
        snippet = item["snippet"] or {"text": "", "start": 0, "highlights": []}
        start, end = snippet["start"], snippet["start"] + len(snippet["text"])
        if text[start:end] != snippet["text"]:
            yield f"the snippet is not the text at {start}: {snippet['text']!r}"
        for first, last in snippet["highlights"]:
            inside = start <= first < last <= end
            if not inside or not any(corpus.highlights(positive, node, first, last, name) for name in ("text", "heading")):
                yield f"the highlight {first}…{last} of a snippet {start}…{end} cuts {text[first:last]!r}"
        if not snippet["highlights"] and corpus.has_positive(positive, node, "text"):
            yield "no highlight"
        titled = corpus.first_nodes[number]
        for first, last in item["title_highlights"]:
            if not corpus.highlights(positive, titled, first, last, "title"):
                yield f"the highlight {first}…{last} of the title cuts {corpus.speeches[number]['title'][first:last]!r}"
        if node == titled and not item["title_highlights"] and corpus.has_positive(positive, node, "title"):
            yield "no highlight in the title"

    def _facet(self, name, entries, nodes):
        speeches = self.corpus.speeches
        owners = [self.corpus.nodes[node].speech for node in nodes]
        counts = Counter(speeches[owner][name] for owner in owners)
        distinct = Counter(speeches[owner][name] for owner in set(owners))
        found = {entry["value"]: (entry["count"], entry["speeches"]) for entry in entries}
        wanted = {value: (counts[value], distinct[value]) for value in counts}
        # Long facets may be cut, and speeches without a value need not be counted.
        for value in set(found) | (set(wanted) - {None} if len(wanted) <= 10 else set()):
            if found.get(value) != wanted.get(value):
                yield f"search: facet {name}={value} is {found.get(value)}, and {wanted.get(value)} by the scan"

    def _speeches(self, parameters, speeches):
        first, items = self.pages_of("/v1/speeches", parameters)
        if first["total"] != len(speeches):
            yield f"speeches: total is {first['total']}, and {len(speeches)} by the scan"
        wanted = {self.corpus.speeches[number]["id"] for number in speeches}
        yield from self._sets("speeches", [item["id"] for item in items], wanted, first["total"] <= self.most)


def encoded(text, generator):
    """The text percent-encoded, in one of the ways a client may do it."""
    match generator.random.randrange(4):
        case 0:
            return "".join(f"%{byte:02X}" for byte in text.encode())
        case 1:
            return urllib.parse.quote_plus(text, safe="")
        case 2:
            return urllib.parse.quote(text, safe="/:()*!'")
        case _:
            return urllib.parse.quote(text, safe="")


def main():
    parser = argparse.ArgumentParser(
        description="Compares random searches of a server with a plain scan of its export.")
    parser.add_argument("address", help="the server, such as http://127.0.0.1:8080")
    parser.add_argument("export", help="what `rostrum export` wrote of the same corpus")
    parser.add_argument("--opencc", required=True, metavar="FILE", help="TSCharacters.txt of OpenCC")
    parser.add_argument("--queries", type=int, default=2000, help="how many queries (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other queries (default 1)")
    parser.add_argument(
        "--most", type=int, default=3000, help="results with more rows are compared by their totals and first page")
    options = parser.parse_args()

    started = time.monotonic()
    with open(options.export, encoding="utf-8") as export:
        corpus = Corpus(export, Folding(simplified_characters(options.opencc)))
    print(
        f"{len(corpus.speeches)} speeches, {len(corpus.findable)} sections folded in "
        f"{time.monotonic() - started:.1f} s; seed {options.seed}", flush=True)
    generator = Generator(corpus, options.seed)
    comparison = Comparison(corpus, Client(options.address), options.most)
    differing = 0
    started = time.monotonic()
    for count in range(1, options.queries + 1):
        asked = generator.unambiguous_query()
        filters, passes = generator.filters() if generator.chance(0.12) else ([], None)
        facet = generator.random.choice(("language", "genre")) if generator.chance(0.08) else None
        parameters = [(name, encoded(value, generator)) for name, value in [("q", asked.written), *filters]]
        differences = comparison.differences(asked.query, parameters, passes, facet)
        if differences:
            differing += 1
            if differing <= SHOWN:
                print(f"differs: {asked.written}   {filters or ''}")
                print(f"  {asked.query}")
                for sentence in differences[:5]:
                    print(f"  {sentence}")
                print(f"  {len(differences)} in all", flush=True)
        if count % 200 == 0:
            print(f"{count} queries, {comparison.pages} pages, {time.monotonic() - started:.0f} s", flush=True)
    print(f"{options.queries} queries, {differing} differences")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
