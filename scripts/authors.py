"""Clients that change a corpus, and what it has to be then; for crash-imports, power-loss and faults."""

import json
import random
import re

MARKER = re.compile("〔([a-z0-9-]+)〕")
WORDS = "防汛 值守 堤坝 水库 学校 老师 图书 乡村 公路 医院 粮食 收购 企业 创新 青年 志愿 社区 养老 安全 检查 会议 落实 群众 干部".split()


class Corpus:
    """What a corpus has to hold for one client: speeches by their markers, collections by their slugs."""

    def __init__(self, speeches=None, collections=None, writes=0, corrected=None):
        self.speeches = speeches or {}        # marker: (revision, title, text), None for one that was deleted
        self.collections = collections or {}  # slug: title
        self.writes = writes                  # how many entries the change log has
        self.corrected = corrected or {}      # marker: title that stays when the document is read again

    def copy(self):
        return Corpus(dict(self.speeches), dict(self.collections), self.writes, dict(self.corrected))

    def __eq__(self, other):
        return self.seen() == other.seen()

    def seen(self):
        """What can be seen of it from outside."""
        return {marker: speech for marker, speech in self.speeches.items() if speech}, self.collections

    def difference(self, other):
        """A few words on where another one differs."""
        (ours, slugs), (theirs, other_slugs) = self.seen(), other.seen()
        missing, extra = sorted(ours.keys() - theirs.keys()), sorted(theirs.keys() - ours.keys())
        changed = [f"{name} {ours[name][:2]}≠{theirs[name][:2]}" for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]]
        return f"missing {missing[:5]}, extra {extra[:5]}, other {changed[:3]}" + ("" if slugs == other_slugs else ", collections")

    def put(self, marker, title, text):
        before = self.speeches.get(marker)
        # A deleted speech that comes back goes on counting; clients of these scripts never send one again.
        self.speeches[marker] = ((before[0] if before else 0) + 1, self.corrected.get(marker, title), text)
        self.writes += 1


class Change:
    """A request that changes the corpus: what is sent, and what it does to what is there."""

    def __init__(self, kind, method, path, body, content_type, apply, good):
        self.kind, self.method, self.path, self.body, self.content_type = kind, method, path, body, content_type
        self.apply, self.good = apply, good

    def after(self, corpus):
        corpus = corpus.copy()
        self.apply(corpus)
        return corpus


class Author:
    """Makes up changes for one client, whose speeches have markers of their own."""

    def __init__(self, name, seed, longest=6_000):
        self.name, self.chosen, self.longest = name, random.Random(seed), longest
        self.count, self.ids = 0, {}

    def words(self, marker):
        lines, length = [f"同志们：", f"今天说的是〔{marker}〕。"], self.chosen.randint(100, self.longest)
        while length > 0:
            line = "，".join("".join(self.chosen.choices(WORDS, k=4)) for _ in range(self.chosen.randint(2, 6))) + "。"
            lines.append(line)
            length -= len(line)
        return "\n".join(lines)

    def fresh(self):
        self.count += 1
        return f"{self.name}-{self.count}"

    def record(self, marker):
        title, text = f"在{self.chosen.choice(WORDS)}会议上的讲话{self.chosen.randrange(10**6)}", self.words(marker)
        return title, text, json.dumps(
            {"title": title, "text": text, "source": {"url": f"https://example.org/{marker}"}}, ensure_ascii=False)

    def change(self, corpus):
        """A change that can be made to the corpus as it is."""
        # Only speeches whose id an answer or a look has told.
        there = [name for name, speech in corpus.speeches.items() if speech and name in self.ids]
        kind = self.chosen.choice(["create", "create", "revise", "batch", "batch", "patch", "delete", "put", "remove", "text"])
        if kind in ("revise", "patch", "delete") and not there:
            kind = "create"
        if kind == "remove" and not corpus.collections:
            kind = "put"
        return getattr(self, kind)(corpus, there)

    def create(self, corpus, there):
        return self.send("create", self.fresh(), 201)

    def revise(self, corpus, there):
        # Of those that came with an address: a text alone makes a speech of its own.
        there = [name for name in there if not name.startswith(f"{self.name}-t")]
        return self.send("revise", self.chosen.choice(there), 200) if there else self.create(corpus, there)

    def send(self, kind, marker, status):
        title, text, body = self.record(marker)
        return Change(kind, "POST", "/v1/speeches", body, "application/json",
                      lambda corpus: corpus.put(marker, title, text), [status])

    def text(self, corpus, there):
        """A document that the parser has to take apart."""
        self.count += 1
        marker = f"{self.name}-t-{self.count}"
        title, text = f"在{self.chosen.choice(WORDS)}大会上的讲话", self.words(marker)
        return Change("text", "POST", "/v1/speeches", f"{title}\n\n{text}\n", "text/plain",
                      lambda corpus: corpus.put(marker, title, text), [201])

    def batch(self, corpus, there):
        markers = {self.fresh() for _ in range(self.chosen.randint(2, 12))}
        markers |= {name for name in self.chosen.sample(there, min(2, len(there))) if not name.startswith(f"{self.name}-t")}
        records = [(marker, *self.record(marker)) for marker in sorted(markers)]

        def apply(corpus):
            for marker, title, text, _ in records:
                corpus.put(marker, title, text)

        return Change("batch", "POST", "/v1/speeches", "\n".join(record[3] for record in records) + "\n",
                      "application/x-ndjson", apply, [200])

    def patch(self, corpus, there):
        marker, title = self.chosen.choice(there), f"改定的题目{self.chosen.randrange(10**6)}"

        def apply(corpus):
            corpus.corrected[marker] = title
            corpus.put(marker, title, corpus.speeches[marker][2])

        return Change("patch", "PATCH", f"/v1/speeches/{self.ids[marker]}", json.dumps({"title": title}),
                      "application/merge-patch+json", apply, [200])

    def delete(self, corpus, there):
        marker = self.chosen.choice(there)

        def apply(corpus):
            corpus.speeches[marker] = None
            corpus.writes += 1

        return Change("delete", "DELETE", f"/v1/speeches/{self.ids[marker]}", None, None, apply, [204])

    def put(self, corpus, there):
        slug, title = f"{self.name}-{self.chosen.randrange(5)}", f"集{self.chosen.randrange(10**6)}"

        def apply(corpus):
            corpus.collections[slug] = title

        body = json.dumps({"title": title, "ids": [self.ids[name] for name in there[:5]]})
        return Change("put", "PUT", f"/v1/collections/{slug}", body, "application/json", apply, [200, 201])

    def remove(self, corpus, there):
        slug = self.chosen.choice(sorted(corpus.collections))
        return Change("remove", "DELETE", f"/v1/collections/{slug}", None, None,
                      lambda corpus: corpus.collections.pop(slug), [204])

    def learn(self, ids):
        """Takes in which ids the speeches have."""
        self.ids.update({name: id for name, id in ids.items() if name.rsplit("-", 1)[0] in (self.name, f"{self.name}-t")})
