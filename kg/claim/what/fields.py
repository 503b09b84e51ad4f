"""Fields: what a noun phrase says that something is about, as concepts or in its own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.claim.syntax import conjuncts, noun_modifiers, predication
from kg.claim.what.compounds import halves, hyphened, unpriced
from kg.claim.what.content import Content
from kg.claim.what.entitled import Entitled, Field, unique
from kg.model import Span
from kg.spot.lexicon import POLITIES
from kg.spot.parse import Paragraph

_NOUNS = {"NOUN", "PROPN"}
_INNER = {"on", "in", "of", "for", "against", "over", "to", "about", "between", "towards", "with"}
_LEVYING = set(
    "eliminate reduce cut lower remove scrap abolish levy impose raise lift waive drop pay".split()
)
_WHOLE = {"trade", "trafficking", "freedom", "commerce", "tax", "subsidy"}
_EXAMPLES = {"like", "including", "as", "from", "among"}


class Fields(Entitled):
    """Reads fields from the noun phrases of parsed paragraphs and from names."""

    def __init__(self, content: Content) -> None:
        self.content, self.lex = content, content.lex
        self.light = self.lex.words["light"]
        self.plain = self.lex.words["plain"]
        self.vague = self.lex.words["vague"]
        self.half = self.lex.words["half-light"]
        self.trite = self.lex.words["trite"]
        # "talks on a migration treaty": the treaty is no field, what it is called after is one.
        self.light |= self.lex.described

    # --- noun phrases ---------------------------------------------------------------------

    def read(self, token: Any, p: Paragraph, depth: int = 0) -> list[Field]:
        """Return the fields that a noun and the nouns coordinated with it name, in order."""
        found: list[Field] = []
        items = halves(conjuncts(token), p)
        items += self._carried(items, p) if depth == 0 else []
        skip = -1
        for n, item in enumerate(items):
            if n == skip:
                continue
            after = items[n + 1] if n + 1 < len(items) else None
            if after is not None and (joined := self._joined(item, after, p)):
                found.append(joined)
                skip = n + 1
            else:
                found += self._one(item, p, depth)
        return unique(found)

    def _carried(self, items: list[Any], p: Paragraph) -> list[Any]:
        """Return what continues a list, where the parser hung it higher up: ", X and Y"."""
        last = items[-1]
        found: list[Any] = []
        for other in last.sent:
            if other.i <= last.i or other.dep_ != "conj" or other.pos_ not in _NOUNS:
                continue
            start = (noun_modifiers(other) or [other])[0].i
            before = other.doc[start - 1]
            edge = max(t.i for t in (found or items)[-1].subtree)
            if before.lower_ in {"the", "a", "an"} and start - 2 > 0:
                before = other.doc[start - 2]
            if before.text not in {",", "and"} or before.i not in {edge + 1, edge + 2}:
                continue
            top = other.head
            while top.dep_ == "conj":
                top = top.head
            if p.chunks[other.i] is None and top.pos_ in _NOUNS and top.is_ancestor(items[0]):
                found += conjuncts(other)
        return found

    def _joined(self, first: Any, second: Any, p: Paragraph) -> Field | None:
        """Read "goods and services", "oil and gas": two nouns that name one field."""
        if second.i - first.i != 2 or first.doc[first.i + 1].lower_ not in {"and", "&"}:
            return None
        run = self._run(first, p)
        pair = f"{first.text} and {second.text}"
        if not run or not self.content.exact(pair):
            return None
        label = self._text(run[0], second, p)
        return self._field(label, p.spans[run[0].i].cover(p.spans[second.i]))

    def _one(self, token: Any, p: Paragraph, depth: int) -> list[Field]:
        chunk = p.chunks[token.i]
        if chunk is not None:
            topic = self.content.exact(chunk.text) if chunk.cls not in _CLOSED else None
            return [self._field(chunk.text, chunk.span)] if topic else []
        if token.pos_ == "VERB" and depth < 3 and (objects := predication(token).objects):
            return [f for o in objects if o.i > token.i for f in self._one(o, p, depth + 1)]
        doing = token.tag_ == "VBG" and token.dep_ == "pcomp"  # "in the field of beekeeping"
        if token.pos_ not in _NOUNS and not doing and not self.content.exact(token.text):
            return []
        lemma = token.lemma_.lower()
        run = self._run(token, p)
        if lemma in self.vague or lemma in self.lex.words["sides"]:
            return self._listed_phrase(run, p)
        if lemma == "economy" and token.tag_ == "NNS":
            return []  # "both economies" are countries
        if lemma == "duty" and len(run) == 1 and not _levied(token):
            return []
        if any(t.tag_ in {"JJS", "RBS"} for t in run):
            return []  # "the largest economy" is somebody, no field
        inner = self._inner(token)
        if named := self._called(run, token, inner, p):
            return [named, *self._strayed(inner, p, depth)]
        if lemma in self.light and (inner or lemma not in self.half):  # "promotion of the railway"
            pieces = self.pieces(run[:-1], token, p)
            if depth < 3:
                pieces += [f for _, o in inner for f in self.read(o, p, depth + 1)]
                pieces += self._clauses(token, p, depth)
            if pieces or inner or not self.content.exact(lemma):
                return pieces
        if not run:
            return []
        if shared := self._shared(run, p):
            return shared
        text = self._text(run[0], token, p)
        exact = self.content.exact(text)
        of = next((o for name, o in inner if name == "of"), None)
        longer = self._with_of(run[0], token, of, p) if of is not None else None
        found = [longer or self._field(text, p.spans[run[0].i].cover(p.spans[token.i]))]
        if exact and not longer and depth < 3:
            for name, other in inner:
                more = self.read(other, p, depth + 1) if name in {"in", "for", "on"} else []
                found += [f for f in more if f.topic]
        return found + self._strayed(inner, p, depth)

    def _listed_phrase(self, run: list[Any], p: Paragraph) -> list[Field]:
        """Return a phrase as a field only where the scheme has it: "customs procedures"."""
        if len(run) < 2 or not self.content.exact(_words(run)):
            return []
        return [self._field(_words(run), p.spans[run[0].i].cover(p.spans[run[-1].i]))]

    def _called(
        self, run: list[Any], token: Any, inner: list[tuple[str, Any]], p: Paragraph
    ) -> Field | None:
        """Read "rules of origin", "trade in goods": phrases that are one field."""
        beside = token.doc[token.i + 1 : token.i + 2]
        near = [(t.lower_, g) for t in beside if t.dep_ == "prep" for g in t.children]
        for name, last in [*inner, *near]:
            whole = token.lemma_.lower() in _WHOLE and name in {"in", "of", "on", "to"}
            if not run or p.chunks[last.i] is not None or last.pos_ not in _NOUNS:
                continue
            if any(t.pos_ in {"VERB", "PUNCT"} for t in token.doc[token.i : last.i]):
                continue
            text = self._text(run[0], last, p)
            if whole or self.content.exact(text):
                return self._field(text, p.spans[run[0].i].cover(p.spans[last.i]))
        return None

    def _strayed(self, inner: list[tuple[str, Any]], p: Paragraph, depth: int) -> list[Field]:
        """Read items of a list that the parser hung under an item before them."""
        found: list[Field] = []
        for _, first in inner if depth < 3 else []:
            for item in conjuncts(first)[1:]:
                opens = any(
                    c.dep_ == "det" or (c.dep_ == "prep" and c.lower_ in {"of", "in"})
                    for c in item.children
                )
                if opens or self.content.exact(_words(self._run(item, p))):
                    found += self._one(item, p, depth + 1)
        return found

    def _with_of(self, first: Any, head: Any, of: Any, p: Paragraph) -> Field | None:
        """Read "free movement of persons" as one field, unless its parts say it better."""
        between = head.doc[head.i + 1 : of.i]
        if any(t.pos_ in {"CCONJ", "VERB", "PUNCT"} for t in between):
            return None
        if p.chunks[of.i] is not None or of.pos_ not in _NOUNS:
            return None
        if of.lemma_.lower() in self.lex.words["pair"] | self.lex.words["sides"] | self.vague:
            return None
        text = self._text(first, of, p)
        if len(text.split()) > 7 or any(c.lower_ in {"between", "with"} for c in of.children):
            return None
        return self._field(text, p.spans[first.i].cover(p.spans[of.i]))

    def _shared(self, run: list[Any], p: Paragraph) -> list[Field]:
        """Read "talent and skill development", "trade, tax and labour law": fields of one head."""
        parts: list[list[Any]] = [[]]
        for token in run:
            if token.pos_ == "CCONJ" or token.text in {",", "/"}:
                parts.append([])
            else:
                parts[-1].append(token)
        if len(parts) < 2 or not all(parts) or self.content.exact(_words(run)):
            return []
        head, found, known = run[-1], [], False
        for part in parts:
            name = _words(part)
            if part is not parts[-1] and not self.content.exact(name):
                shared = f"{name} {head.text}"
                name = shared if len(parts[-1]) > 1 or self.content.exact(shared) else name
            known |= bool(self.content.exact(name))
            found.append(self._field(name, p.spans[part[0].i].cover(p.spans[part[-1].i])))
        nouns = len(parts[-1]) == 1 and all(part[-1].pos_ in _NOUNS for part in parts)
        return found if known or nouns else []

    def pieces(self, words: list[Any], head: Any, p: Paragraph) -> list[Field]:
        """Return the fields that stand before a head: "energy and transport cooperation"."""
        parts: list[list[Any]] = [[]]
        for word in self._listed(words, head):
            swap = word.lower_ == "for" and word.doc[word.i - 1].text == "-"  # "oil-for-food"
            if word.pos_ == "CCONJ" or word.text in {",", "/"} or swap:
                parts.append([])
            else:
                parts[-1].append(word)
        found = []
        for part in parts:
            while part and (
                part[0].lower_ in self.plain or part[0].like_num or part[0].pos_ == "ADV"
            ):
                part = part[1:]
            part = self._headline(unpriced(part), p)
            while part and (
                part[-1].lower_ in self.plain
                or (len(part) > 1 and part[-1].lemma_.lower() in self.light - self.half)
            ):
                part = part[:-1]
            if len(part) > 1 and part[-1].lemma_.lower() in self.half:
                known = self.content.exact(_words(part))  # "LNG supply": the scheme has "LNG"
                part = part[:-1] if not known and self.content.exact(_words(part[:-1])) else part
            part = self._common(part)
            if not part or any(p.chunks[t.i] is not None for t in part):
                continue
            text = _words(part)
            whole = self.content.exact(f"{text} {head.text}") if part[-1].i == head.i - 1 else None
            if whole:
                span = p.spans[part[0].i].cover(p.spans[head.i])
                found.append(self._field(f"{text} {head.text}", span, whole))
                continue
            topic = self.content.exact(f"{text} {head.text}") or self.content.exact(text)
            noun = part[-1].pos_ == "NOUN" and part[-1].dep_ in {"compound", "nmod", "conj", "amod"}
            if topic or (noun and part[-1].lemma_.lower() not in self.light | self.vague):
                span = p.spans[part[0].i].cover(p.spans[part[-1].i])
                found.append(self._field(text, span, topic))
        return unique(found)

    def _headline(self, words: list[Any], p: Paragraph) -> list[Any]:
        """Drop a headline's subject and verb before a field: "Chad scraps defence pact"."""
        cut = max((n for n, t in enumerate(words) if p.chunks[t.i] is not None), default=-1)
        rest = words[cut + 1 :]
        if rest and rest[0].i and p.chunks[rest[0].i - 1] is not None:
            done = (
                rest[0].lower_ in self.lex.words["headline_verbs"]
            )  # "Fiji, Tonga ink pact on ports"
            rest = rest[1:] if done and (cut >= 0 or rest[0].i > rest[0].sent.start) else rest
        while cut >= 0 and len(rest) > 1 and rest[0].text.endswith("s"):
            if self.content.exact(_words(rest)):
                break
            rest = rest[1:]
        return rest

    def _common(self, words: list[Any]) -> list[Any]:
        """Drop names and participles before a common noun: "COP29 climate", "stalled loan"."""
        while len(words) > 1 and (words[0].pos_ == "PROPN" or words[0].tag_ == "VBN"):
            if self.content.exact(_words(words)) or words[-1].pos_ == "PROPN":
                break
            words = words[1:]
            while len(words) > 1 and words[0].is_punct:
                words = words[1:]
        return words

    def _listed(self, words: list[Any], head: Any) -> list[Any]:
        """Add what commas cut off: "economic, trade and cultural cooperation"."""
        start = words[0].i if words else head.i
        doc, i = head.doc, start
        while i - 2 >= head.sent.start and doc[i - 1].text == ",":
            before = doc[i - 2]
            if before.pos_ not in {"ADJ", "NOUN"} or not self.content.exact(before.text):
                break
            i -= 2
        return [*doc[i:start], *words]

    def _run(self, token: Any, p: Paragraph) -> list[Any]:
        """Return a noun with its modifiers, without light words and states on the left."""
        run = [*noun_modifiers(token), token]
        while run[0].i - 2 >= token.sent.start and hyphened(run[0], p):  # "e-commerce", "know-how"
            run = [*token.doc[run[0].i - 2 : run[0].i], *run]
        if token.dep_ == "conj" and any(t.i == token.head.i for t in run):
            cut = max(n for n, t in enumerate(run) if t.i == token.head.i or t.pos_ == "CCONJ")
            run = run[cut + 1 :]
        while len(run) > 1:
            first, chunk = run[0], p.chunks[run[0].i]
            known = chunk is not None and (
                chunk.cls in {"Pair", "Date"} or (chunk.known and chunk.known.type in POLITIES)
            )
            plain = first.lower_ in self.plain and first.lower_ not in self.lex.words["telling"]
            light = plain or first.pos_ in {"NUM", "DET", "PRON", "CCONJ"} or first.like_num
            if not (known or light or first.text in {"-", '"', "'"}):
                break
            if light and self.content.exact(_words(run)):
                break
            run = run[1:]
        return self._common(unpriced(run))

    def _inner(self, token: Any) -> list[tuple[str, Any]]:
        found = []
        for child in token.children:
            if child.dep_ == "prep" and child.i > token.i and child.lower_ in _INNER | _EXAMPLES:
                found += [(child.lower_, g) for g in child.children if g.dep_ in {"pobj", "pcomp"}]
        doc, i = token.doc, token.i + 1
        while i < token.sent.end and doc[i].text in {",", "such"}:
            i += 1
        if i + 1 < token.sent.end and doc[i].lower_ == "among" and doc[i + 1].lower_ == "them":
            found += [("among", g) for g in doc[i].children if g.i > i + 1]
            found += [("among", g) for g in doc[i + 1].children if g.dep_ in {"appos", "conj"}]
        if not found and i < token.sent.end and _leads(doc[i], token):
            kids = doc[i].children
            found = [(doc[i].lower_, g) for g in kids if g.dep_ in {"pobj", "pcomp"}]
        return found

    def _clauses(self, token: Any, p: Paragraph, depth: int) -> list[Field]:
        """Read "ways to promote trade": the field is what the verb acts on."""
        found: list[Field] = []
        for child in token.children:
            if child.dep_ in {"acl", "relcl"} and child.pos_ == "VERB" and child.i > token.i:
                found += self._one(child, p, depth + 1)
        return found

    def _text(self, first: Any, last: Any, p: Paragraph) -> str:
        span = p.spans[first.i].cover(p.spans[last.i])
        return " ".join(p.text[span.start - p.offset : span.end - p.offset].split())

    def known(self, fields: Iterable[Field], text: str) -> list[Field]:
        """Return the fields that are or hold a topic of the scheme."""
        return [f for f in fields if f.topic or self.content.topics(text, f.span)]

    def vouched(self, fields: list[Field], p: Paragraph) -> list[Field]:
        """Return the fields that the scheme knows, and those listed beside one that it knows."""
        at = {
            p.spans[t.i].end: _first(t).i for f in fields for t in p.doc if p.spans[t.i] in f.span
        }
        text = p.text
        roots = {
            at.get(f.span.end)
            for f in fields
            if f.topic
            or self.content.topics(text, Span(f.span.start - p.offset, f.span.end - p.offset))
        }
        return [f for f in fields if at.get(f.span.end) in roots]


_CLOSED = {"Date", "Person", "Office", "Place", "Seat", "Demonym", "Pair", "State"}


def _leads(prep: Any, token: Any) -> bool:
    """Tell whether a preposition right behind a noun was hung from a word before it."""
    examples = prep.lower_ in {"of", "like", "including", "as"}
    return bool(examples and prep.dep_ == "prep" and prep.head.i < token.i)


def _first(token: Any) -> Any:
    while token.dep_ == "conj":
        token = token.head
    return token


def _words(tokens: list[Any]) -> str:
    return " ".join(t.text for t in tokens if t.text != "-")


def _levied(token: Any) -> bool:
    """Tell duties on goods from those that somebody carries out."""
    behind = token.i + 1 < len(token.doc) and token.doc[token.i + 1].lower_ == "on"
    return behind or token.head.lemma_.lower() in _LEVYING
