"""Which names of which documents became one thing, and why: linking done again and told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.advice import Adviser
from kg.claim import Extractor
from kg.curation import Curation
from kg.errors import UnknownName
from kg.intake import Intake, Silent
from kg.link import Register, link
from kg.model import Document, Extraction, Linked
from kg.packed import Packed, Readings
from kg.quarantine import Quarantine
from kg.release import DataFolder
from kg.settings import Settings


def relink(folder: DataFolder, settings: Settings) -> tuple[list[Document], Readings, Linked]:
    """Return the documents of the current release, what was read from them, and their links."""
    documents = list(folder.documents())
    version = folder.manifest(folder.release())["versions"].get("extractor", "-")
    found = _cached(folder, version, documents)
    if None in found:
        extractor = Extractor(settings.model, Adviser.of(settings))
        intake = Intake(settings, Silent())
        intake.remember(folder.shelf, documents, extractor, Quarantine(folder.path))
        found = _cached(folder, extractor.version, documents)
    pairs = zip(documents, found, strict=True)
    read = Readings(packed or Packed.of(Extraction(d.id)) for d, packed in pairs)
    register = Register.load(folder.path / "register.jsonl")
    curation = Curation.load(folder.path, folder.iris)
    return documents, read, link(documents, read, register, folder.iris, curation)


def _cached(folder: DataFolder, version: str, documents: Iterable[Document]) -> list[Packed | None]:
    found = (folder.shelf.cached(version, document) for document in documents)
    return [Packed.of(extraction) if extraction else None for extraction in found]


def lines(folder: DataFolder, iri: str, settings: Settings) -> Iterator[str]:
    """Yield what documents call a thing, and why that is one thing, as lines of text.

    Raises UnknownName where no document of the current release names it.
    """
    documents, read, linked = relink(folder, settings)
    if iri not in linked.things:
        raise UnknownName(f"no document names {iri}; a claim or a statement can be explained, too")
    thing = linked.things[iri]
    yield f"{thing.label}  [{thing.type}]  {iri}"
    merged = [line.removeprefix(f"{iri}: ") for line in linked.log if line.startswith(f"{iri}: ")]
    others = [
        line.removeprefix("rejected: ") for line in linked.log if line.startswith("rejected: ")
    ]
    by_name = (
        "the authority file lists the name" if "authority" in thing.traits else "the same name"
    )
    first = True
    for document, extraction in zip(documents, read, strict=True):
        for entity in extraction.entities:
            if linked.iri.get((document.id, entity.key)) != iri:
                continue
            names = ", ".join(dict.fromkeys((entity.label, *entity.names)))
            yield f"  {document.id}  {names}  ({document.title or document.name})"
            local = f"{document.id}/{entity.label}"
            why = [
                line.removeprefix(f"{local}: ") for line in merged if line.startswith(f"{local}: ")
            ]
            yield from (f"      because {told}" for told in why or ([] if first else [by_name]))
            yield from (
                f"      but not: {pair}" for pair in others if pair.startswith(f"{local} and ")
            )
            first = False
    yield "`keep apart` and `same as` in curation.yaml change this at the next build"
