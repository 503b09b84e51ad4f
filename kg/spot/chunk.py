"""Names before parsing: a paragraph's tokens, and the chunks of them that name something.

The parser then sees one word for each chunk, which is what makes long names, titles and
parentheses harmless to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg.model import Span
from kg.spot.dates import Found
from kg.spot.lexicon import Known, Lexicon

ACRONYM = re.compile(r"^[A-Z][A-Za-z]*[A-Z][A-Za-z]*s?$|^[A-Z]{2,}[A-Z0-9-]*s?$|^Mo[A-Z]s?$")
_WORD = re.compile(r"\w+")


@dataclass
class Chunk:
    """Tokens `start:end` of a paragraph that name one thing (or are one time expression)."""

    start: int
    end: int
    cls: str
    text: str
    span: Span  # of the name itself, in the document
    proxy: str = ""  # the word that the parser sees
    known: Known | None = None
    traits: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    office: Office | None = None
    inner: list[Chunk] = field(default_factory=list)  # bodies named inside a title or a name
    bodies: list[tuple[int, int]] = field(default_factory=list)  # where they stand in a name
    time: Found | None = None
    rank: int = 1

    @property
    def size(self) -> int:
        """Number of tokens."""
        return self.end - self.start


@dataclass
class Office:
    """A title: head word, fields, and the polity or body that it belongs to."""

    start: int
    end: int
    head: str
    fields: tuple[str, ...]
    owner: Known | None
    text: str
    span: Span
    former: bool = False
    acting: bool = False
    explicit_owner: bool = False
    title: str = ""  # the words without owner, "former" and the like
    also: tuple[Office, ...] = ()  # others that "and" joins to it
    bodies: tuple[tuple[int, int], ...] = ()  # tokens of unlisted bodies inside the title

    @property
    def key(self) -> str:
        """Head, fields and owner: the same office is written in many ways."""
        owner = self.owner.id if self.owner else ""
        return f"{self.head}|{' '.join(sorted(self.fields))}|{owner}"


@dataclass
class Tokens:
    """The tokens of a paragraph with their places in the document."""

    text: str
    offset: int
    words: list[str]
    starts: list[int]  # within the paragraph
    entities: list[tuple[int, int, str]]  # of the recogniser: token start, end, label
    sentence_starts: frozenset[int]
    known: list[Chunk] | None = None  # names of the authority lists, once they were looked up

    def __len__(self) -> int:
        return len(self.words)

    def span(self, start: int, end: int) -> Span:
        """Return the document span of tokens `start:end`."""
        last = end - 1
        return Span(
            self.offset + self.starts[start],
            self.offset + self.starts[last] + len(self.words[last]),
        )

    def slice(self, start: int, end: int) -> str:
        """Return the words of tokens `start:end` as they stand in the text."""
        return self.text[self.starts[start] : self.starts[end - 1] + len(self.words[end - 1])]

    def cap(self, i: int) -> bool:
        """Tell whether a token is written like (part of) a name."""
        word = self.words[i]
        return word[:1].isupper() or (word[:1].isdigit() and any(c.isupper() for c in word))

    def glued(self, i: int) -> bool:
        """Tell whether no blank stands before a token."""
        return i > 0 and self.starts[i] == self.starts[i - 1] + len(self.words[i - 1])

    def index_at(self, char: int) -> int | None:
        """Return the token that starts at a place of the paragraph."""
        lo, hi = 0, len(self.starts)
        while lo < hi:
            mid = (lo + hi) // 2
            if self.starts[mid] < char:
                lo = mid + 1
            else:
                hi = mid
        return lo if lo < len(self.starts) and self.starts[lo] == char else None


def tokens_of(doc: Any, text: str, offset: int) -> Tokens:
    """Return the tokens of a paragraph from a spaCy Doc that went through the recogniser."""
    kept = [token for token in doc if not token.is_space]
    place = {token.i: n for n, token in enumerate(kept)}
    entities = []
    for entity in doc.ents:
        inside = [place[t.i] for t in entity if t.i in place]
        if inside:
            entities.append((inside[0], inside[-1] + 1, entity.label_))
    starts = {0}
    for n, token in enumerate(kept[:-1]):
        if token.text in {".", "!", "?", '"', "”", ":"} and kept[n + 1].text[:1].isupper():
            starts.add(n + 1)
    return Tokens(
        text, offset, [t.text for t in kept], [t.idx for t in kept], entities, frozenset(starts)
    )


class Gazetteer:
    """Longest exact match of known names at a token, by the first word of the name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._names = self._index(lexicon.names)
        self._demonyms = self._index(lexicon.demonyms)
        self._seats = self._index(lexicon.seats)
        self._places = self._index(lexicon.places)

    @staticmethod
    def _index(table: Iterable[str]) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for name in table:
            if first := re.match(r"\w+", name):
                index.setdefault(first[0], []).append(name)
        return {word: sorted(names, key=len, reverse=True) for word, names in index.items()}

    def _match(
        self, tokens: Tokens, i: int, first: str, index: dict[str, list[str]]
    ) -> tuple[int, str] | None:
        at = tokens.starts[i]
        for name in index.get(first, ()):
            end = at + len(name)
            if tokens.text.startswith(name, at) and not _WORD.match(tokens.text, end):
                j = i
                while j < len(tokens) and tokens.starts[j] < end:
                    j += 1
                return j, name
        return None

    def find(self, tokens: Tokens) -> list[Chunk]:
        """Return the chunks of known names, longest first at each place, none overlapping."""
        chunks: list[Chunk] = []
        i = 0
        while i < len(tokens):
            best: Chunk | None = None
            first = _WORD.match(tokens.text, tokens.starts[i])
            for index, table, role in (
                (self._names, self.lexicon.names, "name"),
                (self._demonyms, self.lexicon.demonyms, "demonym"),
                (self._seats, self.lexicon.seats, "seat"),
                (self._places, self.lexicon.places, "place"),
            ):
                hit = self._match(tokens, i, first[0], index) if first else None
                if hit and (best is None or hit[0] > best.end):
                    end, name = hit
                    known = table[name]
                    cls = {
                        "name": known.type,
                        "demonym": "Demonym",
                        "seat": "Seat",
                        "place": "Place",
                    }[role]
                    best = Chunk(i, end, cls, name, tokens.span(i, end), known=known)
                    best.traits["role"] = role
            if best:
                if best.cls == "Seat" and best.text in self.lexicon.places:
                    best.traits["place"] = best.text
                chunks.append(best)
                i = best.end
            else:
                i += 1
        return chunks
