"""A paragraph to chunks: all that is known of names before the parser sees the text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kg.spot.chunk import ACRONYM, Chunk, Gazetteer, Office, Tokens
from kg.spot.classes import class_before, class_behind
from kg.spot.firms import Firms
from kg.spot.lexicon import POLITIES, Lexicon
from kg.spot.localities import Localities
from kg.spot.misread import misread
from kg.spot.names import FUNCTION, NameReader
from kg.spot.offices import OfficeReader
from kg.spot.pairs import paired
from kg.spot.people import People
from kg.spot.phrases import one_word
from kg.vocab import is_a

_PHASE = re.compile(r"^(?:phase|stage)[\s-]+(?P<n>[ivx]+|\d+|one|two|three|four)$", re.IGNORECASE)
_ORG_LABELS = {"ORG"}
_PARTS = {"Company", "NewsOrganization", "University"}
_SUFFIXES = set(
    "ltd limited inc corp corporation plc group holding holdings ag sa co company pt".split()
)
_TRAILING = {"'s", "’s", "(", ")", ",", ".", '"', "and", "&", "of", "for", "the", "in", "on"}
_LEADING = {"the", "a", "an", "its", "their", "his", "her", "our", "both"}


class Scanner(People, Localities, Firms):
    """Reads one paragraph; keeps the names of people seen in the document so far."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        super().__init__(lexicon)
        self.gazetteer = gazetteer
        self.firms: dict[str, str] = {}
        self.short: dict[str, str] = {}

    def survey(self, tokens: Tokens) -> None:
        """Learn the full names of a paragraph, so that an earlier short form is understood."""
        tokens.known = self.gazetteer.find(tokens)
        known = [c for c in tokens.known if not misread(tokens, c, self.lex)]
        stop = {j for c in known for j in range(c.start, c.end)}
        self.learn(tokens, stop)
        self.learn_firms(tokens, stop)

    def scan(self, tokens: Tokens) -> list[Chunk]:
        """Return the chunks of a paragraph in order, none overlapping."""
        times = self._times(tokens)
        blocked = {j for c in times for j in range(c.start, c.end)}
        found = self.gazetteer.find(tokens) if tokens.known is None else tokens.known
        known = [c for c in found if c.start not in blocked]
        known = [c for c in known if not misread(tokens, c, self.lex)]
        regions = self._regions(tokens)
        inside = {j for c in regions for j in range(c.start, c.end)}
        known = self._whole_bodies(tokens, [c for c in known if c.start not in inside])
        at = {c.start: c for c in known}
        offices = OfficeReader(self.lex, tokens, at).all()
        people = self._people(tokens, at, offices, blocked)
        person_tokens = {j for c in people for j in range(c.start, c.end)}
        names = NameReader(self.lex, tokens, at, blocked | person_tokens).all()
        names = [_plain(self._listed(c)) for c in names if not self._is_title(c, offices)]
        bodies = [c for c in self._bodies(tokens, at) if c.start not in inside]
        towns = self._towns(tokens, at)
        settled = {j for c in towns for j in range(c.start, c.end)}
        people = [c for c in people if c.start not in settled]
        chunks = _best([*times, *people, *names, *known, *bodies, *regions, *towns])
        taken = {j for c in chunks if c.cls != "Dropped" for j in range(c.start, c.end)}
        offered = {j for o in offices for j in range(o.start, o.end)}
        self.learn_short(chunks, tokens)
        chunks = _best([*chunks, *self.told_firms(tokens, taken | offered)])
        self._same_kind(tokens, chunks)
        chunks = self._lone_offices(tokens, offices, chunks)
        chunks = paired(tokens, chunks, self.lex)
        self._seated(tokens, chunks)
        for chunk in chunks:
            for office in (chunk.office, *chunk.office.also) if chunk.office else ():
                chunk.inner += [self._body(tokens, s, e) for s, e in office.bodies]
            if is_a(chunk.cls, "PolicyObject"):
                sides = [self._body(tokens, s, e) for s, e in chunk.bodies]
                chunk.inner += [b for b in sides if b.cls != "Organization" or b.start not in at]
        return self._parentheses(tokens, _best([*chunks, *one_word(tokens, self.lex)]))

    def _whole_bodies(self, tokens: Tokens, known: list[Chunk]) -> list[Chunk]:
        """A listed firm or outlet inside a longer name of its kind is another one's part."""
        for chunk in known:
            if chunk.known is None or chunk.known.type not in _PARTS or chunk.cls == "Demonym":
                continue
            for start, end, label in tokens.entities:
                wider = start <= chunk.start and chunk.end <= end and end - start > chunk.size
                words = tokens.words[start:end]
                if label != "ORG" or not wider or not all(w[:1].isalnum() for w in words):
                    continue
                called = start in tokens.sentence_starts and words[0].lower()
                if words[0].lower() in _LEADING or called in self.lex.words["firms"]:
                    start += 1
                if end - start > chunk.size and tokens.cap(start) and tokens.cap(end - 1):
                    extra = {w.lower().strip(".") for w in tokens.words[start:end]} - {
                        w.lower() for w in tokens.words[chunk.start : chunk.end]
                    }
                    chunk.cls = chunk.known.type
                    if not extra <= _SUFFIXES:
                        chunk.known = None
                    chunk.start, chunk.end = start, end
                    chunk.text, chunk.span = tokens.slice(start, end), tokens.span(start, end)
                    break
        return known

    def _regions(self, tokens: Tokens) -> list[Chunk]:
        """Return seas and regions, whose names hold the names of states but mean none."""
        found = []
        for name in self.lex.regions:
            at = tokens.text.find(name)
            while at >= 0:
                first = tokens.index_at(at)
                if first is not None:
                    last = first
                    while last < len(tokens) and tokens.starts[last] < at + len(name):
                        last += 1
                    span = tokens.span(first, last)
                    found.append(Chunk(first, last, "Region", name, span, proxy="Asia", rank=5))
                at = tokens.text.find(name, at + len(name))
        return found

    def _listed(self, chunk: Chunk) -> Chunk:
        """A name that the authority lists know keeps their class."""
        known = self.lex.names.get(chunk.text)
        if known is not None:
            chunk.known, chunk.cls = known, known.type
        return chunk

    def _is_title(self, chunk: Chunk, offices: list[Office]) -> bool:
        """ "Secretary of State for Trade" is an office, not a name of an act or body."""
        return any(
            o.start <= chunk.start < o.end
            or (chunk.start <= o.start < chunk.end and o.end > chunk.end)
            for o in offices
        )

    def _bodies(self, tokens: Tokens, at: dict[int, Chunk]) -> list[Chunk]:
        """Return organisations that only the general recogniser, or the word before, shows."""
        found = []
        for start, end, label in [*_split(tokens), *self._called_firms(tokens)]:
            if label not in _ORG_LABELS:
                continue
            while start < end and tokens.words[start].lower() in _LEADING:
                start += 1
            opens = start in tokens.sentence_starts and end - start > 1
            if opens and tokens.words[start].lower() in self.lex.words["firms"] - {"bank", "group"}:
                start += 1  # "Carmaker Polestar said"
            while end > start and tokens.words[end - 1] in _TRAILING:
                end -= 1
            if start >= end or not tokens.cap(start) or any(j in at for j in range(start, end)):
                continue
            if self._no_body(tokens, start, end):
                continue
            cls = self._called(tokens, start, end)
            cls = cls or self.firms.get(tokens.slice(start, end), "")
            firm = bool(class_before(tokens, start, self.lex))
            text = tokens.slice(start, end)
            # The recogniser takes any capitals for a body; one word alone is too little.
            if end - start == 1 and not cls and tokens.words[end : end + 1] != ["("]:
                continue
            chunk = Chunk(start, end, cls or "Organization", text, tokens.span(start, end), rank=0)
            if not cls:
                chunk.traits["recogniser"] = "yes"
            if owner := self._owner_before(tokens, start, at, firm):
                chunk.traits["owner"] = owner
            found.append(chunk)
        return found

    def _same_kind(self, tokens: Tokens, chunks: list[Chunk]) -> None:
        """Take what stands beside a person in a list for one, and likewise beside a firm."""
        for left, right in pairwise(chunks):
            between = [w.lower() for w in tokens.words[left.end : right.start]]
            if between not in (["and"], [","], [",", "and"], ["and", "the"], ["&"]):
                continue
            for one, other in ((left, right), (right, left)):
                if "recogniser" not in other.traits or other.cls != "Organization":
                    continue
                words = tokens.words[other.start : other.end]
                named = 1 < len(words) < 5 and all(w.isalpha() or w == "-" for w in words)
                if one.cls == "Person" and named and one.office is None:
                    other.cls = "Person"
                    other.traits = {"full": other.text}
                elif one.cls == "Company":
                    other.cls = "Company"

    def _seated(self, tokens: Tokens, chunks: list[Chunk]) -> None:
        """ "Ministry of Trade, Bangkok" as a line of its own, or at the head or end of one."""
        for left, right in pairwise(chunks):
            comma = tokens.words[left.end : right.start] == [","]
            if left.cls != "PublicBody" or not comma or left.known or right.known is None:
                continue
            alone = right.end >= len(tokens) or (
                left.start == 0 and tokens.words[right.end] in {"-", "–", "—", ":"}
            )
            if alone and right.cls in {"Seat", "Place", "State"} and right.known.type == "State":
                left.traits.setdefault("owner", right.known.id)

    def _body(self, tokens: Tokens, start: int, end: int) -> Chunk:
        """Return the body that a title names inside itself."""
        text, words = tokens.slice(start, end), tokens.words[start:end]
        known = self.lex.names.get(text)
        cls = known.type if known else _body_class(words, self.lex)
        return Chunk(start, end, cls, text, tokens.span(start, end), known=known)

    def _no_body(self, tokens: Tokens, start: int, end: int) -> bool:
        text = tokens.slice(start, end)
        lower = [w.lower() for w in tokens.words[start:end]]
        described = any((w,) in self.lex.heads and self.lex.heads[(w,)][0].described for w in lower)
        office = any(w in self.lex.offices["heads"] for w in lower)
        building = lower[-1] in self.lex.words["buildings"]
        return described or office or building or "(" in text or text in self.people

    def _owner_before(self, tokens: Tokens, start: int, at: dict[int, Chunk], firm: bool) -> str:
        """Return the state of "the Italian consultancy CESI" or "France's EDF"."""
        end = start - 1 - (start > 0 and tokens.words[start - 1] == '"')
        if not firm:
            if start < 2 or tokens.words[start - 1] not in {"'s", "’s", "'", "’"}:
                return ""
            end = start - 1
        while firm and end > 0 and end not in {c.end for c in at.values()}:
            word = tokens.words[end - 1]
            if not word.islower() or word in {"and", "the", "with"} or start - end > 4:
                return ""
            end -= 1
        known = next((c.known for c in at.values() if c.end == end and c.known), None)
        return known.id if known and known.type in POLITIES else ""

    def _called(self, tokens: Tokens, start: int, end: int) -> str:
        """Return the class that the noun before or behind a name tells."""
        return class_before(tokens, start, self.lex) or class_behind(tokens, end, self.lex)

    def _called_firms(self, tokens: Tokens) -> list[tuple[int, int, str]]:
        """Return capitals that a noun before or behind them shows to be organizations."""
        runs = []
        i = 0
        while i < len(tokens):
            end = i
            while end < len(tokens) and (tokens.cap(end) or (end > i and tokens.words[end] == "&")):
                end += 1
            opens = i in tokens.sentence_starts and tokens.words[i].lower() in FUNCTION
            if end > i and not opens and not self._honorific(tokens.words[i]):
                known = any(s < end and i < e for s, e, label in tokens.entities if label == "ORG")
                if not known and self._called(tokens, i, end):
                    runs.append((i, end, "ORG"))
            i = max(end, i + 1)
        return runs

    def _lone_offices(
        self, tokens: Tokens, offices: list[Office], chunks: list[Chunk]
    ) -> list[Chunk]:
        taken = {j for c in chunks if c.cls == "Person" for j in range(c.start, c.end)}
        fresh = []
        for office in offices:
            span = set(range(office.start, office.end))
            if span & taken:
                continue
            chunk = Chunk(
                office.start, office.end, "Office", office.text, office.span, office=office, rank=6
            )
            chunk.proxy = (
                tokens.words[office.start + 0]
                if office.end - office.start == 1
                else office.head.split()[-1]
            )
            fresh.append(chunk)
        return _best([*chunks, *fresh])

    def _parentheses(self, tokens: Tokens, chunks: list[Chunk]) -> list[Chunk]:
        """Read aliases and phases in parentheses; drop the rest of a short one from the parse."""
        starts = {c.end: c for c in chunks if c.cls not in {"Date", "Dropped"}}
        result = list(chunks)
        i = 0
        while i < len(tokens):
            if tokens.words[i] != "(" or ")" not in tokens.words[i : i + 16]:
                i += 1
                continue
            if around := next((c for c in chunks if c.start < i < c.end), None):
                i = around.end  # "Memorandum (MoC) on Chips" is one name
                continue
            close = tokens.words.index(")", i)
            inner = tokens.slice(i + 1, close) if close > i + 1 else ""
            owner = starts.get(i) or (
                starts.get(i - 1) if i and tokens.words[i - 1] == '"' else None
            )
            dropped = Chunk(i, close + 1, "Dropped", inner, tokens.span(i, close + 1), rank=7)
            inside = [c for c in result if i <= c.start and c.end <= close + 1]
            if owner and self._alias(owner, inner, tokens, i + 1, close):
                owner.end = close + 1
                result = [c for c in result if c not in inside]
            elif phase := _PHASE.match(inner):
                dropped.traits["phase"] = phase["n"].upper()
                if owner:
                    owner.traits["phase"], owner.end = phase["n"].upper(), close + 1
                else:
                    result.append(dropped)
            else:
                result = [c for c in result if c not in inside]
                dropped.traits["inside"] = "yes"
                dropped.aliases = [c.text for c in inside]
                result.append(dropped)
            i = close + 1
        return sorted(result, key=lambda c: c.start)

    def _alias(self, owner: Chunk, inner: str, tokens: Tokens, start: int, close: int) -> bool:
        inner = inner.strip(" \"'“”‘’")
        if not inner or (any(ch.isdigit() for ch in inner) and not ACRONYM.match(inner)):
            return False
        if ACRONYM.match(inner) and not self.lex.state(inner):
            owner.aliases.append(inner)
            return True
        words = [w for w in tokens.words[start:close] if w[:1].isalpha()]
        if ACRONYM.match(owner.text) and len(words) > 1 and _initials(owner.text, words):
            owner.aliases.append(owner.text)
            owner.traits["expansion"] = inner
            # The text says what the letters stand for; a namesake of the lists is another body.
            owner.known = self.lex.names.get(inner)
            owner.cls = owner.known.type if owner.known else _body_class(words, self.lex)
            return True
        return False


