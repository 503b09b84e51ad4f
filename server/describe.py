"""What the service says of itself: the SPARQL service description and VoID.

Editors and language-model tools configure themselves from it: prefixes (`sh:declare`), the named
queries (`sh:select`, `sh:construct`, `sh:ask`), and which classes and properties are in use.
"""

from __future__ import annotations

import re
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request, url_for
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SDO, SH, VOID, XSD

from kg.errors import PactgraphError
from kg.model import Release
from kg.vocab import prefixes
from server import readers
from server.api import queries
from server.negotiate import GRAPHS, choose, ranked
from server.pool import Ask, Pool

blueprint = Blueprint("describe", __name__)
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
_RDF = ("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD")
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
)  # fmt: skip
_WRITERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
_JSON = "application/sparql-results+json"
_FORMS = {"SELECT": SH.select, "CONSTRUCT": SH.construct, "ASK": SH.ask}
_KINDS = {
    "SELECT": SH.SPARQLSelectExecutable,
    "CONSTRUCT": SH.SPARQLConstructExecutable,
    "ASK": SH.SPARQLAskExecutable,
}
_CLASSES = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class"
_PROPERTIES = "SELECT ?property (COUNT(*) AS ?n) { ?s ?property ?o } GROUP BY ?property"
_USES = (
    "SELECT ?class ?property (COUNT(*) AS ?n) { ?s a ?class ; ?property ?o }"
    " GROUP BY ?class ?property"
)
_GRAPHS = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


