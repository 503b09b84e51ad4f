"""What the ontology says, as plain values: terms, domains, ranges, disjointness.

Everything is read from `ontology/` once; nothing here knows a term by name. Names are local
names of the `pg:` namespace (`Signing`, `party`) unless they say otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import pyoxigraph as ox

from kg.resources import data_dir
from kg.vocab import PG, RDF, RDFS, SH, ontology_quads, prefixes, shorten, superclasses

OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
_NIL = RDF + "nil"
Kind = Literal["class", "object property", "datatype property", "annotation property"]
_KINDS: dict[str, Kind] = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
}


@dataclass(frozen=True)
class Term:
    """A class or property of the ontology; `parents` and the ends are IRIs."""

    name: str
    kind: Kind
    label: str
    definition: str
    example: str = ""
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    domain: str = ""
    range: str = ""
    inverse_label: str = ""
    characteristics: tuple[str, ...] = ()


@cache
def ontology() -> ox.Store:
    """Return the ontology and its vocabularies in the default graph of a store."""
    store = ox.Store()
    store.extend(ontology_quads())
    return store


@cache
def terms() -> dict[str, Term]:
    """Return name → term for every class and property of the `pg:` namespace, by name."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ontology_quads():
        subject = getattr(quad.subject, "value", "")
        if subject.startswith(PG) and not isinstance(quad.object, ox.BlankNode | ox.Triple):
            rows[subject[len(PG) :]][quad.predicate.value].append(quad.object.value)
    return {name: term for name in sorted(rows) for term in _term(name, rows[name])}


def _term(name: str, row: dict[str, list[str]]) -> Iterator[Term]:
    types = row[RDF + "type"]
    for kind in (_KINDS[iri] for iri in types if iri in _KINDS):
        yield Term(
            name,
            kind,
            label="".join(row[RDFS + "label"][:1]),
            definition="".join(row[SKOS + "definition"][:1]),
            example="".join(row["http://purl.org/vocab/vann/example"][:1]),
            sources=tuple(row["http://purl.org/dc/terms/source"]),
            notes=(*row[SKOS + "scopeNote"], *row[SKOS + "editorialNote"]),
            parents=(*row[RDFS + "subClassOf"], *row[RDFS + "subPropertyOf"]),
            domain="".join(row[RDFS + "domain"][:1]),
            range="".join(row[RDFS + "range"][:1]),
            inverse_label="".join(row[PG + "inverseLabel"][:1]),
            characteristics=tuple(iri[len(OWL) :] for iri in types if iri not in _KINDS),
        )


def listed(head: ox.NamedNode | ox.BlankNode) -> list[str]:
    """Return the IRIs of an RDF list in the ontology."""
    found: list[str] = []
    while getattr(head, "value", "") != _NIL:
        row = {q.predicate.value: q.object for q in ontology().quads_for_pattern(head, None, None)}
        found.append(getattr(row[RDF + "first"], "value", ""))
        head = row[RDF + "rest"]  # type: ignore[assignment]
    return found


@cache
def _disjoint_pairs() -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for quad in ontology().quads_for_pattern(None, ox.NamedNode(OWL + "members"), None):
        names = [iri.removeprefix(PG) for iri in listed(quad.object)]  # type: ignore[arg-type]
        pairs |= {(a, b) for a in names for b in names if a != b}
    for quad in ontology().quads_for_pattern(None, ox.NamedNode(OWL + "disjointWith"), None):
        a = getattr(quad.subject, "value", "").removeprefix(PG)
        b = getattr(quad.object, "value", "").removeprefix(PG)
        pairs |= {(a, b), (b, a)}
    return frozenset(pairs)


@cache
def disjoint(a: str, b: str) -> bool:
    """Tell whether nothing can be of both classes, by disjointness of them or their parents."""
    return any(
        (x, y) in _disjoint_pairs()
        for x in (a, *superclasses().get(a, ()))
        for y in (b, *superclasses().get(b, ()))
    )


@cache
def ends(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes that a property's subjects and objects have, its parents' included."""
    term = terms()[name]
    domains, ranges = [term.domain], [term.range]
    for parent in term.parents:
        if parent.startswith(PG):
            above = ends(parent[len(PG) :])
            domains += above[0]
            ranges += above[1]
    return tuple(_pg(domains)), tuple(_pg(ranges))


def _pg(iris: list[str]) -> Iterator[str]:
    # Names come back from the recursion without their namespace, IRIs from the term with it.
    for iri in dict.fromkeys(iris):
        if iri.startswith(PG) or (iri and ":" not in iri):
            yield iri.removeprefix(PG)


@cache
def shapes() -> ox.Store:
    """Return all shapes in the default graph of a store."""
    store = ox.Store()
    for path in sorted((data_dir("ontology") / "shapes").glob("*.ttl")):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


@cache
def single_valued() -> frozenset[str]:
    """Return the properties of which shapes allow a thing one value, where two are a clash."""
    return frozenset(
        name for name, _ in _paths("sh:maxCount 1 ; sh:severity sh:Warning", "sh:path")
    )


@cache
def datatypes() -> dict[str, str]:
    """Return property → prefixed datatype, from the shapes: OWL 2 does not know xsd:date."""
    return dict(_paths("sh:path ?any", "sh:datatype"))


def _paths(pattern: str, value: str) -> Iterator[tuple[str, str]]:
    rows = shapes().query(
        f"PREFIX sh: <{SH}> SELECT DISTINCT ?path ?value "
        f"{{ ?shape sh:path ?path ; {pattern} ; {value} ?value FILTER(isIRI(?path)) }}"
    )
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        if row["path"].value.startswith(PG):
            yield row["path"].value.removeprefix(PG), shorten(row["value"].value)


def context() -> dict[str, object]:
    """Return the JSON-LD context: prefixes, classes, properties with the type of their values.

    Where a property has the name of a prefix (`status`), the property wins.
    """
    found: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type", **prefixes()}
    for name, term in terms().items():
        if term.kind == "class":
            found[name] = f"pg:{name}"
        elif term.kind == "object property":
            found[name] = {"@id": f"pg:{name}", "@type": "@id"}
        elif term.kind == "datatype property":
            kind = datatypes().get(name) or shorten(term.range)
            found[name] = {"@id": f"pg:{name}", "@type": kind}
    return {"@context": found}
