"""The plain, frozen values that walk down the line, each with offsets back to the text.

Document → Extraction (mentions, entities, claims of one document) → Linked (one name for one
thing over all documents) → quads → Report → Release. Offsets are code points from 0, end
exclusive, over the stored text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Modality = Literal["actual", "planned", "expected", "desired", "possible", "negated"]
SourceKind = Literal["primary", "release", "agency", "newspaper", "opinion", "unknown"]


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of a document's text: code points, `end` exclusive."""

    start: int
    end: int

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share a character."""
        return self.start < other.end and other.start < self.end

    def cover(self, *others: Span) -> Span:
        """Return the smallest span that holds this one and the others."""
        spans = (self, *others)
        return Span(min(s.start for s in spans), max(s.end for s in spans))


@dataclass(frozen=True, slots=True)
class Document:
    """A stored text with what is known of its origin; `id` is sha256-16 of the text."""

    id: str
    name: str
    text: str
    date: dt.date | None = None
    date_span: Span | None = None
    date_source: str = ""  # "header", "dateline", "metadata" or ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    language: str = "en"
    source_kind: SourceKind = "unknown"
    rights: str = ""
    retrieved: str = ""
    media_type: str = "text/plain"
    body: Span | None = None  # the part that is prose; None means all of it
    notes: tuple[str, ...] = ()  # what a reader of the report should know about this text


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing as one document names it; `key` is unique within the document only.

    `type` is the local name of a pg class. `names` holds every wording used, best first.
    `traits` carries what linking may use: `states` (ISO codes of the sides), `subject`,
    `office`, `state`, `year`, `topic`, `authority` (an id of the authority file), …
    """

    key: str
    type: str
    label: str
    names: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal end of a claim: lexical form and the local name of its XSD datatype."""

    value: str
    datatype: str = "string"


@dataclass(frozen=True, slots=True)
class TimeRef:
    """A time expression: its words, its earliest and latest day where they could be told.

    `anchor` says what a relative expression was counted from (`header`, `statement`, …).
    """

    span: Span
    text: str
    earliest: dt.date | None = None
    latest: dt.date | None = None
    anchor: str = ""

    @property
    def day(self) -> dt.date | None:
        """The day, where the expression means exactly one."""
        return self.earliest if self.earliest and self.earliest == self.latest else None

    @property
    def year(self) -> int | None:
        """The year, where the expression means exactly one whole year."""
        a, b = self.earliest, self.latest
        if a and b and (a.month, a.day, b.month, b.day) == (1, 1, 12, 31) and a.year == b.year:
            return a.year
        return None


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money: the words, and value and currency (ISO 4217) where they could be told."""

    span: Span
    text: str
    value: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that supports a claim; `resolved_with` marks help from another document."""

    doc: str
    span: Span
    quote: str
    resolved_with: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement found in one document, with modality, speaker and evidence.

    `subject`, `object` (unless a value) and `speaker` are keys of entities of the same
    document. `predicate` is a prefixed name (`pg:party`, `rdf:type`); for `rdf:type` the object
    is a `Value` whose datatype is `class`. The id hashes document-local data only, so that
    merging entities elsewhere never breaks a claim's address.
    """

    id: str
    doc: str
    subject: str
    predicate: str
    object: str | Value | TimeRef | Amount
    modality: Modality
    evidence: tuple[Evidence, ...]
    rule: str
    factuality: str = ""  # the finer value: done, planned, proposed, conditional, denied, …
    speaker: str | None = None
    statement_date: dt.date | None = None
    as_of: dt.date | None = None  # day from which the content holds (a signing's day for a status)
    confidence: float = 1.0
    subject_span: Span | None = None
    object_span: Span | None = None
    speaker_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names or refers to an entity of the document."""

    span: Span
    entity: str
    form: str = "name"  # "name", "short", "description" or "pronoun"


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read from one document: depends on that document and the pipeline alone."""

    doc: str
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    claims: tuple[Claim, ...] = ()
    sentences: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: tuple[int, ...] = ()  # by which near-duplicates are found; see kg.copies


@dataclass(frozen=True, slots=True)
class Linked:
    """One name for one thing: (document id, entity key) → IRI, and what is known of the IRI.

    `added` holds claims that only the sight of several documents allows (a date that another
    document settles), `replaced` claims by id that get their `as_of` day so, `issued` the day of
    each document, told by itself or by others, `copies` maps documents that are copies to the one
    that they repeat, `log` holds the merges with their reasons and the
    rejected candidates.
    """

    iri: Mapping[tuple[str, str], str]
    things: Mapping[str, Entity]
    added: tuple[Claim, ...] = ()
    replaced: Mapping[str, Claim] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    issued: Mapping[str, dt.date | None] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; `blocks` says whether it stops publishing."""

    check: str
    message: str
    blocks: bool = True
    claim: str = ""
    doc: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks found, and which parts ran (for instance which reasoner, or none)."""

    findings: tuple[Finding, ...] = ()
    ran: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True where nothing blocks publishing."""
        return not any(finding.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Release:
    """A published, immutable state of the graph."""

    number: int
    created: str
    note: str
    counts: Mapping[str, int] = field(default_factory=dict)
