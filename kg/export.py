"""The graph for other tools: one function a format, from an open store to bytes.

RDF formats hold everything. Property-graph formats hold the projection of `kg.project`: facts,
and claims that are no facts as edges that name their modality.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.errors import InputError, UnknownName
from kg.store import canonical_lines, canonical_quads
from kg.tables import ILLEGAL_IN_XML, claims_csv, graphml, neo4j
from kg.viewers import cyjs, gexf, parquet
from kg.vocab import prefixes

_LOCAL_NAME = re.compile(r"[^\W\d][\w.\-·]*\Z")
Writer = Callable[[ox.Store, BinaryIO], None]


@dataclass(frozen=True)
class Format:
    """How the graph is written in one format; `rdf` tells whether nothing is lost."""

    write: Writer
    ending: str
    media_type: str
    about: str
    rdf: bool = True


def export(store: ox.Store, name: str, out: Path | BinaryIO) -> None:
    """Write the whole graph to a file in a format of FORMATS; a file appears when it is whole.

    Raises UnknownName for another format, InputError where a format cannot hold the graph or
    the file cannot be written.
    """
    form = find(name)
    if not isinstance(out, Path):
        form.write(store, out)
        return
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("wb") as handle:
            form.write(store, handle)
        beside.replace(out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror or error})") from error
    finally:
        beside.unlink(missing_ok=True)


def find(name: str) -> Format:
    """Return a format by its name or file ending; raises UnknownName with the known ones."""
    for key, form in FORMATS.items():
        if name.lower().lstrip(".") in (key, form.ending):
            return form
    raise UnknownName(f"there is no export format {name!r}; choose from {', '.join(FORMATS)}")


def _rdf(form: ox.RdfFormat) -> Writer:
    def write(store: ox.Store, out: BinaryIO) -> None:
        if form.supports_datasets:
            ox.serialize(_by_graph(store), out, format=form, prefixes=prefixes())
        else:
            ox.serialize(_triples(canonical_quads(store)), out, format=form, prefixes=prefixes())

    return write


def _by_graph(store: ox.Store) -> list[ox.Quad]:
    """Return all quads, graph by graph."""
    return sorted(canonical_quads(store), key=lambda quad: str(quad.graph_name))


def _triples(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Return the union of all graphs, sorted, each statement once."""
    return sorted({quad.triple for quad in quads}, key=str)


def _nquads(store: ox.Store, out: BinaryIO) -> None:
    """Write canonical N-Quads: the same graph gives the same bytes."""
    for line in canonical_lines(store):
        out.write(line.encode())


def _rdfxml(store: ox.Store, out: BinaryIO) -> None:
    """Write RDF/XML; control characters that XML cannot hold are left out."""
    triples = _triples(canonical_quads(store))
    for triple in triples:
        iri = triple.predicate.value
        if not _LOCAL_NAME.search(iri):
            raise InputError(f"RDF/XML cannot name the property <{iri}>; use turtle or jsonld")
    rows = (_without_control(t) for t in triples)
    ox.serialize(rows, out, format=ox.RdfFormat.RDF_XML, prefixes=prefixes())


def _without_control(triple: ox.Triple) -> ox.Triple:
    node = triple.object
    if not isinstance(node, ox.Literal) or not ILLEGAL_IN_XML.search(node.value):
        return triple
    text = ILLEGAL_IN_XML.sub("", node.value)
    literal = (
        ox.Literal(text, language=node.language)
        if node.language
        else ox.Literal(text, datatype=node.datatype)
    )
    return ox.Triple(triple.subject, triple.predicate, literal)


def _jsonld(store: ox.Store, out: BinaryIO) -> None:
    """Write JSON-LD 1.1 with the project's prefixes as its context, one named graph a part."""
    quads = _by_graph(store)
    expanded = json.loads(ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b"[]")
    # An address that begins like a prefixed name would be read as one.
    schemes = {iri.partition(":")[0] for quad in quads for iri in _iris(quad)}
    names = {name: iri for name, iri in prefixes().items() if name not in schemes}
    shorter = _Compact(names)
    document = {"@context": names, "@graph": [shorter.value(node) for node in expanded]}
    out.write(json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def _iris(quad: ox.Quad) -> Iterable[str]:
    for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(node, ox.NamedNode):
            yield node.value
        elif isinstance(node, ox.Literal):
            yield node.datatype.value


class _Compact:
    """Shortens the IRIs of expanded JSON-LD by prefixes; the longest namespace wins."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = sorted(names.items(), key=lambda item: -len(item[1]))
        self.known: dict[str, str] = {}

    def value(self, node: Any) -> Any:
        """Return a value with its keys, ids and types shortened."""
        if isinstance(node, list):
            return [self.value(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {self.iri(key): self._entry(key, value) for key, value in node.items()}

    def _entry(self, key: str, value: Any) -> Any:
        if key in ("@id", "@type"):
            return list(map(self.iri, value)) if isinstance(value, list) else self.iri(value)
        if key in ("@value", "@language"):
            return value
        shorter = self.value(value)
        single = isinstance(shorter, list) and len(shorter) == 1 and not key.startswith("@")
        return shorter[0] if single else shorter

    def iri(self, iri: str) -> str:
        """Return a prefixed name, or the IRI where there is none that reads back as it."""
        if iri not in self.known:
            self.known[iri] = next(
                (
                    f"{name}:{iri[len(space) :]}"
                    for name, space in self.names
                    if iri.startswith(space) and not iri[len(space) :].startswith("//")
                ),
                iri,
            )
        return self.known[iri]


FORMATS: dict[str, Format] = {
    "turtle": Format(_rdf(ox.RdfFormat.TURTLE), "ttl", "text/turtle", "RDF, all graphs as one"),
    "trig": Format(_rdf(ox.RdfFormat.TRIG), "trig", "application/trig", "RDF with named graphs"),
    "nquads": Format(_nquads, "nq", "application/n-quads", "RDF with named graphs, canonical"),
    "ntriples": Format(
        _rdf(ox.RdfFormat.N_TRIPLES), "nt", "application/n-triples", "RDF, all graphs as one"
    ),
    "jsonld": Format(_jsonld, "jsonld", "application/ld+json", "RDF with named graphs"),
    "rdfxml": Format(_rdfxml, "rdf", "application/rdf+xml", "RDF, all graphs as one"),
    "graphml": Format(
        graphml, "graphml", "application/graphml+xml", "property graph for yEd, Gephi, …", False
    ),
    "gexf": Format(gexf, "gexf", "application/gexf+xml", "property graph for Gephi", False),
    "cyjs": Format(
        cyjs, "cyjs", "application/json", "property graph for Cytoscape and Cytoscape.js", False
    ),
    "parquet": Format(
        parquet, "parquet.zip", "application/zip", "property graph: two tables of columns", False
    ),
    "neo4j-csv": Format(
        neo4j, "zip", "application/zip", "property graph: two tables for bulk import", False
    ),
    "claims-csv": Format(
        claims_csv, "csv", "text/csv", "one row for each claim and piece of evidence", False
    ),
}
