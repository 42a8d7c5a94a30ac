"""The search contract as a plain scan of an export: what the index is held against. Standard library only.

It folds every title, heading and line of own text once and looks for terms with str.find, in all parts of the corpus that have
each word and other character of the term. It shares nothing with the search that it judges: neither tables nor tokens nor the
reading of a query. Run alone, it checks itself.
"""
import functools
import json
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from sys import intern

FIELDS = ("title", "heading", "text")
LF = "\n"

# Pairs that OpenCC leaves to its phrases.
MORE_SIMPLIFIED = {"著": "着", "瞭": "了", "祇": "只", "衹": "只"}

# Scripts without spaces between words: every code point is found on its own.
SUBSTRING_RANGES = (
    (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x303B, 0x303B), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),  # Han
    (0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF),  # kana
    (0x3100, 0x312F), (0x31A0, 0x31BF),  # bopomofo
    (0x1100, 0x11FF), (0xA960, 0xA97F), (0xAC00, 0xD7FF),  # Hangul
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF),  # Thai and Lao, Myanmar, Khmer
)


def simplified_characters(path):
    """Reads OpenCC's TSCharacters.txt: the first value, where key and value are one code point each."""
    table = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            key, _, values = line.rstrip("\r\n").partition("\t")
            value = values.split(" ")[0]
            if len(key) == len(value) == 1:
                table[key] = value
    return table


class Folding(dict):
    """Code point to folded code point, filled as code points are met, so that str.translate folds with it."""

    def __init__(self, simplified):
        super().__init__()
        self.simplified = {**simplified, **MORE_SIMPLIFIED, "○": "〇"}

    def __missing__(self, code_point):
        character, folded = None, chr(code_point)
        while folded != character:
            character, folded = folded, self._step(folded)
        self[code_point] = ord(folded)
        return self[code_point]

    def _step(self, character):
        compatible = unicodedata.normalize("NFKC", character)
        character = compatible if len(compatible) == 1 else character
        lower = "i" if character == "\u0130" else character.casefold()
        character = lower if len(lower) == 1 else character
        return self.simplified.get(character, character)

    def fold(self, text):
        """The text folded, one code point to one."""
        return text.translate(self)


@functools.cache
def is_substring_script(character):
    """Whether a folded character is of a script that is searched by substring."""
    return any(first <= ord(character) <= last for first, last in SUBSTRING_RANGES)


@functools.cache
def is_word_character(character):
    """Whether a folded character belongs to a word, which is found only as a whole."""
    return unicodedata.category(character)[0] in "LMN" and not is_substring_script(character)


class Blanking(dict):
    """Code point to itself in words, to a blank elsewhere, for str.translate."""

    def __missing__(self, code_point):
        self[code_point] = code_point if is_word_character(chr(code_point)) else ord(" ")
        return self[code_point]


SIGNS = set("$%&*+=<>@#^_~|×÷°‰℃□■△▲")


def is_searchable(character):
    """Whether a folded character can be looked for alone: punctuation is, beside something else only."""
    return is_substring_script(character) or is_word_character(character) or character in SIGNS


# A query, as it was meant. `Term.text` is folded.

@dataclass(frozen=True)
class Term:
    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Near:
    distance: int
    terms: tuple


@dataclass(frozen=True)
class Not:
    part: object


@dataclass(frozen=True)
class And:
    parts: tuple


@dataclass(frozen=True)
class Or:
    parts: tuple


@dataclass(frozen=True)
class Within:
    """A part that looks into one field only."""

    field: str
    part: object


def positive_terms(query, field=None, negated=False):
    """The distinct (field, term) that stand under an even number of NOTs; field is None where any will do."""
    match query:
        case Term():
            return set() if negated else {(field, query)}
        case Near(terms=parts):
            return set() if negated else {(field, term) for term in parts}
        case Not(part=part):
            return positive_terms(part, field, not negated)
        case And(parts=parts) | Or(parts=parts):
            return set().union(*(positive_terms(part, field, negated) for part in parts))
        case Within(field=inner, part=part):
            return positive_terms(part, inner, negated)


