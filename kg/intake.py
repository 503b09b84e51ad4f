"""Sources to documents and extractions; what cannot be used is left out, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from kg.claim import Extractor
from kg.errors import DocumentError, InputError
from kg.model import Document, Extraction
from kg.read import find_sources, read
from kg.settings import Settings
from kg.shelf import Shelf
from kg.workers import outcomes

Source = str | Path
Pair = tuple[Document, Extraction]


class Progress(Protocol):
    """Is told how far the work is."""

    def begin(self, what: str, total: int) -> None:
        """A part of the work begins; `total` is 0 where it has no steps."""

    def step(self) -> None:
        """One step of the part is done."""

    def skip(self, message: str) -> None:
        """A document is left out, for the reason given."""


class Silent:
    """Progress that tells nobody."""

    def begin(self, what: str, total: int) -> None:
        """Do nothing."""

    def step(self) -> None:
        """Do nothing."""

    def skip(self, message: str) -> None:
        """Do nothing."""


@dataclass
class Intake:
    """Collects documents, and the reasons why others are left out."""

    settings: Settings
    progress: Progress
    skipped: list[str] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)  # ids that could not be understood

    def skip(self, message: str) -> None:
        self.skipped.append(message)
        self.progress.skip(message)

    def gather(self, sources: Iterable[Source]) -> list[Document]:
        """Read the documents; of equal texts the first by name counts."""
        paths: set[Path] = set()
        for source in sources:
            try:
                found = find_sources([source])
            except DocumentError as error:
                self.skip(str(error))
                continue
            if not found:
                self.skip(f"{source}: no readable documents in this folder; see `--help`")
            paths.update(found)
        self.progress.begin("opening documents", len(paths))
        for path in sorted(paths, key=lambda p: (p.name, p)):
            try:
                document = read(path, self.settings.max_document_bytes)
                self.documents.setdefault(document.id, document)
            except DocumentError as error:
                self.skip(str(error))
            self.progress.step()
        return list(self.documents.values())

    def understand(self, documents: Sequence[Document], extractor: Extractor) -> Iterator[Pair]:
        """Yield documents with what was read from them; one that breaks the reader is skipped."""
        for document, found in outcomes(extractor, documents, self.settings.processes):
            if isinstance(found, Extraction):
                yield document, found
            else:
                self.refused.add(document.id)
                self.skip(f"{document.name}: cannot be understood ({found}); please report it")

    def read_all(self, documents: Sequence[Document], extractor: Extractor) -> list[Pair]:
        """Return documents with their extractions, by id."""
        self.progress.begin("extracting", len(documents))
        pairs = []
        for pair in self.understand(documents, extractor):
            pairs.append(pair)
            self.progress.step()
        return sorted(pairs, key=lambda pair: pair[0].id)

    def remember(
        self, shelf: Shelf, documents: Sequence[Document], extractor: Extractor
    ) -> tuple[list[Pair], int]:
        """Return documents with their extractions by id, and how many had to be read.

        Each result is kept at once, so that a build that is stopped goes on where it was. What
        is returned is without mentions and sentences, which no later stage reads.
        """
        version = extractor.version
        known = {d.id: _slim(e) for d in documents if (e := shelf.cached(version, d))}
        missing = [d for d in documents if d.id not in known]
        if missing:
            self.progress.begin("extracting", len(missing))
        for document, extraction in self.understand(missing, extractor):
            shelf.cache(version, document, extraction)
            known[document.id] = _slim(extraction)
            self.progress.step()
        pairs = [(d, known[d.id]) for d in documents if d.id in known]
        return sorted(pairs, key=lambda pair: pair[0].id), len(missing)

    def some(self, found: Sequence[object]) -> None:
        """Raise InputError where nothing was found."""
        if found:
            return
        number = len(self.skipped)
        raise InputError(
            f"no document could be read ({number} skipped); nothing was changed"
            if number
            else "no document was named; give files or folders"
        )


def _slim(extraction: Extraction) -> Extraction:
    return replace(extraction, mentions=(), sentences=())
