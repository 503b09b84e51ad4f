"""The words and marks of the pages: modalities, dates, numbers, names of terms of the ontology.

The marks are those of the visual language of truth: each stands with a word, never by colour.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from kg.vocab import PG, RDF, RDFS, kind_of, ontology_quads, shorten, superclasses

_SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True)
class Mark:
    """How one modality is shown: the sign, the word beside it, and the name of its style."""

    sign: str
    word: str
    style: str


MARKS = {
    "actual": Mark("●", "done", "actual"),
    "planned": Mark("○", "planned", "planned"),
    "expected": Mark("◌", "expected", "expected"),
    "desired": Mark("◇", "wanted", "desired"),
    "possible": Mark("?", "possible", "possible"),
    "negated": Mark("✕", "denied", "negated"),
    "inferred": Mark("∴", "follows from other facts", "inferred"),
}
# Stages that lie before the deed: their point in a history is hollow.
OPEN_STATUS = frozenset("rumoured proposed negotiating planned postponed".split())
_STATUS_AHEAD = {
    "planned": "to be {}",
    "expected": "expected to be {}",
    "desired": "wanted: {}",
    "possible": "may be {}",
    "negated": "denied: {}",
}
# Singular and plural of the kinds in addresses, where the class has no better word.
_KINDS = {
    "act": ("law", "laws"),
    "person": ("person", "people"),
    "org": ("organization", "organizations"),
    "group": ("group", "groups"),
    "wg": ("working group", "working groups"),
    "opportunity": ("opportunity", "opportunities"),
    "status": ("stage", "stages"),
    "modality": ("modality", "modalities"),
    "state": ("country", "countries"),
    "strategy": ("strategy", "strategies"),
    "policy": ("policy", "policies"),
    "polity": ("polity", "polities"),
    "content": ("content", "contents"),
    "framework": ("framework", "frameworks"),
    "time": ("time", "times"),
    "doc": ("document", "documents"),
}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def mark(modality: str) -> Mark:
    """Return the mark of a modality; an unknown one counts as merely possible."""
    return MARKS.get(modality, MARKS["possible"])


def claim_mark(modality: str, predicate: str, value: str) -> Mark:
    """Return the mark of a statement: to be at a stage before the deed is never shown as done."""
    ahead = predicate == PG + "status" and value.rsplit("/", 1)[-1] in OPEN_STATUS
    return MARKS["planned"] if ahead and modality == "actual" else mark(modality)


def status_words(status: str, modality: str) -> str:
    """Return “signed” for a status that is actual, “to be signed” for one that is planned …"""
    plain = status.replace("-", " ")
    return _STATUS_AHEAD.get(modality, "{}").format(plain)


@cache
def _texts(predicate: str) -> dict[str, str]:
    """Map each subject of the ontology to the text that a predicate gives it."""
    return {
        getattr(quad.subject, "value", ""): quad.object.value
        for quad in ontology_quads()
        if quad.predicate.value == predicate and isinstance(quad.object, ox.Literal)
    }


def term_label(iri: str) -> str:
    """Return the ontology's own name of a class, property, status or topic, else a short IRI."""
    if iri == RDF + "type":
        return "kind"
    found = _texts(RDFS + "label").get(iri) or _texts(_SKOS + "prefLabel").get(iri)
    return found or shorten(iri)


def known_term(iri: str) -> bool:
    """Tell whether the ontology names this class, property, status or topic itself."""
    return iri in _texts(RDFS + "label") or iri in _texts(_SKOS + "prefLabel")


def term_definition(iri: str) -> str:
    """Return the ontology's definition of a term, or an empty text."""
    return _texts(_SKOS + "definition").get(iri, "")


def inverse_label(iri: str) -> str:
    """Return how a property reads from its other end; “… (the other way)” without a name."""
    return _texts(PG + "inverseLabel").get(iri) or f"{term_label(iri)} (the other way)"


def narrowest(types: frozenset[str]) -> str:
    """Return the local name of the most specific pg class among class IRIs, or an empty text."""
    names = sorted(iri.removeprefix(PG) for iri in types if iri.startswith(PG))
    return max(names, key=lambda name: len(superclasses().get(name, ())), default="")


def class_label(name: str) -> str:
    """Return the label of a pg class given by its local name."""
    return term_label(PG + name) if name else "thing"


def kind_plural(kind: str) -> str:
    """Return the plural of a kind in an address: `agreement` → “agreements”."""
    return kind_words(kind, 2)


def kind_words(kind: str, count: int) -> str:
    """Return the word for so many of a kind: “agreement” for 1, else “agreements”."""
    if kind in _KINDS:
        return _KINDS[kind][count != 1]
    label = next((label for name, label in _class_labels() if kind_of(name) == kind), kind)
    return label if count == 1 else f"{label}s"


@cache
def _class_labels() -> tuple[tuple[str, str], ...]:
    labels = _texts(RDFS + "label").items()
    found = [(iri.removeprefix(PG), label) for iri, label in labels if iri.startswith(PG)]
    # The widest class of a kind names it, so classes with few ancestors come first.
    return tuple(sorted(found, key=lambda item: (len(superclasses().get(item[0], ())), item)))


def today() -> dt.date:
    """Return the day on which the page is shown (UTC)."""
    return dt.datetime.now(dt.UTC).date()


def day(date: dt.date) -> str:
    """Return a day as `10 Mar 2023`."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year:04}"


def parse_day(text: str) -> dt.date | None:
    """Return the day of an xsd:date or xsd:dateTime, or None where it is none."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def interval(earliest: dt.date | None, latest: dt.date | None, words: str = "") -> str:
    """Return a time as people write it: a day, a month, a year, or from–to; else its words."""
    if not earliest or not latest:
        known = [day(date) for date in (earliest, latest) if date]
        return " ".join(part for part in (words, *known) if part) or "no date"
    if earliest == latest:
        return day(earliest)
    first_to_last = (earliest.month, earliest.day, latest.month, latest.day)
    if earliest.year == latest.year and first_to_last == (1, 1, 12, 31):
        return f"{earliest.year:04}"
    next_day = latest + dt.timedelta(days=1) if latest < dt.date.max else latest
    if earliest.day == next_day.day == 1 and (earliest.year, earliest.month) == (
        latest.year,
        latest.month,
    ):
        return f"{_MONTHS[earliest.month - 1]} {earliest.year:04}"
    return f"{day(earliest)} – {day(latest)}"


def number(value: int) -> str:
    """Return a whole number with thin spaces: 12 345."""
    return f"{value:,}".replace(",", "\u2009")


def plain(text: str) -> str:
    """Return a text for places that cannot isolate direction (attributes, drawings, titles).

    Marks of direction and control characters are left out.
    """
    text = _BIDI.sub("", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