class Lines:
    """One field of the whole corpus: its folded lines between LFs, and where each of them comes from.

    The lines of a node stand together. A place is an index into `folded`, and into `words`, which is the same with a blank
    in the place of all that is no word. Parts of it that lack a word or another character of a term are not looked through.
    """

    blanking = Blanking()
    length_of_part = 30_000

    def __init__(self):
        self.lines = [""]
        self.length = 1
        self.starts, self.nodes, self.positions = array("L"), array("L"), array("L")
        self.first, self.begins = array("L"), array("L")
        self.folded = self.words = ""
        self.parts = []

    def begin_node(self):
        """The lines added from here on are those of the next node."""
        self.first.append(len(self.starts))
        self.begins.append(self.length)

    def add(self, folded, position):
        """Adds a text of the node, which begins at a position of its speech's text; each line stands for itself."""
        for line in folded.split(LF):
            self.starts.append(self.length)
            self.nodes.append(len(self.first) - 1)
            self.positions.append(position)
            self.lines.append(line)
            self.length += len(line) + 1
            position += len(line) + 1

    def finish(self):
        """Call when all is added."""
        self.lines.append("")
        self.folded = LF.join(self.lines)
        self.words = self.folded.translate(self.blanking)
        self.lines = None
        self.begin_node()
        self.starts.append(self.length)
        begin = 0
        for end in self.begins:
            if end - begin >= self.length_of_part or end == self.length:
                self.parts.append((begin, end, self._pieces(self.folded[begin:end], self.words[begin:end].split())))
                begin = end

    @staticmethod
    def _pieces(folded, words):
        # The words of a text, and all of its characters that are no part of one.
        return set(map(intern, words)) | {character for character in set(folded) if not is_word_character(character)}

    def occurs(self, term, place):
        """Whether the term occurs at the place."""
        folded, end = self.folded, place + len(term.text)
        return (
            folded.startswith(term.text, place)
            and not (is_word_character(term.text[0]) and is_word_character(folded[place - 1]))
            and (term.prefix or not (is_word_character(term.text[-1]) and is_word_character(folded[end]))))

    def scan(self, term, begin, end):
        """Where the term occurs between two places, in order, overlapping occurrences too."""
        text = term.text
        if all(map(is_word_character, text)):
            # There are many more places where some word has these letters than where they are the word.
            sought, before = f" {text}" if term.prefix else f" {text} ", 1
            find, begin = self.words.find, max(begin - before, 0)
        else:
            sought, before, find = text, 0, self.folded.find
        cuts_words = not before and (is_word_character(text[0]) or is_word_character(text[-1]))
        place = find(sought, begin, end)
        while place >= 0:
            if not cuts_words or self.occurs(term, place):
                yield place + before
            place = find(sought, place + 1, end)

    def parts_for(self, term):
        """The beginning and end of each part that has all pieces of a term."""
        words = term.text.translate(self.blanking).split()
        if term.prefix and is_word_character(term.text[-1]):
            words.pop()
        needed = self._pieces(term.text, words)
        return ((begin, end) for begin, end, pieces in self.parts if needed <= pieces)

    def counts(self, term, parts=None):
        """How often the term occurs in each node that has it, where all parts or those given are looked through."""
        counts, text, find = Counter(), term.text, self.folded.find
        # A text that neither has to be a word nor overlaps itself can be counted in all of a node at once.
        is_simple = not any(map(is_word_character, (text[0], text[-1]))) and not any(
            map(text.endswith, accumulate(text[:-1])))
        for begin, end in parts or self.parts_for(term):
            node_end = 0
            if is_simple:
                place = find(text, begin, end)
                while place >= 0:
                    node, node_end = self.node_at(place)
                    counts[node] = self.folded.count(text, place, node_end)
                    place = find(text, node_end, end)
            else:
                for place in self.scan(term, begin, end):
                    if place >= node_end:
                        node, node_end = self.node_at(place)
                    counts[node] += 1
        return counts

    def node_at(self, place):
        """The node that has the place, and where its lines end."""
        node = bisect_right(self.begins, place) - 1
        return node, self.begins[node + 1]

    def lines_of(self, node):
        """The numbers of the node's lines."""
        return range(self.first[node], self.first[node + 1])

    def near(self, near, node):
        """Whether one line of the node has all terms as near as asked."""
        for line in self.lines_of(node):
            begin, end = self.starts[line], self.starts[line + 1]
            found = [(list(self.scan(term, begin, end)), len(term.text)) for term in near.terms]
            if all(places for places, _ in found) and any(
                self._reaches(found, last, near.distance) for places, _ in found for last in places
            ):
                return True
        return False

    @staticmethod
    def _reaches(found, last, distance):
        # The occurrence of a term that ends last among those that start no later is the best of them.
        for places, length in found:
            index = bisect_right(places, last) - 1
            if index < 0 or last - (places[index] + length) > distance:
                return False
        return True

    def cuts(self, term, node, start, end):
        """Whether positions start…end of the speech's text are an occurrence of the term in the node."""
        lines = self.lines_of(node)
        line = bisect_right(self.positions, start, lines.start, lines.stop) - 1
        if line < lines.start:
            return False
        place = self.starts[line] + start - self.positions[line]
        if place >= self.starts[line + 1] or not self.occurs(term, place):
            return False
        if end - start == len(term.text):
            return True
        word_end = place + len(term.text)
        if not (term.prefix and is_word_character(term.text[-1])):
            return False
        while is_word_character(self.folded[word_end]):
            word_end += 1
        return end - start == word_end - place