def _split(tokens: Tokens) -> list[tuple[int, int, str]]:
    """Return what the recogniser found; "the Ministry of Energy and BP" is two names."""
    found = []
    for start, end, label in tokens.entities:
        last = tokens.words[end - 1]
        if end - start > 2 and tokens.words[end - 2] == "and" and last.isupper() and len(last) > 1:
            found += [(start, end - 2, label), (end - 1, end, label)]
        else:
            found.append((start, end, label))
    return found


def _plain(chunk: Chunk) -> Chunk:
    """Take a bare "Memorandum of Understanding" for a common noun: it says which in its phrase."""
    if chunk.known or "bare" not in chunk.traits or not is_a(chunk.cls, "PolicyObject"):
        return chunk
    first = chunk.text.split()[0].lower()
    if chunk.cls == "MemorandumOfUnderstanding":
        many = first.endswith(("s", "a")) or chunk.text.endswith("s")
        first = "memoranda" if many else "memorandum"
    return replace(chunk, cls="Word", proxy=first, rank=4)


def _initials(acronym: str, words: list[str]) -> bool:
    letters = [c.lower() for c in acronym if c.isalpha() and (c.isupper() or acronym.islower())]
    firsts = [w[0].lower() for w in words]
    capital = [w[0].lower() for w in words if w[0].isupper()]
    return letters in (firsts, capital) or (
        len(letters) >= 2
        and letters[0] == firsts[0]
        and len(set(letters) & set(firsts)) >= len(letters) - 1
    )


def _body_class(words: list[str], lexicon: Lexicon) -> str:
    lower = [w.lower() for w in words]
    if lower[0] == "government":
        return "PublicBody"
    if any(w in {"standard", "standards", "standardization", "standardisation"} for w in lower):
        return "StandardsBody"
    opening = lower[lower.index("of") - 1] if "of" in lower[1:] else lower[0]
    for word in (opening, lower[-1], lower[0]) if "of" in lower else (lower[-1], lower[0]):
        for head in lexicon.heads.get((word,), ()):
            if head.named:
                return head.cls
    return "Organization"


def _best(chunks: list[Chunk]) -> list[Chunk]:
    """Keep the strongest of overlapping chunks: times and people first, then the longest."""
    strength = {"Date": 3, "Person": 3}
    chosen: list[Chunk] = []
    taken: set[int] = set()
    for chunk in sorted(chunks, key=lambda c: (-strength.get(c.cls, 0), -c.size, -c.rank, c.start)):
        inside = range(chunk.start, chunk.end)
        if not any(j in taken for j in inside):
            chosen.append(chunk)
            taken.update(inside)
    return sorted(chosen, key=lambda c: c.start)
