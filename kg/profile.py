"""Is an ontology OWL 2 DL, and within the RL profile? Checks the RDF form against the two specs.

Rules from "OWL 2 Structural Specification" (sections 3, 5, 9 and 11) and "OWL 2 Profiles"
(section 4). Every triple has to be part of a header, declaration, axiom, annotation or
assertion; what fits none of them is named. Stricter than the specs in one point: blank nodes
stand for class expressions, inverses, lists and axioms only, never for individuals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.vocab import shorten

_BUILTIN = (str(RDF), str(RDFS), str(OWL), str(XSD))
_ANNOTATIONS = {
    RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated,
    OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith,
}  # fmt: skip
_HEADER = {OWL.versionIRI, OWL.imports}
_AXIOMS = {
    RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, RDFS.subPropertyOf, RDFS.domain,
    RDFS.range, OWL.disjointUnionOf, OWL.equivalentProperty, OWL.inverseOf,
    OWL.propertyDisjointWith, OWL.hasKey,
    OWL.propertyChainAxiom, OWL.sameAs, OWL.differentFrom,
}  # fmt: skip
_COUNTS = {
    OWL.maxCardinality, OWL.minCardinality, OWL.cardinality, OWL.maxQualifiedCardinality,
    OWL.minQualifiedCardinality, OWL.qualifiedCardinality, OWL.hasSelf,
}  # fmt: skip
_EXPRESSION = _COUNTS | {
    OWL.onProperty, OWL.hasValue, OWL.someValuesFrom, OWL.allValuesFrom, OWL.intersectionOf,
    OWL.unionOf, OWL.oneOf, OWL.complementOf, OWL.onClass,
}  # fmt: skip
_COMPOSITE = "not simple: it is transitive or has a chain"
_LIST = {RDF.first, RDF.rest, OWL.members, OWL.distinctMembers}
_KINDS = {
    OWL.Class: "class", RDFS.Datatype: "datatype", OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "datatype property", OWL.AnnotationProperty: "annotation property",
    OWL.NamedIndividual: "individual", OWL.Ontology: "ontology",
}  # fmt: skip
_TRAITS = {
    OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.SymmetricProperty,
    OWL.AsymmetricProperty, OWL.ReflexiveProperty, OWL.IrreflexiveProperty, OWL.TransitiveProperty,
}  # fmt: skip
_NEEDS_SIMPLE = (
    OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
)  # fmt: skip
_STRUCTURES = {OWL.Restriction, OWL.AllDisjointClasses, OWL.AllDifferent, RDF.List}
_NUMBERS = """integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long
    int short byte unsignedLong unsignedInt unsignedShort unsignedByte decimal double float
    string normalizedString token language Name NCName NMTOKEN boolean hexBinary base64Binary
    anyURI dateTime dateTimeStamp"""
DATATYPES = {XSD[name] for name in _NUMBERS.split()} | {
    RDFS.Literal, RDF.XMLLiteral, RDF.PlainLiteral, RDF.langString, OWL.real, OWL.rational,
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Violation:
    """What takes an ontology out of a profile, and the term it is about."""

    profile: str  # "DL" or "RL"; what breaks DL breaks RL
    term: str
    message: str

    def __str__(self) -> str:
        return f"OWL 2 {self.profile}: {self.term}: {self.message}"


def violations(graph: Graph) -> list[Violation]:
    """Return what keeps an ontology out of OWL 2 DL or OWL 2 RL; empty means it is in both."""
    check = _Check(graph)
    dl = {Violation("DL", _name(node), message) for node, message in check.dl()}
    rl = {Violation("RL", _name(node), message) for node, message in check.rl()}
    return sorted(dl) + sorted(rl)


def _name(node: Node) -> str:
    return shorten(str(node)) if isinstance(node, URIRef) else "an anonymous node"


class _Check:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.kinds: dict[Node, set[str]] = defaultdict(set)
        for node, cls in graph.subject_objects(RDF.type):
            if kind := _KINDS.get(URIRef(str(cls))):
                self.kinds[node].add(kind)

    def is_a(self, node: Node, *kinds: str) -> bool:
        return bool(self.kinds[node].intersection(kinds))

    def is_class(self, node: Node) -> bool:
        return self.is_a(node, "class") or node in {OWL.Thing, OWL.Nothing} or self.expression(node)

    def expression(self, node: Node) -> bool:
        typed = (node, RDF.type, OWL.Restriction) in self.graph
        return isinstance(node, BNode) and (typed or self.is_a(node, "class"))

    def property(self, node: Node, *kinds: str) -> bool:
        if isinstance(node, BNode):
            inverse = self.graph.value(node, OWL.inverseOf)
            return inverse is not None and self.is_a(inverse, "object property")
        return self.is_a(node, *(kinds or ("object property", "datatype property")))

    def items(self, head: Node) -> list[Node]:
        return list(Collection(self.graph, head))

    # --- OWL 2 DL -------------------------------------------------------------------------------

    def dl(self) -> Iterator[tuple[Node, str]]:
        for node, kinds in list(self.kinds.items()):
            if isinstance(node, URIRef) and str(node).startswith(_BUILTIN):
                yield node, "a built-in term cannot be declared anew"
            properties = {kind for kind in kinds if kind.endswith("property")}
            if len(properties) > 1:
                yield node, f"is both {' and '.join(sorted(properties))}"
            if {"class", "datatype"} <= kinds:
                yield node, "is both a class and a datatype"
        for triple in self.graph:
            yield from self._triple(*triple)
        yield from self._roles()

    def _triple(self, s: Node, p: Node, o: Node) -> Iterator[tuple[Node, str]]:
        if p == RDF.type:
            yield from self._type(s, o)
        elif p in _AXIOMS:
            yield from self._axiom(s, p, o)
        elif p in _HEADER:
            if not self.is_a(s, "ontology"):
                yield s, f"{_name(p)} belongs to the header of an ontology"
        elif p in _EXPRESSION or p in _LIST:
            yield from self._part(s, p, o)
        elif p not in _ANNOTATIONS and not self.is_a(p, "annotation property"):
            if str(p).startswith(_BUILTIN):
                yield p, "has no meaning in OWL 2 DL where it stands"
            elif not self.property(p):
                yield p, "is used as a property, but not declared as one"
            elif isinstance(s, BNode):
                yield p, "is stated of an anonymous individual"
            elif isinstance(o, Literal) != self.is_a(p, "datatype property"):
                yield p, "is an object property with a literal or a datatype property without"
            elif isinstance(o, Literal) and (o.datatype or XSD.string) not in DATATYPES:
                yield p, f"has a value of {_name(o.datatype or XSD.string)}, unknown to OWL 2"

    def _type(self, s: Node, o: Node) -> Iterator[tuple[Node, str]]:
        if o in _TRAITS:
            if not self.property(s) or (
                o != OWL.FunctionalProperty and not self.property(s, "object property")
            ):
                yield s, f"is {_name(o)}, but no object property"
        elif o not in _KINDS and o not in _STRUCTURES:
            if not self.is_class(o):
                yield o, "is used as a class, but not declared as one"
            elif isinstance(s, BNode):
                yield o, "has an anonymous individual"

    def _axiom(self, s: Node, p: Node, o: Node) -> Iterator[tuple[Node, str]]:
        data = self.is_a(s, "datatype property")
        if p in {RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith}:
            yield from self._need(self.is_class, "class", s, o)
        elif p in {RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith}:
            kinds = [k for k in self.kinds[s] if k.endswith("property")] or ["object property"]
            yield from self._need(lambda node: self.property(node, *kinds), kinds[0], s, o)
        elif p in {RDFS.domain, RDFS.range}:
            yield from self._need(self.property, "property", s)
            if p == RDFS.range and data:
                if o not in DATATYPES and not self.is_a(o, "datatype"):
                    yield s, f"has the range {_name(o)}, unknown to OWL 2"
            else:
                yield from self._need(self.is_class, "class", o)
        elif p == OWL.inverseOf:
            named = [node for node in (s, o) if not isinstance(node, BNode)]
            yield from self._need(
                lambda node: self.property(node, "object property"), "object property", *named
            )
        elif p == OWL.disjointUnionOf:
            yield from self._need(self.is_class, "class", s, *self.items(o))
        elif p in {OWL.propertyChainAxiom, OWL.hasKey}:
            members = self.items(o)
            yield from self._need(self.property, "property", *members)
            if p == OWL.hasKey:
                yield from self._need(self.is_class, "class", s)

    def _need(self, test: object, kind: str, *nodes: Node) -> Iterator[tuple[Node, str]]:
        for node in nodes:
            if not test(node):  # type: ignore[operator]
                yield node, f"is used as {kind}, but not declared as one"

    def _part(self, s: Node, p: Node, o: Node) -> Iterator[tuple[Node, str]]:
        if p == OWL.onProperty:
            yield from self._need(self.property, "property", o)
        elif p in {OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass, OWL.complementOf}:
            if o not in DATATYPES:
                yield from self._need(self.is_class, "class", o)
        elif p in {OWL.intersectionOf, OWL.unionOf} or (
            p == OWL.members and (s, RDF.type, OWL.AllDisjointClasses) in self.graph
        ):
            yield from self._need(self.is_class, "class", *self.items(o))

    def _roles(self) -> Iterator[tuple[Node, str]]:
        composite = set(self.graph.subjects(RDF.type, OWL.TransitiveProperty))
        composite |= set(self.graph.subjects(OWL.propertyChainAxiom, None))
        above: nx.DiGraph[Node] = nx.DiGraph()
        above.add_edges_from(
            (s, o) for s, o in self.graph.subject_objects(RDFS.subPropertyOf) if s != o
        )
        for node in list(composite):
            if node in above:
                composite |= nx.descendants(above, node)
        for trait in _NEEDS_SIMPLE:
            for node in self.graph.subjects(RDF.type, trait):
                if node in composite:
                    yield node, f"is {_name(trait)}, but {_COMPOSITE}"
        for node in composite:
            for restriction in self.graph.subjects(OWL.onProperty, node):
                if _COUNTS.intersection(self.graph.predicates(restriction)):
                    yield node, f"is counted, but {_COMPOSITE}"
        order: nx.DiGraph[Node] = nx.DiGraph()
        order.add_edges_from(above.edges)
        for prop, head in self.graph.subject_objects(OWL.propertyChainAxiom):
            chain = [self._named(node) for node in self.items(head)]
            if chain != [prop, prop]:
                rest = chain[1:] if chain[0] == prop else chain
                rest = rest[:-1] if rest is chain and rest[-1] == prop else rest
                order.add_edges_from((node, prop) for node in rest)
        for cycle in nx.simple_cycles(order):
            chained = [n for n in cycle if (n, OWL.propertyChainAxiom, None) in self.graph]
            if chained:
                yield chained[0], "its chain is not regular: it depends on itself"

    def _named(self, node: Node) -> Node:
        return self.graph.value(node, OWL.inverseOf) or node if isinstance(node, BNode) else node

    # --- OWL 2 RL -------------------------------------------------------------------------------

    def rl(self) -> Iterator[tuple[Node, str]]:
        for s, o in self.graph.subject_objects(RDFS.subClassOf):
            yield from self._below(s)
            yield from self._above(o, s)
        for s, o in self.graph.subject_objects(OWL.equivalentClass):
            for node in (s, o):
                yield from self._below(node)
                yield from self._above(node, s)
        for p in (RDFS.domain, RDFS.range):
            for s, o in self.graph.subject_objects(p):
                if self.is_a(s, "object property") or p == RDFS.domain:
                    yield from self._above(o, s)
                elif o in {OWL.real, OWL.rational}:
                    yield s, f"has the range {_name(o)}, which OWL 2 RL leaves out"
        for s in self.graph.subjects(RDF.type, OWL.ReflexiveProperty):
            yield s, "is reflexive, which OWL 2 RL leaves out"
        for s in self.graph.subjects(OWL.disjointUnionOf, None):
            yield s, "is a disjoint union, which OWL 2 RL leaves out"

    def _below(self, node: Node) -> Iterator[tuple[Node, str]]:
        """Class expressions that may stand on the left of an inclusion."""
        if node == OWL.Thing:
            yield node, "OWL 2 RL has no axioms about all things"
        elif isinstance(node, BNode):
            for part in (OWL.intersectionOf, OWL.unionOf):
                for head in self.graph.objects(node, part):
                    for member in self.items(head):
                        yield from self._below(member)
            allowed = {OWL.someValuesFrom, OWL.hasValue, OWL.intersectionOf, OWL.unionOf, OWL.oneOf}
            yield from self._only(node, allowed, "on the left of an inclusion")

    def _above(self, node: Node, term: Node) -> Iterator[tuple[Node, str]]:
        """Class expressions that may stand on the right of an inclusion."""
        if node == OWL.Thing:
            yield term, "OWL 2 RL has no owl:Thing on the right of an inclusion"
        elif isinstance(node, BNode):
            for head in self.graph.objects(node, OWL.intersectionOf):
                for member in self.items(head):
                    yield from self._above(member, term)
            for value in self.graph.objects(node, OWL.allValuesFrom):
                yield from self._above(value, term)
            for count in self.graph.objects(node, OWL.maxCardinality):
                if int(str(count)) > 1:
                    yield term, "OWL 2 RL counts to one only"
            allowed = {
                OWL.hasValue, OWL.allValuesFrom, OWL.intersectionOf, OWL.complementOf,
                OWL.maxCardinality, OWL.maxQualifiedCardinality,
            }  # fmt: skip
            yield from self._only(node, allowed, "on the right of an inclusion", term)

    def _only(
        self, node: Node, allowed: set[URIRef], where: str, term: Node | None = None
    ) -> Iterator[tuple[Node, str]]:
        used = {p for p in self.graph.predicates(node) if p in _EXPRESSION}
        for p in used - allowed - {OWL.onProperty, OWL.onClass}:
            yield term or node, f"{_name(p)} cannot stand {where} in OWL 2 RL"
