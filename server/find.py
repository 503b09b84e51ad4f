"""Search by name and by text: an SQLite full-text index of one release, made when first asked.

Words match from their beginning, whatever their case and accents.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kg.model import Document
from server.quoting import Piece

_OPEN, _CLOSE = "\x02", "\x03"  # characters that no stored text keeps
_MOST = 2000  # hits that are looked at before ranking


@dataclass(frozen=True)
class NameHit:
    """A thing found by one of its names."""

    iri: str
    name: str
    main: bool


@dataclass(frozen=True)
class TextHit:
    """A document found by its words, with the place of the best match."""

    doc_id: str
    pieces: tuple[Piece, ...]


class Index:
    """The names and texts of one release; may be used from several threads."""

    def __init__(
        self, names: Iterable[tuple[str, str, bool]], documents: Iterable[Document]
    ) -> None:
        # An empty file name is a private database that spills to disk by itself.
        self._base = sqlite3.connect("", check_same_thread=False)
        self._lock = threading.Lock()
        how = "tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'"
        self._base.execute(
            f"CREATE VIRTUAL TABLE names USING fts5(name, iri UNINDEXED, main UNINDEXED, {how})"
        )
        self._base.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5(title, body, doc UNINDEXED, {how})"
        )
        self._base.executemany(
            "INSERT INTO names (iri, name, main) VALUES (?, ?, ?)",
            ((iri, name, int(main)) for iri, name, main in names),
        )
        self._base.executemany(
            "INSERT INTO texts (doc, title, body) VALUES (?, ?, ?)",
            ((document.id, document.title, document.text) for document in documents),
        )

    def names(self, words: str) -> list[NameHit]:
        """Return the things whose names hold every word, the best first, each thing once."""
        pattern = _pattern(words)
        if not pattern:
            return []
        with self._lock:
            rows = self._base.execute(
                "SELECT iri, name, main FROM names WHERE names MATCH ? LIMIT ?", (pattern, _MOST)
            ).fetchall()
        sought = fold(words)

        def order(hit: NameHit) -> tuple[bool, bool, bool, int, str]:
            name = fold(hit.name)
            return name != sought, not name.startswith(sought), not hit.main, len(name), name

        best: dict[str, NameHit] = {}
        for hit in sorted((NameHit(iri, name, bool(main)) for iri, name, main in rows), key=order):
            best.setdefault(hit.iri, hit)
        return list(best.values())

    def texts(self, words: str, limit: int) -> list[TextHit]:
        """Return the documents that hold every word, the best first, with the matching place."""
        pattern = _pattern(words)
        if not pattern:
            return []
        with self._lock:
            rows = self._base.execute(
                "SELECT doc, snippet(texts, 1, ?, ?, '…', 32) FROM texts WHERE texts MATCH ? "
                "ORDER BY rank LIMIT ?",
                (_OPEN, _CLOSE, pattern, limit),
            ).fetchall()
        return [TextHit(doc, _cut(snippet)) for doc, snippet in rows]


def fold(text: str) -> str:
    """Return a text without case and accents, for comparing names."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold().strip()


def _pattern(words: str) -> str:
    """Return the words as an index query in which none of the index's own syntax is left."""
    return " ".join(f'"{word}"*' for word in re.findall(r"\w+", words)[:12])


def _cut(snippet: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for part in snippet.split(_OPEN):
        marked, closing, rest = part.partition(_CLOSE)
        if closing:
            found.append(Piece(marked, named=True))
        found.append(Piece(rest if closing else marked))
    return tuple(piece for piece in found if piece.text)
