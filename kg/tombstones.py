"""Tombstones: what was removed for good, told by hashes, so that it does not come back.

`tombstones.jsonl` in the data folder, one object a line, appended only: no name and no text stand
in it. A document is known by the SHA-256 of its id, a person by that of the address path
(`person/slug`) and by salted ones of the full names.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kg import disk
from kg.errors import DataFolderError
from kg.model import Span

FILE = "tombstones.jsonl"
_WORD = re.compile(r"[^\W_][\w\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, in the form that names are compared in."""

    span: Span
    text: str


def words(text: str) -> list[Word]:
    """Return the words of a text with their places, without case and accents."""
    return [Word(Span(*found.span()), _plain(found[0])) for found in _WORD.finditer(text)]


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFKD", word)
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold()


@dataclass(frozen=True)
class Tombstone:
    """One removal: `sha256` of a document's id or of a person's address path.

    `names` are pairs of a number of words and a salted hash; `documents` leads from the hash of
    the id of each document that named the person to the id of the redacted one, or to "".
    `user_graphs` says whether statements in graphs of users go, too.
    """

    kind: Literal["document", "person"]
    sha256: str
    reason: str
    time: str
    salt: str = ""
    names: tuple[tuple[int, str], ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)
    user_graphs: bool = False

    @property
    def day(self) -> str:
        """The day of the removal (ISO 8601)."""
        return self.time[:10]


class Tombstones:
    """The tombstones of a data folder; false where there are none."""

    def __init__(self, rows: Iterable[Tombstone] = ()) -> None:
        self.rows = tuple(rows)
        self._paths: dict[str, Tombstone] = {}
        self._next: dict[str, str] = {}
        self._names: dict[tuple[str, int], set[str]] = {}
        for row in self.rows:
            if row.kind == "person":
                self._paths[row.sha256] = row
            gone = {row.sha256: ""} if row.kind == "document" else row.documents
            for ident, new in gone.items():
                self._paths[ident] = row
                self._next[ident] = new
            for count, name in row.names:
                self._names.setdefault((row.salt, count), set()).add(name)

    @classmethod
    def load(cls, folder: Path) -> Tombstones:
        """Read the tombstones of a data folder; a last line cut by a crash is passed over.

        Raises DataFolderError where another line cannot be read.
        """
        path = folder / FILE
        try:
            lines = path.read_text("utf-8").split("\n")
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        rows = []
        for number, line in enumerate(lines, 1):
            if line:
                try:
                    rows.append(_row(json.loads(line)))
                except (ValueError, TypeError, KeyError) as error:
                    if number == len(lines):  # no line break after it: never finished
                        break
                    raise DataFolderError(
                        f"{path}: line {number} is damaged; restore it from a backup"
                    ) from error
        return cls(rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def salt(self) -> str:
        """The salt of this folder, a new one where no name was removed yet."""
        return next((row.salt for row in self.rows if row.salt), "") or secrets.token_hex(16)

    def at(self, path: str) -> Tombstone | None:
        """Return the tombstone of an address path (`doc/<id>`, `person/<slug>`), or None."""
        if not self.rows:
            return None
        return self._paths.get(sha256(path.removeprefix("doc/")))

    def document(self, doc_id: str) -> Tombstone | None:
        """Return the tombstone of a document, if there is one."""
        return self.at(f"doc/{doc_id}")

    def instead(self, doc_id: str) -> str:
        """Return the id of the text that stands for a document: itself, a redacted one, or ""."""
        while (ident := sha256(doc_id)) in self._next:
            doc_id = self._next[ident]
        return doc_id

    def left_of(self, doc_ids: Iterable[str]) -> list[str]:
        """Return the ids of documents that stay, and of those that stand for removed ones."""
        return sorted({new for doc_id in doc_ids if (new := self.instead(doc_id))})

    def named(self, text: str) -> list[Span]:
        """Return where full names of removed people stand in a text."""
        if not self._names:
            return []
        known = words(text)
        return sorted(self._runs(known))

    def _runs(self, known: list[Word]) -> Iterator[Span]:
        texts = [word.text for word in known]
        for (salt, count), names in self._names.items():
            tried: dict[str, bool] = {}  # most runs of a text come again and again
            for at in range(len(known) - count + 1):
                run = " ".join(texts[at : at + count])
                if run not in tried:
                    tried[run] = hashed(salt, run.split(" ")) in names
                if tried[run]:
                    yield Span(known[at].span.start, known[at + count - 1].span.end)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def hashed(salt: str, name: Iterable[str]) -> str:
    """Return the salted hash of the words of a name."""
    return sha256(f"{salt} {' '.join(name)}")


def names_of(salt: str, names: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """Return full names as a tombstone keeps them; a name of one word tells nobody apart."""
    runs = {tuple(word.text for word in words(name)) for name in names}
    return tuple(sorted((len(run), hashed(salt, run)) for run in runs if len(run) > 1))


def append(folder: Path, stone: Tombstone) -> None:
    """Write a tombstone and see it on the disk; the caller holds the folder's lock."""
    path = folder / FILE
    Tombstones.load(folder)  # adds nothing to a file that cannot be read
    old = path.read_bytes() if path.exists() else b""
    whole = len(old) if old.endswith(b"\n") else old.rfind(b"\n") + 1
    row = {**vars(stone), "names": [list(name) for name in stone.names]}
    row["documents"] = dict(stone.documents)
    with path.open("r+b" if old else "wb") as handle:
        handle.truncate(whole)
        handle.seek(whole)
        handle.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())
    disk.sync(folder)


def now() -> str:
    """Return the time, as tombstones have it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _row(row: dict[str, object]) -> Tombstone:
    if row["kind"] not in {"document", "person"}:
        raise ValueError(f"unknown kind {row['kind']!r}")
    names = tuple((int(count), str(name)) for count, name in row.pop("names", ()))  # type: ignore[attr-defined]
    return Tombstone(**row, names=names)  # type: ignore[arg-type]
