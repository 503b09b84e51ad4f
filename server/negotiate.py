"""Accept headers to media types: one table for all routes; the query processes read it, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

RESULTS = {  # of SELECT and ASK; the first is the default
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS = {  # of CONSTRUCT and DESCRIBE, and of named graphs
    "text/turtle": "ttl",
    "application/turtle": "ttl",
    "application/n-triples": "nt",
    "text/plain": "nt",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nq",
    "text/n3": "n3",
}
QUADS = {  # of a whole dataset
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/ld+json": "jsonld",
}
TABLES = frozenset({"csv", "tsv"})  # cannot say true or false
NAMES = {  # ?format= and file endings
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}


@lru_cache(maxsize=500)
def ranked(accept: str) -> tuple[str, ...]:
    """Return the media ranges of an Accept header, the dearest first; none means anything.

    Rule: RFC 9110, 12.5.1; a range that says more goes before one of the same weight.
    """
    rows = []
    for place, part in enumerate(accept.split(",")[:100]):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((_weight(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        if name and weight > 0:
            rows.append((-weight, name.count("*"), place, "*/*" if name == "*" else name))
    return tuple(name for *_, name in sorted(rows)) if accept.strip() else ("*/*",)


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def choose(wanted: Sequence[str], offered: Mapping[str, str]) -> str | None:
    """Return the offered media type that fits best, or None (406)."""
    for media_range in wanted:
        for media_type in offered:
            main = media_type.split("/")[0]
            if media_range in {media_type, "*/*", f"{main}/*"}:
                return media_type
    return None
