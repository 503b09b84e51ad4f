"""What the service says of itself: the SPARQL service description and VoID."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, VOID

from server.negotiate import GRAPHS, choose, ranked

blueprint = Blueprint("describe", __name__)
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
_RESULTS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_WRITERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


def service_description() -> Response:
    """Answer with the description of the endpoint, in the RDF format asked for."""
    graph = Graph()
    graph.bind("sd", SD)
    settings = current_app.extensions["settings"]
    service, dataset, default = BNode(), BNode(), BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(url_for("sparql.sparql", _external=True))))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    for name in _RESULTS:
        graph.add((service, SD.resultFormat, FORMATS[name]))
    if settings.union_default_graph:
        graph.add((service, SD.feature, SD.UnionDefaultGraph))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    return _write(graph)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Answer with the VoID description of the release."""
    graph = Graph()
    graph.bind("void", VOID)
    settings, release = current_app.extensions["settings"], current_app.extensions["pool"].release
    dataset = URIRef(request.base_url + "#dataset")
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, DCTERMS.title, Literal(settings.title)))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(url_for("sparql.sparql", _external=True))))
    graph.add((dataset, VOID.uriSpace, Literal(settings.base)))
    if settings.license:
        graph.add((dataset, DCTERMS.license, URIRef(settings.license)))
    if release is not None:
        graph.add((dataset, VOID.triples, Literal(release.counts.get("triples", 0))))
        graph.add((dataset, DCTERMS.issued, Literal(release.created)))
    return _write(graph)


def _write(graph: Graph) -> Response:
    offered = {k: v for k, v in GRAPHS.items() if k in _WRITERS}
    kind = choose(ranked(request.headers.get("Accept", "")), offered) or "text/turtle"
    return Response(graph.serialize(format=_WRITERS[kind], encoding="utf-8"), mimetype=kind)
