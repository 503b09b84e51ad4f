"""Stored documents and what was read from them: one file each, found by the document's id.

`documents/<id>.txt` holds the text byte for byte, `.json` what is known of its origin.
`extractions/<version>/<id>.json` is a cache: a build that was interrupted, or that meets the
same documents again, reads it instead of the text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kg import disk
from kg.errors import DataFolderError, PactgraphError, UnknownName
from kg.model import Document, Extraction
from kg.vocab import digest

_ID = re.compile(r"[0-9a-f]{16}")


@cache
def _documents() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


@dataclass
class _Kept:
    """An extraction, and a hash of what it depends on beside the text."""

    origin: str
    extraction: Extraction


@cache
def _kept() -> TypeAdapter[_Kept]:
    return TypeAdapter(_Kept)


class Shelf:
    """The folders `documents` and `extractions` of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._texts = folder / "documents"
        self._caches = folder / "extractions"

    def put(self, document: Document) -> None:
        """Store a document; one that is there already costs a comparison."""
        self._texts.mkdir(exist_ok=True)
        text, known = self._place(document.id, ".txt"), self._place(document.id, ".json")
        if not text.exists():
            disk.write(text, document.text.encode())
        data = about(document)
        if not known.exists() or known.read_bytes() != data:
            disk.write(known, data)

    def all(self) -> Iterator[Document]:
        """Yield every stored document, of whatever release, by id; damaged ones are passed over."""
        for path in sorted(self._texts.glob("[!.]*.txt")):
            with suppress(PactgraphError):
                yield self.document(path.stem)

    def document(self, doc_id: str) -> Document:
        """Return a stored document.

        Raises UnknownName where there is none, DataFolderError where it is damaged.
        """
        try:
            text = self._place(doc_id, ".txt").read_bytes()
            known: dict[str, Any] = json.loads(self._place(doc_id, ".json").read_bytes())
            if hashlib.sha256(text).hexdigest()[:16] != doc_id:
                raise ValueError("the text has changed")
            return _documents().validate_python({**known, "text": text.decode()})
        except FileNotFoundError:
            raise UnknownName(f"there is no document {doc_id!r} in {self._texts.parent}") from None
        except ValueError as error:  # of JSON, of UTF-8 and of the types
            raise DataFolderError(
                f"{self._texts / doc_id}.txt is damaged; restore it, or build again"
            ) from error

    def cached(self, version: str, document: Document) -> Extraction | None:
        """Return what a version of the extraction read from a document, where that is kept."""
        try:
            data = (self._caches / version / f"{document.id}.json").read_bytes()
            kept = _kept().validate_json(data)
            return kept.extraction if kept.origin == _origin(document) else None
        except (OSError, ValueError):
            return None  # a damaged cache is as good as none

    def cache(self, version: str, document: Document, extraction: Extraction) -> None:
        """Keep what was read from a document."""
        folder = self._caches / version
        folder.mkdir(parents=True, exist_ok=True)
        data = _kept().dump_json(_Kept(_origin(document), extraction))
        disk.write(folder / f"{document.id}.json", data, durable=False)

    def outlined(self, version: str, code: str, document: Document) -> bytes | None:
        """Return the outline of what is kept of a document, where the same code made it."""
        path = self._caches / version / f"{document.id}.outline.json"
        try:
            made_by, data = json.loads(path.read_bytes())
            whole = (self._caches / version / f"{document.id}.json").exists()
            same = made_by == [code, _origin(document)] and whole
            return base64.b64decode(data, validate=True) if same else None
        except (OSError, ValueError):
            return None

    def outline(self, version: str, code: str, document: Document, data: bytes) -> None:
        """Keep the outline of what was read from a document."""
        row = json.dumps([[code, _origin(document)], base64.b64encode(data).decode()])
        path = self._caches / version / f"{document.id}.outline.json"
        disk.write(path, row.encode(), durable=False)

    def sweep(self, documents: set[str], versions: set[str]) -> None:
        """Delete the documents and the caches that no kept release rests on."""
        for path in self._texts.glob("*"):
            if path.name.partition(".")[0] not in documents:
                path.unlink(missing_ok=True)
        for folder in self._caches.glob("*"):
            if folder.name not in versions:
                disk.remove(folder)

    def _place(self, doc_id: str, ending: str) -> Path:
        if not _ID.fullmatch(doc_id):
            raise UnknownName(f"{doc_id!r} is no id of a document: it has 16 hexadecimal digits")
        return self._texts / (doc_id + ending)


def about(document: Document) -> bytes:
    """Return what is known of a document beside its text, as it is stored."""
    known = _documents().dump_python(document, mode="json", exclude={"text"})
    return json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _origin(document: Document) -> str:
    """Return a hash of what an extraction depends on beside the text."""
    d = document
    return digest(
        d.id, d.date, d.date_span, d.date_source, d.title, d.publisher, d.language, d.source_kind,
        d.body, d.name if not d.title else "",
    )  # fmt: skip
