"""What points at a thing: the facts and claims of others in which it stands, read backwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.vocab import digest
from server import words
from server.ask import Thing, ask, iris, node, things, val
from server.claims import SAID
from server.words import Mark

PAGE = 20  # rows of a list before it is cut into pages


@dataclass(frozen=True)
class Linked:
    """A thing that points here."""

    thing: Thing
    documents: int
    href: str
    inferred: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Role:
    """Things that point here by one property, the first of them, and how many there are."""

    predicate: str
    label: str
    total: int
    rows: tuple[Linked, ...]
    mark: Mark
    modality: str = ""


def roles_of(iri: str) -> Iterable[Role]:
    """Yield the roles of a thing in facts about others, the first page of each."""
    for row in ask("links-in-counts", entity=node(iri)):
        yield role(iri, val(row, "predicate"), total=int(val(row, "count")))


def said_roles_of(iri: str) -> Iterable[Role]:
    """Yield the roles in which a thing is only said to stand, the first page of each."""
    for row in ask("said-in-counts", entity=node(iri)):
        modality = val(row, "modality").rsplit("/", 1)[-1]
        yield role(iri, val(row, "predicate"), int(val(row, "count")), only_said=modality)


def role(iri: str, predicate: str, total: int, offset: int = 0, only_said: str = "") -> Role:
    """Return one page of the things that point at `iri` by a property.

    They are facts, or with `only_said` (a modality) what claims say without its being a fact.
    """
    entity, link = node(iri), node(predicate)
    modality = node(iris().entity("modality", only_said or "actual"))
    if only_said:
        rows = ask(
            "said-in", limit=PAGE, offset=offset, entity=entity, predicate=link, modality=modality
        )
    else:
        rows = ask("links-in", limit=PAGE, offset=offset, entity=entity, predicate=link)
    subjects = [val(row, "subject") for row in rows]
    stated = {
        val(row, "subject"): row
        for row in ask(
            "fact-documents",
            entity=entity,
            predicate=link,
            modality=modality,
            subject=[node(subject) for subject in subjects],
        )
    }
    named = things(subjects)
    anchor = digest(*filter(None, (predicate, str(entity), only_said)))
    linked = tuple(
        Linked(
            thing=named[subject],
            documents=int(val(stated.get(subject, {}), "documents") or 0),
            href=f"{named[subject].href}#f-{anchor}" if named[subject].href else "",
            inferred=val(row, "inferred") == "1",
            reason=val(stated.get(subject, {}), "reason") if only_said == "actual" else "",
        )
        for subject, row in zip(subjects, rows, strict=True)
    )
    mark = SAID if only_said == "actual" else words.mark(only_said or "actual")
    return Role(predicate, words.inverse_label(predicate), total, linked, mark, only_said)