class Node:
    """What can be found: a section by its path, or the bare title of a speech without text, whose path is None."""

    __slots__ = ("speech", "path")

    def __init__(self, speech, path):
        self.speech, self.path = speech, path


class Corpus:
    """The speeches of an export, ready to be scanned."""

    def __init__(self, export, folding):
        self.folding = folding
        self.speeches, self.nodes = [], []
        self.fields = {name: Lines() for name in FIELDS}
        for line in export:
            self._add(json.loads(line))
        for lines in self.fields.values():
            lines.finish()
        self.findable = frozenset(index for index, node in enumerate(self.nodes) if node.path is not None)
        self.numbers = {speech["id"]: number for number, speech in enumerate(self.speeches)}
        # Speech id and path of each node.
        self.address = [(self.speeches[node.speech]["id"], node.path) for node in self.nodes]
        self.addresses = {self.address[node]: node for node in self.findable}
        self.first_nodes = {}
        for index, node in enumerate(self.nodes):
            self.first_nodes.setdefault(node.speech, index)

    def _add(self, speech):
        number = len(self.speeches)
        kept = ("id", "title", "text", "language", "genre", "date", "speaker")
        self.speeches.append({name: speech[name] for name in kept})
        self.speeches[number]["media_type"] = speech["source"]["media_type"]
        title = speech["title"] or ""
        # A speech without text has no node; its title is still searched with the speech.
        for node in reading_order(speech["sections"]) if speech["sections"] else [None]:
            self._add_node(number, speech["text"], node, title)
            title = ""

    def _add_node(self, number, text, node, title):
        fold = self.folding.fold
        self.nodes.append(Node(number, node and node["path"]))
        for lines in self.fields.values():
            lines.begin_node()
        if title:
            self.fields["title"].add(fold(title), 0)
        if node and node["heading"]:
            position = node["heading_span"][0] if node["heading_span"] else len(text)
            self.fields["heading"].add(fold(node["heading"]), position)
        for start, end in node["body_spans"] if node else []:
            self.fields["text"].add(fold(text[start:end]), start)

    def written_line(self, field, line):
        """A line of a field as it is written, not folded."""
        lines = self.fields[field]
        speech = self.speeches[self.nodes[lines.nodes[line]].speech]
        start, length = lines.positions[line], lines.starts[line + 1] - lines.starts[line] - 1
        return (speech["title"] if field == "title" else speech["text"])[start:start + length]

    @functools.lru_cache(maxsize=512)
    def counts(self, field, term):
        """How often the term occurs in each node that has it, in one field or in all."""
        total = Counter()
        for name in [field] if field else FIELDS:
            total.update(self.fields[name].counts(term))
        return total

    def is_counted(self, field, term):
        """Whether a look through everything counts the term as often as one that leaves parts out."""
        return all(
            self.fields[name].counts(term) == self.fields[name].counts(term, [(0, self.fields[name].length)])
            for name in ([field] if field else FIELDS))

    def speeches_of(self, nodes):
        """The numbers of the speeches that the nodes belong to."""
        return {self.nodes[node].speech for node in nodes}

    def _near(self, near, field):
        names = [field] if field else FIELDS
        having = set.intersection(*(set(self.counts(field, term)) for term in near.terms))
        return {node for node in having if any(self.fields[name].near(near, node) for name in names)}

    def matching(self, query, whole, field=None):
        """The numbers of the nodes that satisfy the query or, where whole, of the speeches."""
        match query:
            case Term():
                nodes = self.counts(field, query).keys()
                return self.speeches_of(nodes) if whole else self.findable & nodes
            case Near():
                nodes = self._near(query, field)
                return self.speeches_of(nodes) if whole else self.findable & nodes
            case Not(part=part):
                every = range(len(self.speeches)) if whole else self.findable
                return set(every) - self.matching(part, whole, field)
            case And(parts=parts):
                return set.intersection(*(set(self.matching(part, whole, field)) for part in parts))
            case Or(parts=parts):
                return set().union(*(self.matching(part, whole, field) for part in parts))
            case Within(field=inner, part=part):
                return self.matching(part, whole, inner)

    def matches(self, positive, nodes):
        """How often positive terms occur in each of the nodes."""
        matches = dict.fromkeys(nodes, 0)
        for field, term in positive:
            for node, count in self.counts(field, term).items():
                if node in matches:
                    matches[node] += count
        return matches

    def highlights(self, positive, node, start, end, field):
        """Whether start…end cuts an occurrence of a positive term in a field of the node."""
        return any(self.fields[field].cuts(term, node, start, end) for _, term in positive)

    def has_positive(self, positive, node, field):
        """Whether a positive term that looks into the field occurs there in the node."""
        return any(self.counts(field, term)[node] for inner, term in positive if inner in (None, field))


