"""Claims as the pages show them: who said it, when, done or planned, and the quoted words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.vocab import RDF, XSD
from server import words
from server.ask import Thing, ask, href, node, things, val
from server.graph import Row, Term
from server.quoting import Piece, Quoter, pieces
from server.words import Mark

SAID = Mark("“", "said, not established", "said")
LATER = "a later status is known"  # how kg.facts begins the reason of a superseded status
_BATCH = 400  # claims asked for in one query
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True)
class Quote:
    """The words behind a claim: a span of a document, cut to what the reader may see."""

    document: Thing
    start: int
    end: int
    pieces: tuple[Piece, ...]
    issued: str = ""
    publisher: str = ""
    resolved: bool = False
    original: str = ""  # the document that this one is a copy of

    @property
    def href(self) -> str:
        """The address of the span in the document page."""
        return f"{self.document.href}#s{self.start}-{self.end}"


@dataclass(frozen=True)
class Said:
    """One claim with its evidence."""

    iri: str
    subject: Thing
    predicate: str
    object: Thing
    modality: str
    quotes: tuple[Quote, ...]
    speaker: Thing | None = None
    said: str = ""
    as_of: str = ""
    reason: str = ""
    factuality: str = ""
    rule: str = ""
    confidence: str = ""
    contradicts: tuple[str, ...] = ()
    key: tuple[str, str] = field(default=("", ""))  # predicate and object as SPARQL terms

    @property
    def mark(self) -> Mark:
        """The mark of what it says."""
        return words.claim_mark(self.modality, self.predicate, self.object.iri)

    @property
    def label(self) -> str:
        """The property, in words."""
        return words.term_label(self.predicate)

    @property
    def id(self) -> str:
        """The last part of its address."""
        return self.iri.rsplit("/", 1)[-1]

    @property
    def issued(self) -> str:
        """The day (ISO) of the first document that makes it, empty where unknown."""
        return min((quote.issued for quote in self.quotes if quote.issued), default="")

    @property
    def sources(self) -> frozenset[str]:
        """The IRIs of the independent documents that it rests on: a copy is its original."""
        told = (quote for quote in self.quotes if not quote.resolved)
        return frozenset(quote.original or quote.document.iri for quote in told)


def cell(term: Term, named: Mapping[str, Thing]) -> Thing:
    """Return any term as something to show; literals get a form that people read."""
    if isinstance(term, ox.NamedNode):
        iri = term.value
        return named.get(iri) or Thing(iri, words.term_label(iri), href=href(iri))
    if isinstance(term, ox.BlankNode):
        return Thing("", "something without a name")
    text = term.value
    if term.datatype.value == XSD + "date" and (date := words.parse_day(text)):
        return Thing("", words.day(date), "date")
    if (found := _DURATION.fullmatch(text)) and any(found.groups()):
        named_units = zip(found.groups(), ("year", "month", "week", "day"), strict=True)
        parts = [f"{n} {unit}{'' if n == '1' else 's'}" for n, unit in named_units if n]
        return Thing("", " ".join(parts))
    return Thing("", text)


def load(claims: Iterable[str], quoter: Quoter) -> list[Said]:
    """Return these claims, in order of document and place, with names and quotations."""
    wanted = list(dict.fromkeys(claims))
    rows: list[Row] = []
    for at in range(0, len(wanted), _BATCH):
        rows += ask("claims", claim=[node(iri) for iri in wanted[at : at + _BATCH]])
    columns = ("subject", "object", "speaker", "document")
    nodes = {
        row[name].value
        for row in rows
        for name in columns
        if isinstance(row.get(name), ox.NamedNode)
    }
    named = things(nodes)
    other_names = _names({iri for row in rows for iri in _ends(row)})
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(val(row, "claim"), []).append(row)
    return [_said(group, named, other_names, quoter) for group in grouped.values()]


def _ends(row: Row) -> list[str]:
    pair = (row.get("subject"), row.get("object"))
    return [term.value for term in pair if isinstance(term, ox.NamedNode)]


def _names(found: set[str]) -> dict[str, list[str]]:
    """Return every name of these things."""
    names: dict[str, list[str]] = {}
    if found:
        for row in ask("names", thing=[node(iri) for iri in sorted(found)]):
            names.setdefault(val(row, "thing"), []).append(val(row, "name"))
    return names


def _said(
    rows: Sequence[Row],
    named: Mapping[str, Thing],
    names: Mapping[str, list[str]],
    quoter: Quoter,
) -> Said:
    first = rows[0]
    predicate = val(first, "predicate")
    listed = [name for iri in _ends(first) for name in names.get(iri, [])]
    quotes: dict[tuple[str, int, int], Quote] = {}
    for row in rows:
        quote = _quote(row, named, listed, quoter)
        quotes.setdefault((quote.document.iri, quote.start, quote.end), quote)
    obj = cell(first["object"], named)
    if predicate == RDF + "type":
        obj = Thing(obj.iri, words.term_label(obj.iri), href=href(obj.iri))
    return Said(
        iri=val(first, "claim"),
        subject=cell(first["subject"], named),
        predicate=predicate,
        object=obj,
        modality=val(first, "modality").rsplit("/", 1)[-1],
        quotes=tuple(quotes.values()),
        speaker=named.get(val(first, "speaker")),
        said=val(first, "said"),
        as_of=val(first, "asof"),
        reason=val(first, "reason"),
        factuality=val(first, "factuality"),
        rule=val(first, "rule"),
        confidence=val(first, "confidence"),
        contradicts=tuple(sorted({val(row, "other") for row in rows if "other" in row})),
        key=(predicate, str(first["object"])),
    )


def _quote(row: Row, named: Mapping[str, Thing], names: list[str], quoter: Quoter) -> Quote:
    document = named[val(row, "document")]
    start, end = int(val(row, "start")), int(val(row, "end"))
    text = quoter.clip(document.iri, start, end, val(row, "quote"), int(val(row, "length") or 0))
    return Quote(
        document=document,
        start=start,
        end=end,
        pieces=pieces(text, names),
        issued=val(row, "issued"),
        publisher=val(row, "publisher"),
        resolved=val(row, "resolved") == "true",
        original=val(row, "original"),
    )
