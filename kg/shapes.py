"""SHACL shapes of `ontology/shapes` over a store, by pySHACL.

pySHACL reads rdflib graphs. The nodes under check are copied into one in batches, with what the
shapes look at around them, so that memory and time follow the number of nodes checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

import pyoxigraph as ox
import rdflib

from kg.resources import data_dir
from kg.vocab import PG, RDF, RDFS, SH, XSD, shorten

_BATCH = 2_000
_TYPE = ox.NamedNode(RDF + "type")
_SH = rdflib.Namespace(SH)
# Chains that a shape follows beyond the statements of the node itself.
_CHAINS = tuple(ox.NamedNode(iri) for iri in (RDFS + "subClassOf", PG + "subtopicOf"))


@dataclass(frozen=True)
class Violation:
    """A node that breaks a shape; `path` and `value` where the shape is about a property."""

    node: str
    message: str
    blocks: bool
    path: str = ""
    value: str = ""
    detail: str = ""


@dataclass(frozen=True)
class _Aim:
    """Whom a shape is for: instances of classes, and subjects of properties."""

    shape: rdflib.term.Node
    classes: frozenset[rdflib.term.Node]
    properties: frozenset[rdflib.term.Node]


@cache
def shapes() -> rdflib.Graph:
    """Return all shapes as one graph."""
    graph = rdflib.Graph()
    for path in sorted((data_dir("ontology") / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


@cache
def number_of_shapes() -> int:
    """Return how many named shapes have a target."""
    return sum(isinstance(aim.shape, rdflib.URIRef) for aim in _aims())


@cache
def _aims() -> tuple[_Aim, ...]:
    """Return all shapes with a target, and the property shapes in them as shapes of their own.

    A node has a shape if it has all property shapes of it, so that nothing changes but the time:
    pySHACL looks at nested shapes value by value, at others for all nodes at once.
    """
    graph = shapes()
    found = {s for p in (_SH.targetClass, _SH.targetSubjectsOf) for s in graph.subjects(p)}
    aims = []
    for shape in sorted(found, key=str):
        classes = frozenset(graph.objects(shape, _SH.targetClass))
        properties = frozenset(graph.objects(shape, _SH.targetSubjectsOf))
        for part in (shape, *graph.objects(shape, _SH.property)):
            aims.append(_Aim(part, classes, properties))
    return tuple(aims)


@cache
def _without_targets() -> rdflib.Graph:
    """Return the shapes that pySHACL is to check, without targets and nesting.

    It parses a SPARQL constraint anew for every node, so these are asked of the store instead.
    """
    left_out = {_SH.targetClass, _SH.targetSubjectsOf, _SH.sparql, _SH.select, _SH.property}
    named = {aim.shape for aim in _aims()}
    graph = rdflib.Graph()
    for subject, predicate, value in shapes():
        nested = predicate == _SH.property and subject not in named
        if nested or predicate not in left_out:
            graph.add((subject, predicate, value))
    return graph


def violations(
    store: ox.Store,
    graphs: set[ox.NamedNode | ox.BlankNode],
    ask: Callable[[str], ox.QuerySolutions],
    changed: set[str] | None,
) -> Iterator[Violation]:
    """Yield what breaks shapes among the nodes that changed, or among all (None).

    Only the statements of `graphs` count; `ask` answers a query over them.
    """
    nodes = iter(sorted(_subjects(store, graphs) if changed is None else changed))
    while batch := list(islice(nodes, _BATCH)):
        yield from _validate(_around(store, graphs, batch), batch)
        yield from _asked(ask, batch)


def _subjects(store: ox.Store, graphs: Iterable[ox.NamedNode | ox.BlankNode]) -> set[str]:
    return {
        quad.subject.value
        for graph in graphs
        for quad in store.quads_for_pattern(None, None, None, graph)
        if isinstance(quad.subject, ox.NamedNode)
    }


def _around(
    store: ox.Store, graphs: set[ox.NamedNode | ox.BlankNode], nodes: Iterable[str]
) -> rdflib.Graph:
    """Return the statements of nodes, the classes of what these lead to, and what lies above."""
    graph = rdflib.Graph()
    near: set[ox.NamedNode] = set()
    above: list[ox.NamedNode] = []

    def take(quads: Iterable[ox.Quad]) -> Iterator[ox.NamedNode]:
        for quad in quads:
            if quad.graph_name in graphs:
                graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
                if isinstance(quad.object, ox.NamedNode):
                    yield quad.object

    for node in map(ox.NamedNode, nodes):
        near.update(take(store.quads_for_pattern(node, None, None)))
        above.append(node)
    for node in near:
        above += take(store.quads_for_pattern(node, _TYPE, None))
    seen = set(above)
    while above:
        node = above.pop()
        for chain in _CHAINS:
            for higher in take(store.quads_for_pattern(node, chain, None)):
                if higher not in seen:
                    seen.add(higher)
                    above.append(higher)
    return graph


@lru_cache(maxsize=100_000)
def _term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
    match node:
        case ox.NamedNode():
            return rdflib.URIRef(node.value)
        case ox.BlankNode():
            return rdflib.BNode(node.value)
        case ox.Literal() if node.language:
            return rdflib.Literal(node.value, lang=node.language)
        case ox.Literal() if node.datatype.value != XSD + "string":
            datatype = rdflib.URIRef(node.datatype.value)
            return rdflib.Literal(node.value, datatype=datatype, normalize=False)
    return rdflib.Literal(str(getattr(node, "value", node)))


def _validate(data: rdflib.Graph, nodes: Iterable[str]) -> Iterator[Violation]:
    import pyshacl

    # The option `focus_nodes` of pySHACL passes over nested shapes; explicit targets do not.
    aimed = rdflib.Graph()
    for triple in _targets(data, nodes):
        aimed.add(triple)
    if not aimed:
        return
    aimed += _without_targets()
    _, found, _ = pyshacl.validate(data, shacl_graph=aimed, inplace=True)
    assert isinstance(found, rdflib.Graph)
    results = found.subjects(rdflib.RDF.type, _SH.ValidationResult)
    yield from sorted(
        {_violation(found, result) for result in results}, key=lambda v: (v.node, v.message)
    )


def _targets(
    data: rdflib.Graph, nodes: Iterable[str]
) -> Iterator[tuple[rdflib.term.Node, rdflib.URIRef, rdflib.URIRef]]:
    """Yield `shape sh:targetNode node` for each node that a shape is for."""
    for node in map(rdflib.URIRef, nodes):
        types: set[rdflib.term.Node | None] = set()
        for cls in data.objects(node, rdflib.RDF.type):
            types.update(data.transitive_objects(cls, rdflib.RDFS.subClassOf))
        used = set(data.predicates(node))
        for aim in _aims():
            if aim.classes & types or aim.properties & used:
                yield aim.shape, _SH.targetNode, node


def _asked(ask: Callable[[str], ox.QuerySolutions], nodes: Iterable[str]) -> Iterator[Violation]:
    """Yield the solutions of SPARQL constraints (SHACL 5): each is a node that breaks one."""
    values = " ".join(f"<{node}>" for node in nodes)
    graph = shapes()
    for aim in _aims():
        for constraint in graph.objects(aim.shape, _SH.sparql):
            text = str(graph.value(constraint, _SH.select))
            classes = ", ".join(f"<{cls}>" for cls in sorted(map(str, aim.classes)))
            scope = f"VALUES ?this {{ {values} }} ?this a ?shapeTarget ."
            scope += f" FILTER(?shapeTarget IN ({classes}))"
            head, where, pattern = text.replace("$this", "?this").partition("WHERE {")
            blocks = graph.value(aim.shape, _SH.severity) != _SH.Warning
            message = str(graph.value(aim.shape, _SH.message))
            for row in ask(f"{head} {where} {scope} {pattern}"):
                this = row["this"]
                if isinstance(this, ox.NamedNode):
                    yield Violation(this.value, message, blocks)


def _violation(found: rdflib.Graph, result: rdflib.term.Node) -> Violation:
    def get(name: str) -> str:
        value = found.value(result, _SH[name])
        return "" if value is None or isinstance(value, rdflib.BNode) else str(value)

    path, value = get("resultPath"), get("value")
    detail = ", ".join(shorten(part) for part in (path, value[:120]) if part)
    blocks = get("resultSeverity") == str(_SH.Violation)
    message = get("resultMessage") or f"breaks {shorten(get('sourceShape'))}"
    return Violation(get("focusNode"), message, blocks, path, value, detail)