def reading_order(sections):
    """The nodes of a tree, each before its children."""
    for node in sections:
        yield node
        yield from reading_order(node["children"])


def self_check():
    """A few cases worked out by hand."""
    # As many parts as there are nodes.
    Lines.length_of_part = 1
    folding = Folding({"後": "后", "國": "国", "發": "发", "薴": "苧", "苧": "苎", "會": "会", "講": "讲", "話": "话"})
    assert folding.fold("ＣＯＶＩＤ－１９ 發展後國 ○ 薴 著名 ßİ ①…") == "covid-19 发展后国 〇 苎 着名 ßi 1…"
    assert is_substring_script("〇") and is_substring_script("ー") and not is_substring_script("・")
    assert is_word_character("é") and is_word_character("\u0301") and not any(map(is_word_character, "×_ 中"))

    def section(path, text, heading, pieces, children=()):
        def span(part):
            return [text.index(part), text.index(part) + len(part)]
        return {
            "path": path, "heading": heading, "heading_span": heading and span(heading),
            "body_spans": [span(piece) for piece in pieces], "children": list(children)}

    def speech(name, title, text, sections):
        return json.dumps({
            "id": name, "title": title, "text": text, "language": "und", "genre": None, "date": None, "speaker": None,
            "source": {"media_type": "text/plain"}, "sections": sections})

    first = "同志们：\n一、抓疫情防控\n疫情，防控；接种15-17岁人群\n用5GB流量。\n的的的，×××来了。"
    second = "We met near Fifth Street.\nFive guests met there."
    corpus = Corpus([
        speech("a", "在全國會議上的講話", first, [
            section("salutation", first, None, ["同志们："]),
            section("1", first, "抓疫情防控", ["疫情，防控；接种15-17岁人群\n用5GB流量。"], [
                section("1.1", first, None, ["的的的，×××来了。"])])]),
        speech("b", "A Meeting", second, [section("body", second, None, [second])]),
        speech("c", "只有题目", "", []),
    ], folding)

    def term(text, prefix=False):
        return Term(folding.fold(text), prefix)

    def found(query):
        return sorted(corpus.address[node] for node in corpus.matching(query, whole=False))

    def speeches(query):
        return "".join(sorted(corpus.speeches[number]["id"] for number in corpus.matching(query, whole=True)))

    def matches(query):
        return sorted(corpus.matches(positive_terms(query), corpus.matching(query, whole=False)).values())

    head, one, deep, body = ("a", "salutation"), ("a", "1"), ("a", "1.1"), ("b", "body")
    assert found(term("疫")) == found(term("15-17岁")) == found(term("疫情，防控")) == [one]
    assert found(term("疫情防控")) == [one] and matches(term("疫情防控")) == [1] and matches(term("疫情")) == [2]
    assert found(term("５ｇ")) == [] and found(term("5g", prefix=True)) == found(term("5GB")) == [one]
    assert found(term("7岁")) == [] and found(term("17岁")) == [one] and found(term("控疫")) == []
    assert matches(term("的的")) == [2] and matches(term("的")) == [1, 3] and found(term("××来")) == [deep]
    assert found(term("講話")) == found(Within("title", term("讲话"))) == [head]
    assert found(Within("text", term("讲话"))) == [] and found(Within("heading", term("疫情"))) == [one]
    assert found(term("met")) == [body] and matches(term("MET")) == [2] and found(term("meet", True)) == [body]
    assert found(Not(term("的"))) == [one, body] and matches(Not(term("的"))) == [0, 0]
    assert found(And((term("讲话"), term("疫情")))) == [] and speeches(And((term("讲话"), term("疫情")))) == "a"
    assert speeches(Not(term("疫情"))) == "bc" and speeches(term("题目")) == "c" and found(term("题目")) == []
    street, met = term("street"), term("met")
    assert found(Near(12, (street, met))) == found(Near(12, (met, street))) == [body]
    assert found(Near(11, (street, met))) == found(Near(99, (street, term("guests")))) == []
    both = Or((term("met"), And((term("five"), Not(And((term("zoo"), Not(term("there")))))))))
    assert positive_terms(both) == {(None, term("met")), (None, term("five")), (None, term("there"))}
    assert matches(both) == [4]
    asked = [term(text) for text in ("的的", "疫情，防控", "the", "met", "15-17岁", "fifth street", "××")]
    assert all(corpus.is_counted(None, one) for one in [*asked, term("fi", True), term("near fi", True)])
    (node,) = corpus.matching(term("street"), whole=False)
    begun, meeting = positive_terms(term("str", True)), positive_terms(term("Meeting"))
    assert corpus.highlights(begun, node, 18, 24, "text") and corpus.highlights(begun, node, 18, 21, "text")
    assert not corpus.highlights(begun, node, 18, 23, "text")
    assert corpus.has_positive(meeting, node, "title") and not corpus.has_positive(positive_terms(met), node, "title")
    print("the brute force is right about its cases")


if __name__ == "__main__":
    self_check()
