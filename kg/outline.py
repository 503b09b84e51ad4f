"""The outline of a document: what linking and judging need of it, small enough for all at once.

A build looks at all documents several times, but lifts the claims of few. What these looks need
is taken out of an extraction once and kept beside it, as rows of plain values.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg import lift
from kg.model import Amount, Claim, Entity, Extraction, Linked, Span, TimeRef
from kg.signals import HOME, PARTY, THEME, WHO, Facts, Node, Once, label_words, one_number
from kg.spot.lexicon import load
from kg.vocab import XSD, Iris

_BASE = Iris("urn:base:")  # stands for the base of the collection, which an outline leaves open
_NOBODY = Linked({}, {})
Statements = Iterable[tuple[str, "list[Row]"]]  # the rows of documents, by id


class Row(NamedTuple):
    """What judging needs of a claim; dates are in the form of ISO 8601, "" where there is none.

    `object` is `["key", key]`, `["node", IRI]`, `["own", path behind the base]` or
    `["value", form, datatype]`; `value` is the time or amount as `["time", …]`, `["amount", …]`.
    """

    id: str
    subject: str
    predicate: str
    object: list[str]
    modality: str
    confidence: float
    speaker: str
    as_of: str
    stated: str
    place: list[Any]  # first span and head of the rule: the frame of a sentence
    last: str  # last day of the time that the frame gives its event
    value: list[str]

    def term(self, doc: str, linked: Linked, iris: Iris) -> ox.NamedNode | ox.Literal:
        """Return the object as an RDF term."""
        kind, text, *more = self.object
        match kind:
            case "key":
                return ox.NamedNode(linked.iri[doc, text])
            case "own":
                return ox.NamedNode(iris.base + text)
            case "node":
                return ox.NamedNode(text)
        return lift.literal(text, more[0])

    def triple(self, doc: str, linked: Linked, iris: Iris) -> ox.Triple:
        """Return the statement of the claim as RDF terms, with the linked names of its ends."""
        subject = ox.NamedNode(linked.iri[doc, self.subject])
        return ox.Triple(subject, lift.predicate(self.predicate), self.term(doc, linked, iris))


@dataclass(frozen=True, slots=True)
class Outline:
    """What is kept of one document; `nodes` are the values of `kg.signals.Node`, in its order."""

    doc: str
    nodes: list[list[Any]] = field(default_factory=list)
    weekdays: dict[str, list[str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    fingerprint: tuple[int, ...] = ()

    def pack(self) -> bytes:
        """Return the outline as bytes."""
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode(), 1)

    @classmethod
    def unpack(cls, data: bytes) -> Outline:
        """Return an outline from its bytes; raises ValueError where they are damaged."""
        try:
            known = json.loads(zlib.decompress(data))
            known["rows"] = [Row(*row) for row in known["rows"]]
            known["fingerprint"] = tuple(known["fingerprint"])
            return cls(**known)
        except (zlib.error, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error

    def linkable(self, issued: dt.date | None, once: Once) -> list[Node]:
        """Return the things of the document as linking looks at them."""
        found = []
        for (
            entity,
            states,
            topics,
            words,
            context,
            frame,
            day,
            theme,
            who,
            days,
            *end,
        ) in self.nodes:
            known = once.entity(Entity(*entity))
            found.append(
                Node(
                    (self.doc, known.key), known, once.set(states), once.set(topics),
                    once.set(words), once.set(context), frame,
                    dt.date.fromisoformat(day) if day else None,
                    issued, theme, once.set(who), once.set(days), *end,
                )
            )  # fmt: skip
        return found


def outline(extraction: Extraction) -> Outline:
    """Return the outline of what was read from a document."""
    facts = Facts(extraction)
    entities = {entity.key: entity for entity in extraction.entities}
    return Outline(
        extraction.doc,
        [_node(entity, entities, facts) for entity in entities.values()],
        dict(facts.weekdays),
        [row(claim) for claim in extraction.claims],
        extraction.fingerprint,
    )


def _node(entity: Entity, entities: dict[str, Entity], facts: Facts) -> list[Any]:
    states = set(entity.traits.get("states", "").split())
    parties = facts.ends(entity.key, PARTY)
    states |= {k.split(":", 1)[1] for k in parties if k.startswith(("state:", "polity:"))}
    states |= {facts.side[k] for k in parties if k in facts.side}
    theme = next(iter(facts.ends(entity.key, THEME)), "")
    if theme and not states and theme in entities:
        states |= set(entities[theme].traits.get("states", "").split())
    day = facts.day.get(entity.key)
    topics = facts.ends(entity.key, {"pg:hasTopic"})
    return [
        [entity.key, entity.type, entity.label, entity.names, dict(entity.traits)],
        sorted(states),
        [one_number(k.removeprefix("topic:"), load()) for k in topics],
        sorted(label_words(entity.label, load())),
        entity.traits.get("context", "").split(),
        next(iter(facts.ends(entity.key, {"pg:sessionOf"})), ""),
        str(day or ""),
        theme,
        facts.ends(entity.key, WHO),
        facts.weekdays.get(entity.key, []),
        next((k.split(":", 1)[1] for k in facts.ends(entity.key, HOME)), ""),
        entity.key in facts.quoted,
    ]


def row(claim: Claim) -> Row:
    """Return what judging needs of a claim."""
    value: list[str] = []
    last = ""
    if isinstance(claim.object, TimeRef):
        time = claim.object
        value = ["time", time.text, str(time.earliest or ""), str(time.latest or "")]
        last = str(time.latest or "") if "time" in claim.rule else ""
    elif isinstance(claim.object, Amount):
        value = ["amount", claim.object.text, claim.object.value, claim.object.currency]
    span = claim.evidence[0].span if claim.evidence else Span(-1, -1)
    return Row(
        claim.id,
        claim.subject,
        claim.predicate,
        _object(claim),
        claim.modality,
        claim.confidence,
        claim.speaker or "",
        str(claim.as_of or ""),
        str(claim.statement_date or ""),
        [span.start, span.end, claim.rule.split(".")[0]],
        last,
        value,
    )


def _object(claim: Claim) -> list[str]:
    if isinstance(claim.object, str):
        return ["key", claim.object]
    term = lift.object_of(claim, _NOBODY, _BASE)
    if isinstance(term, ox.Literal):
        return ["value", term.value, term.datatype.value.removeprefix(XSD)]
    if term.value.startswith(_BASE.base):
        return ["own", term.value.removeprefix(_BASE.base)]
    return ["node", term.value]


def value_of(value: Sequence[str]) -> TimeRef | Amount:
    """Return the time or the amount of a row, without its place in the text."""
    kind, *parts = value
    if kind == "amount":
        return Amount(Span(0, 0), *parts)
    text, *days = parts
    earliest, latest = (dt.date.fromisoformat(day) if day else None for day in days)
    return TimeRef(Span(0, 0), text, earliest, latest)


def told(claims: Iterable[Claim]) -> list[tuple[str, list[Row]]]:
    """Return claims as rows, those of a document that come one after another together."""
    return [(doc, list(map(row, own))) for doc, own in groupby(claims, key=lambda c: c.doc)]
