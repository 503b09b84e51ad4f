"""Sources to documents and extractions; what cannot be used is left out, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from kg.advice import WITHOUT_ADVICE
from kg.claim import Extractor
from kg.errors import DocumentError, InputError
from kg.inputs import code_version
from kg.model import Document, Extraction
from kg.outline import outline
from kg.packed import Packed
from kg.quarantine import Quarantine, Refusal
from kg.redact import screened
from kg.settings import Settings
from kg.shelf import Shelf
from kg.sources import Item, Opener, in_order
from kg.tombstones import Tombstones
from kg.workers import outcomes

Source = str | Path
Pair = tuple[Document, Packed]


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
    refusals: list[Refusal] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)  # by id: where a document came from
    stones: Tombstones = field(default_factory=Tombstones)
    refused: set[str] = field(default_factory=set)  # ids that could not be understood
    unsure: set[str] = field(default_factory=set)  # ids that the next build has to read again

    @property
    def skipped(self) -> list[str]:
        """The messages on what was left out."""
        return [refusal.reason for refusal in self.refusals]

    def skip(self, message: str, place: str = "", document: str = "", version: str = "") -> None:
        """Leave something out, for a reason."""
        self.refusals.append(Refusal(place, message, document=document, version=version))
        self.progress.skip(message)

    def gather(
        self,
        sources: Iterable[Source],
        lists: Iterable[Source] = (),
        known: Callable[[str], Document | None] = lambda _: None,
    ) -> list[Document]:
        """Open the sources and what the lists name; of equal texts the first by name counts.

        `known` returns the document of an id that is stored already, or None.
        """
        with Opener(self.settings, known) as opener:
            items: list[Item] = []
            for find, places in ((opener.items, sources), (opener.listed, lists)):
                for place in places:
                    try:
                        items += find(str(place))
                    except DocumentError as error:
                        self.skip(str(error), _kept_as(str(place)))
            what = "opening documents"
            while items:
                items = in_order(items)
                self.progress.begin(what, len(items))
                items = [further for item in items for further in self._open(opener, item)]
                what = "opening what feeds and lists name"
        return list(self.documents.values())

    def _open(self, opener: Opener, item: Item) -> list[Item]:
        """Open an item; return the items that it leads to."""
        place, found = _kept_as(item.place), []
        try:
            opened: Document | list[Item] | None = opener.open(item)
            if isinstance(opened, Document):
                opened = self._screened(opener, item, opened)
            if opened is None:
                pass
            elif isinstance(opened, list):
                found = opened
                self.places.setdefault("", []).append(place)
            else:
                before = self.documents.get(opened.id)
                if before is None or opened.name < before.name:
                    self.documents[opened.id] = opened
                self.places.setdefault(opened.id, []).append(place)
        except DocumentError as error:
            self.skip(str(error), place)
        self.progress.step()
        return found

    def _screened(self, opener: Opener, item: Item, opened: Document) -> Document | None:
        """Return a document without what tombstones name; None where it may not come back."""
        if not self.stones:
            return opened
        if self.stones.document(opened.id) and (new := self.stones.instead(opened.id)):
            kept = opener.known(new)
            if kept is not None:
                return kept
        try:
            found = screened(opened, self.stones)
        except DocumentError as error:  # it stands in no list of what to try again
            self.skip(f"{item.name}: {error}")
            return None
        if found.id == opened.id:
            return found
        kept = opener.known(found.id)
        return replace(found, retrieved=kept.retrieved, notes=kept.notes) if kept else found

    def understand(
        self, documents: Sequence[Document], extractor: Extractor, version: str = ""
    ) -> Iterator[tuple[Document, Extraction]]:
        """Yield documents with what was read from them; one that breaks the reader is skipped."""
        known = self.settings
        for document, found in outcomes(
            extractor, documents, known.processes, known.document_seconds
        ):
            if isinstance(found, Extraction):
                yield document, found
            else:
                self._refuse(document, found, version)

    def _refuse(self, document: Document, reason: str, version: str) -> None:
        self.refused.add(document.id)
        for place in self.places.get(document.id, [document.name]):
            self.skip(reason, place, document.id, version)

    def read_all(self, documents: Sequence[Document], extractor: Extractor) -> list[Pair]:
        """Return documents with their extractions, by id."""
        self.progress.begin("extracting", len(documents))
        pairs = []
        for document, extraction in self.understand(documents, extractor):
            pairs.append((document, Packed.of(extraction)))
            self.progress.step()
        return sorted(pairs, key=lambda pair: pair[0].id)

    def remember(
        self,
        shelf: Shelf,
        documents: Sequence[Document],
        extractor: Extractor,
        quarantine: Quarantine,
    ) -> tuple[list[Pair], int]:
        """Return documents with their extractions by id, and how many had to be read.

        Each result is kept at once, so that a build that is stopped goes on where it was. What
        is returned is without mentions and sentences, which no later stage reads. A text that
        this version could not understand within the same limits is not tried again.
        """
        version = extractor.version
        tried = self._tried(version)
        known = {d.id: p for d in documents if (p := _kept(shelf, version, d, extractor))}
        missing = [d for d in documents if d.id not in known]
        missing = self.without_hopeless(missing, version, quarantine)
        if missing:
            self.progress.begin("extracting", len(missing))
        for document, extraction in self.understand(missing, extractor, tried):
            if any(note.startswith(WITHOUT_ADVICE) for note in extraction.notes):
                self.unsure.add(document.id)
                self.progress.skip(
                    f"{document.name}: {extraction.notes[-1]}; the next build asks again"
                )
                known[document.id] = Packed.of(extraction, whole=False)
            else:
                shelf.cache(version, document, extraction)
                known[document.id] = _keep(shelf, version, document, extraction, extractor)
            self.progress.step()
        pairs = [(d, known[d.id]) for d in documents if d.id in known]
        return sorted(pairs, key=lambda pair: pair[0].id), len(missing)

    def without_hopeless(
        self, documents: Sequence[Document], version: str, quarantine: Quarantine
    ) -> list[Document]:
        """Leave out what this version could not understand within the same limits, with why."""
        tried = self._tried(version)
        hopeless = quarantine.reasons(tried) if documents else {}
        for document in documents:
            if document.id in hopeless and document.id not in self.refused:
                self._refuse(document, hopeless[document.id], tried)
        return [document for document in documents if document.id not in hopeless]

    def _tried(self, version: str) -> str:
        return f"{version} {self.settings.document_seconds:g}"

    def settle(self, quarantine: Quarantine) -> None:
        """Write down what was left out, and take off the list what was read this time."""
        accepted = {
            place
            for ident, places in self.places.items()
            if ident not in self.refused
            for place in places
        }
        quarantine.note((r for r in self.refusals if r.source), accepted)

    def some(self, found: Sequence[object]) -> None:
        """Raise InputError where nothing was found."""
        if found:
            return
        number = len(self.refusals)
        raise InputError(
            f"no document could be read ({number} skipped); nothing was changed"
            if number
            else "no document was named; give files, folders, addresses, or - for standard input"
        )


def _kept_as(place: str) -> str:
    """Return a place as the quarantine names it: the same from every folder."""
    if place == "-":
        return "standard input"
    return place if "://" in place else str(Path(place).absolute())


def _kept(shelf: Shelf, version: str, document: Document, extractor: Extractor) -> Packed | None:
    """Return the outline of a document that was read before, with the way to the rest."""
    if data := shelf.outlined(version, code_version(), document):
        return _with_outline(shelf, version, document, data, extractor)
    if found := shelf.cached(version, document):
        return _keep(shelf, version, document, found, extractor)
    return None


def _keep(
    shelf: Shelf, version: str, document: Document, found: Extraction, extractor: Extractor
) -> Packed:
    data = outline(found).pack()
    shelf.outline(version, code_version(), document, data)
    return _with_outline(shelf, version, document, data, extractor)


def _with_outline(
    shelf: Shelf, version: str, document: Document, data: bytes, extractor: Extractor
) -> Packed:
    def kept() -> Extraction:
        return shelf.cached(version, document) or extractor.extract(document)

    return Packed(data, kept=kept)
