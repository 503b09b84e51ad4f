"""A document's extraction while it is being made: its things, mentions and claims."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.model import (
    Amount,
    Claim,
    Entity,
    Evidence,
    Extraction,
    Mention,
    Modality,
    Span,
    TimeRef,
    Value,
)
from kg.spot.parse import Sheet
from kg.vocab import digest, is_a, slugify

Object = str | Value | TimeRef | Amount


@dataclass
class Thing:
    """An entity that may still get a better class, label or more names."""

    key: str
    cls: str
    label: str
    names: dict[str, int] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)
    parties: dict[str, None] = field(default_factory=dict)  # keys of states, in order
    proper: bool = False
    listed: bool = False  # named by the text in full, so that its class is told without a claim
    first: Span | None = None
    told: int = 0  # how often the text mentions it
    last: int = -1  # number of the last sentence that mentions it


@dataclass(frozen=True)
class Stance:
    """How the text presents something: finer value, modality, who says so, and since when."""

    factuality: str = "done"
    modality: Modality = "actual"
    speaker: str | None = None
    speaker_span: Span | None = None
    said: dt.date | None = None
    confidence: float = 1.0


class Draft:
    """Collects what is read from one document; `freeze` gives the extraction."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.document = sheet.document
        self.things: dict[str, Thing] = {}
        self.mentions: list[Mention] = []
        self._places: dict[str, list[Span]] = defaultdict(list)  # thing → where it is mentioned
        self._told: dict[str, list[Claim]] = defaultdict(list)  # predicate → claims
        self._about: dict[str, list[Claim]] = defaultdict(list)  # subject → claims
        self._known: set[Mention] = set()
        self.claims: dict[str, Claim] = {}
        self.sides: dict[str, dict[str, None]] = {}  # agreement → its parties so far, in order
        self._said: set[tuple[object, ...]] = set()
        self.sentences: list[Span] = []
        self.sentence = Span(0, 0)
        self.number = -1
        self.beside: Span | None = None  # a second place that supports what is said
        self.doc_key = "doc"
        self.things["doc"] = Thing("doc", "NewsArticle", self.document.title or self.document.name)

    def thing(self, key: str, cls: str, label: str, **traits: str) -> Thing:
        """Return the thing of that key, made on first sight; traits are added."""
        found = self.things.get(key)
        if found is None:
            found = self.things[key] = Thing(key, cls, label)
        for name, value in traits.items():
            if value:
                found.traits.setdefault(name, value)
        return found

    def new(self, kind: str, cls: str, label: str, **traits: str) -> Thing:
        """Return a fresh thing whose key is made from its label, with a number where taken."""
        stem = f"{kind}:{slugify(label, 60)}"
        key, n = stem, 2
        while key in self.things:
            key, n = f"{stem}~{n}", n + 1
        return self.thing(key, cls, label, **traits)

    def mention(self, key: str, span: Span, form: str, name: str = "") -> None:
        """Note that a stretch of text refers to a thing, and the wording it uses."""
        thing = self.things[key]
        if thing.first is None or span.start < thing.first.start:
            thing.first = span
        thing.last = max(thing.last, self.number)
        if name:
            thing.names[name] = thing.names.get(name, 0) + 1
        mention = Mention(span, key, form)
        if mention not in self._known:
            self._known.add(mention)
            self.mentions.append(mention)
            self._places[key].append(span)
            thing.told += 1

    def say(
        self,
        subject: str,
        predicate: str,
        obj: Object,
        rule: str,
        stance: Stance | None = None,
        *,
        evidence: Span | None = None,
        at: tuple[Span | None, Span | None] = (None, None),
        as_of: dt.date | None = None,
        confidence: float = 1.0,
        frame: str = "",
    ) -> None:
        """Add a claim; one that this document makes already in the same sentence is kept once."""
        stance = stance or Stance()
        if predicate == "pg:party" and isinstance(obj, str) and stance.modality != "negated":
            self.sides.setdefault(subject, {}).setdefault(obj)
        span = evidence or self.sentence
        subject_span = at[0] or self._near(subject, span)
        object_span = at[1] or (
            self._near(obj, span) if isinstance(obj, str) else getattr(obj, "span", None)
        )
        spans = (span.start, span.end, subject_span, object_span, stance.speaker_span)
        parts = (predicate, stance.modality, *spans, subject, _shown(obj), frame or rule)
        ident = digest(self.document.id, *parts)
        claim = Claim(
            id=ident,
            doc=self.document.id,
            subject=subject,
            predicate=predicate,
            object=obj,
            modality=stance.modality,
            factuality=stance.factuality,
            rule=rule,
            speaker=stance.speaker,
            statement_date=stance.said,
            as_of=as_of,
            confidence=round(min(confidence, stance.confidence), 2),
            evidence=tuple(
                Evidence(self.document.id, s, self.document.text[s.start : s.end])
                for s in (span, *([self.beside] if self.beside else []))
            ),
            subject_span=subject_span,
            object_span=object_span,
            speaker_span=stance.speaker_span,
        )
        core = _core(claim)
        if core not in self._said:  # the document makes the same claim in the same sentence once
            self._said.add(core)
            self.claims[ident] = claim
            self._told[predicate].append(claim)
            self._about[subject].append(claim)

    def told(self, predicate: str) -> Sequence[Claim]:
        """Return the claims with a predicate, in the order in which they were made."""
        return self._told.get(predicate, ())

    def about(self, subject: str) -> Sequence[Claim]:
        """Return the claims about a thing, in the order in which they were made."""
        return self._about.get(subject, ())

    def places(self, thing: str) -> Sequence[Span]:
        """Return where a thing is mentioned, in the order of reading."""
        return self._places.get(thing, ())

    def _near(self, key: str, span: Span) -> Span | None:
        return min((place for place in self.places(key) if place in span), default=None)

    def refine(self, thing: Thing, cls: str) -> None:
        """Give a thing a narrower class; a wider or unrelated one changes nothing."""
        if is_a(cls, thing.cls):
            thing.cls = cls

    def freeze(self, context: str = "") -> Extraction:
        """Return the extraction; only things that a claim or mention uses are kept.

        `context` holds the codes of the two states that the document is about.
        """
        used = {m.entity for m in self.mentions} | {self.doc_key}
        for claim in self.claims.values():
            used |= {claim.subject} | ({claim.object} if isinstance(claim.object, str) else set())
            used |= {claim.speaker} if claim.speaker else set()
        entities = []
        for key, thing in self.things.items():
            if key in used:
                names = tuple(sorted(thing.names, key=lambda n: (-thing.names[n], n)))
                traits = dict(thing.traits)
                if context and not thing.proper:
                    traits["context"] = context
                if thing.parties:
                    traits["states"] = " ".join(sorted(p.split(":", 1)[1] for p in thing.parties))
                entities.append(Entity(key, thing.cls, thing.label, names, traits))
        return Extraction(
            self.document.id,
            tuple(entities),
            tuple(sorted(self.mentions, key=lambda m: (m.span, m.entity))),
            tuple(
                sorted(self.claims.values(), key=lambda c: (c.evidence[0].span, c.predicate, c.id))
            ),
            tuple(self.sentences),
            tuple(self.sheet.notes),
        )


def _core(claim: Claim) -> tuple[object, ...]:
    return claim.subject, claim.predicate, _shown(claim.object), claim.modality, claim.evidence


def _shown(obj: Object) -> str:
    if isinstance(obj, TimeRef):
        return f"{obj.earliest}/{obj.latest}/{obj.text}"
    if isinstance(obj, Amount):
        return obj.text
    return obj if isinstance(obj, str) else f"{obj.value}^^{obj.datatype}"
