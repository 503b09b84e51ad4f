"""Accept headers to media types: one table for all routes."""

from __future__ import annotations

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

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


def ranked(accept: str) -> list[str]:
    """Return the media ranges of an Accept header, the dearest first; none means anything."""
    if not accept.strip():
        return ["*/*"]
    parsed = parse_accept_header(accept, MIMEAccept)
    order = {value: place for place, (value, _) in enumerate(parsed)}
    wanted = sorted(
        ((value, quality) for value, quality in parsed if quality > 0),
        key=lambda item: (-item[1], _width(item[0]), order[item[0]]),
    )
    return [value.lower() for value, _ in wanted]


def choose(wanted: list[str], offered: dict[str, str]) -> str | None:
    """Return the offered media type that fits best, or None (406)."""
    for media_range in wanted:
        kind = media_range.split(";")[0].strip()
        for media_type in offered:
            main = media_type.split("/")[0]
            if kind in {media_type, "*/*", f"{main}/*"}:
                return media_type
    return None


def _width(media_range: str) -> int:
    return media_range.count("*")
