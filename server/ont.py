"""The ontology under its own address: a page for people, the file itself for programs."""

from __future__ import annotations

import pyoxigraph as ox
from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from kg import onto
from kg.vocab import PG, ontology_quads, prefixes, shorten

blueprint = Blueprint("ont", __name__)
FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_KINDS = {
    "class": "Classes",
    "object property": "Relations between things",
    "datatype property": "Values",
    "annotation property": "Annotations",
}
_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"


@blueprint.get("/ont")
@blueprint.get("/ont/<version>")
def ontology(version: str = "") -> Response:
    """Answer for the ontology's address, or that of its present version, by Accept."""
    if version not in {"", _version()}:
        abort(404, f"Only version {_version()} of the ontology is here.")
    offered = ["text/html", *FORMATS.values()]
    wanted = request.accept_mimetypes.best_match(offered)
    page = wanted is None or wanted == "text/html"
    response = make_response(_page()) if page else _data(str(wanted))
    response.vary.add("Accept")
    for media in FORMATS.values():
        target = url_for("pages.ont.file", ending=_ending(media))
        response.headers.add("Link", f'<{target}>; rel="alternate"; type="{media}"')
    return response


@blueprint.get("/ont.<ending>")
def file(ending: str) -> Response:
    """Hand out the ontology in one format."""
    if ending not in FORMATS:
        abort(404, f"The ontology is to be had as {', '.join(FORMATS)}.")
    return _data(FORMATS[ending])


def _ending(media: str) -> str:
    return next(ending for ending, other in FORMATS.items() if other == media)


def _version() -> str:
    found = (q.object for q in ontology_quads() if q.predicate.value == _VERSION)
    return next((text.value for text in found if isinstance(text, ox.Literal)), "")


def _data(media: str) -> Response:
    form = ox.RdfFormat.from_media_type(media)
    triples = (ox.Triple(q.subject, q.predicate, q.object) for q in ontology_quads())
    data = ox.serialize(triples, format=form or ox.RdfFormat.TURTLE, prefixes=prefixes())
    return Response(data, mimetype=media)


def _page() -> str:
    groups = {
        heading: [term for term in onto.terms().values() if term.kind == kind]
        for kind, heading in _KINDS.items()
    }
    return render_template(
        "ont.html", groups=groups, namespace=PG, version=_version(), short=shorten, formats=FORMATS
    )