def service_description() -> Response:
    """Answer with the description of the endpoint, in the RDF format asked for."""
    graph = _graph()
    endpoint = URIRef(url_for("sparql.sparql", _external=True))
    settings = current_app.extensions["settings"]
    service, dataset, default = BNode(), URIRef(_void() + "#dataset"), BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, endpoint))
    for language in (SD.SPARQL11Query, SD.SPARQL11Update):
        graph.add((service, SD.supportedLanguage, language))
    for name in (*_RESULTS, *_RDF):
        graph.add((service, SD.resultFormat, FORMATS[name]))
    for name in _RDF:
        graph.add((service, SD.inputFormat, FORMATS[name]))
    graph.add((service, SD.feature, SD.EmptyGraphs))
    if settings.remote_allow:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    if settings.union_default_graph:
        graph.add((service, SD.feature, SD.UnionDefaultGraph))
        words = "The default graph of an update is the unnamed graph, not the union of all graphs."
        graph.add((service, RDFS.comment, Literal(words, lang="en")))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, RDFS.seeAlso, URIRef(_void())))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    _declare(graph, service)
    _named_queries(graph, endpoint, service)
    return _write(graph)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Answer with the VoID description of the release."""
    graph = _graph()
    settings, asked = current_app.extensions["settings"], readers.pool()
    release: Release | None = asked.release
    dataset = URIRef(request.base_url + "#dataset")
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, DCTERMS.title, Literal(settings.title)))
    graph.add((dataset, FOAF.homepage, URIRef(request.url_root)))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(url_for("sparql.sparql", _external=True))))
    graph.add((dataset, VOID.uriSpace, Literal(settings.base)))
    graph.add((dataset, VOID.dataDump, URIRef(url_for("graphs.read", _external=True))))
    if settings.license.startswith(("http://", "https://")):
        graph.add((dataset, DCTERMS.license, URIRef(settings.license)))
    elif settings.license:
        graph.add((dataset, DCTERMS.rights, Literal(settings.license)))
    if release is not None:
        graph.add((dataset, DCTERMS.issued, Literal(release.created, datatype=XSD.dateTime)))
        _statistics(graph, dataset, asked, release)
    _declare(graph, dataset)
    return _write(graph)


def _statistics(graph: Graph, dataset: URIRef, pool: Pool, release: Release) -> None:
    """Add partitions by class and property; counted once a release, left out where too slow."""
    known = current_app.extensions.setdefault("void", {})
    key = (release.number, release.created)
    if key not in known:
        try:
            rows = {name: _rows(pool, name) for name in (_CLASSES, _PROPERTIES, _USES, _GRAPHS)}
        except PactgraphError as error:
            words = f"Counts by class and property are left out: {error}"
            graph.add((dataset, RDFS.comment, Literal(words, lang="en")))
            return
        known.clear()
        known[key] = rows
    rows = known[key]
    graph.add((dataset, VOID.triples, Literal(sum(row["n"] for row in rows[_PROPERTIES]))))
    parts = {}
    for row in rows[_CLASSES]:
        parts[row["class"]] = part = BNode()
        graph.add((dataset, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(row["class"])))
        graph.add((part, VOID.entities, Literal(row["n"])))
    for row in rows[_PROPERTIES]:
        _property(graph, dataset, row)
    for row in rows[_USES]:
        if row["class"] in parts:
            _property(graph, parts[row["class"]], row)
    for row in rows[_GRAPHS]:
        node = BNode()
        graph.add((dataset, SD.namedGraph, node))
        graph.add((node, RDF.type, SD.NamedGraph))
        graph.add((node, SD.name, URIRef(row["graph"])))
        graph.add((node, VOID.triples, Literal(row["n"])))


def _property(graph: Graph, owner: URIRef | BNode, row: dict[str, Any]) -> None:
    part = BNode()
    graph.add((owner, VOID.propertyPartition, part))
    graph.add((part, VOID.property, URIRef(row["property"])))
    graph.add((part, VOID.triples, Literal(row["n"])))


def _rows(pool: Pool, query: str) -> list[dict[str, Any]]:
    """Return the rows of a count: addresses, and numbers as such; blank nodes are left out."""
    union = current_app.extensions["settings"].union_default_graph
    found = ox.parse_query_results(
        pool.ask(Ask(query, (_JSON,), union=union)).content(), format=ox.QueryResultsFormat.JSON
    )
    assert isinstance(found, ox.QuerySolutions)
    names, rows = [variable.value for variable in found.variables], []
    for solution in found:
        row: dict[str, Any] = {}
        for name in names:
            term = solution[name]
            if isinstance(term, ox.Literal):
                row[name] = int(term.value)
            elif isinstance(term, ox.NamedNode):
                row[name] = term.value
        if len(row) == len(names):
            rows.append(row)
    return rows


def _declare(graph: Graph, owner: URIRef | BNode) -> None:
    """Add the prefixes of the project, as SHACL declares them."""
    names = URIRef(_void() + "#prefixes")
    graph.add((owner, SH.prefixes, names))
    for prefix, namespace in prefixes().items():
        node = BNode()
        graph.add((names, SH.declare, node))
        graph.add((node, SH.prefix, Literal(prefix)))
        graph.add((node, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))


def _named_queries(graph: Graph, endpoint: URIRef, service: BNode) -> None:
    """Add the named queries with their texts, as examples to run and to learn from."""
    base = current_app.extensions["settings"].base
    for query in queries().values():
        if query.folder in {"quality", "export"}:
            continue
        text = query.bind({}, base=base)
        form = re.search(r"^\s*(SELECT|CONSTRUCT|ASK)\b", text, re.M)
        if form is None:
            continue
        node = URIRef(f"{request.url_root}queries/{query.name}")
        graph.add((service, DCTERMS.hasPart, node))
        graph.add((node, RDF.type, SH.SPARQLExecutable))
        graph.add((node, RDF.type, _KINDS[form[1]]))
        graph.add((node, RDFS.label, Literal(query.title, lang="en")))
        graph.add((node, RDFS.comment, Literal(query.question, lang="en")))
        graph.add((node, _FORMS[form[1]], Literal(text)))
        graph.add((node, SH.prefixes, URIRef(_void() + "#prefixes")))
        graph.add((node, SDO.target, endpoint))


def _void() -> str:
    return url_for("describe.void", _external=True)


def _graph() -> Graph:
    graph = Graph()
    for prefix, namespace in (("sd", SD), ("void", VOID), ("sh", SH), ("dcterms", DCTERMS)):
        graph.bind(prefix, namespace)
    return graph


def _write(graph: Graph) -> Response:
    offered = {k: v for k, v in GRAPHS.items() if k in _WRITERS}
    kind = choose(list(ranked(request.headers.get("Accept", ""))), offered) or "text/turtle"
    body = graph.serialize(format=_WRITERS[kind], encoding="utf-8")
    return Response(body, mimetype=kind, headers={"Vary": "Accept"})
