"""Stored documents and what was read from them: texts by content, extractions as a cache.

`documents/<id>.txt` is the text and `<id>.json` what is known of its origin;
`extractions/<version>/<id>.json` is what that version of the pipeline read. A lost or damaged
extraction is read again; a lost text is an error.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from kg import files
from kg.errors import DataFolderError, UnknownName
from kg.model import Document, Extraction
from kg.vocab import digest


@cache
def _documents() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


@cache
def _extractions() -> TypeAdapter[Extraction]:
    return TypeAdapter(Extraction)


class Shelf:
    """The texts and extractions in a data folder; `path` is the data folder."""

    def __init__(self, path: Path) -> None:
        self.texts = path / "documents"
        self.cache = path / "extractions"

    def save(self, document: Document) -> None:
        """Store a document; one that is there already unchanged costs a comparison."""
        self.texts.mkdir(parents=True, exist_ok=True)
        text, about = self._places(document.id)
        if not text.exists():
            files.write(text, document.text)
        described = json.loads(_documents().dump_json(document, exclude={"text"}))
        new = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
        if not about.exists() or about.read_text("utf-8") != new:
            files.write(about, new)

    def document(self, doc_id: str) -> Document:
        """Return a stored document.

        Raises UnknownName where there is none, DataFolderError where its files are damaged.
        """
        text, about = self._places(doc_id)
        try:
            content, known = text.read_bytes(), json.loads(about.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            raise UnknownName(f"there is no document {doc_id!r}") from None
        except ValueError as error:
            raise DataFolderError(f"{about} is damaged; build again") from error
        if hashlib.sha256(content).hexdigest()[:16] != doc_id:
            raise DataFolderError(f"{text} is damaged (its text changed); build again")
        try:
            return _documents().validate_python(known | {"text": content.decode()})
        except ValidationError as error:
            raise DataFolderError(f"{about} is damaged; build again") from error

    def keep(self, version: str, document: Document, extraction: Extraction) -> None:
        """Remember what a version of the pipeline read from a document."""
        folder = self.cache / version
        folder.mkdir(parents=True, exist_ok=True)
        body = _extractions().dump_json(extraction).decode()
        row = f'{{"key": "{_key(document)}", "extraction": {body}}}\n'
        files.write(folder / f"{document.id}.json", row, sync=False)

    def recall(self, version: str, document: Document) -> Extraction | None:
        """Return what that version read from this very document, or None."""
        found = self._cached(version, document.id)
        return found[1] if found and found[0] == _key(document) else None

    def extraction(self, version: str, doc_id: str) -> Extraction | None:
        """Return what a version read from the document of this id, or None."""
        found = self._cached(version, doc_id)
        return found[1] if found else None

    def forget(self, wanted: set[str]) -> None:
        """Remove the extractions of all versions but the wanted ones."""
        for folder in self.cache.glob("*"):
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)

    def _cached(self, version: str, doc_id: str) -> tuple[str, Extraction] | None:
        if not doc_id.isalnum() or not version:
            return None
        try:
            row = json.loads((self.cache / version / f"{doc_id}.json").read_bytes())
            return row["key"], _extractions().validate_python(row["extraction"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _places(self, doc_id: str) -> tuple[Path, Path]:
        if not doc_id.isalnum():  # ids come from addresses too: no way out of the folder
            raise UnknownName(f"there is no document {doc_id!r}")
        return self.texts / f"{doc_id}.txt", self.texts / f"{doc_id}.json"


def _key(document: Document) -> str:
    """Digest all that extraction may read of a document beside its text."""
    known = (document.date, document.date_span, document.date_source, document.title)
    more = (document.publisher, document.language, document.source_kind, document.body)
    return digest(document.id, *known, *more, document.media_type)
