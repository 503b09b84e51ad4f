"""SHACL shapes of `ontology/shapes` over a store, by pySHACL.

pySHACL reads rdflib graphs. The nodes under check are copied into one in batches, with what the
shapes look at around them, so that memory and time follow the number of nodes checked. Of nodes
that no shape can tell apart one is checked (`kg.alike`), and where it breaks a shape, all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

import pyoxigraph as ox
import rdflib

from kg.alike import Keys
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
    """Whom shapes are for: instances of classes, and subjects of properties.

    `mark` is a property that stands in for this: the nodes under check are given it, and the
    shapes have its subjects as their target.
    """

    classes: frozenset[rdflib.term.Node]
    properties: frozenset[rdflib.term.Node]
    mark: rdflib.URIRef
    shapes: tuple[rdflib.term.Node, ...]


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
    return sum(len(aim.shapes) for aim in _aims())


@cache
def _aims() -> tuple[_Aim, ...]:
    graph = shapes()
    found: dict[tuple[frozenset[rdflib.term.Node], ...], list[rdflib.term.Node]] = {}
    named = {s for p in (_SH.targetClass, _SH.targetSubjectsOf) for s in graph.subjects(p)}
    for shape in sorted(named, key=str):
        classes = frozenset(graph.objects(shape, _SH.targetClass))
        properties = frozenset(graph.objects(shape, _SH.targetSubjectsOf))
        found.setdefault((classes, properties), []).append(shape)
    return tuple(
        _Aim(classes, properties, rdflib.URIRef(f"urn:pactgraph:aim:{number}"), tuple(group))
        for number, ((classes, properties), group) in enumerate(found.items())
    )


@cache
def _prepared() -> rdflib.Graph:
    """Return the shapes as pySHACL is to check them.

    Their targets are marks. Property shapes within a shape become shapes of their own: a node
    has a shape if it has all property shapes in it, and pySHACL looks at nested shapes value by
    value, at others for all nodes at once. SPARQL constraints, which it parses anew for every
    node, are left out and asked of the store.
    """
    left_out = {_SH.targetClass, _SH.targetSubjectsOf, _SH.sparql, _SH.select}
    named = {shape for aim in _aims() for shape in aim.shapes}
    graph = rdflib.Graph()
    for subject, predicate, value in shapes():
        taken_apart = predicate == _SH.property and subject in named
        if not taken_apart and predicate not in left_out:
            graph.add((subject, predicate, value))
    for aim in _aims():
        for shape in aim.shapes:
            for part in (shape, *shapes().objects(shape, _SH.property)):
                graph.add((part, _SH.targetSubjectsOf, aim.mark))
    return graph


def violations(
    store: ox.Store,
    graphs: set[ox.NamedNode | ox.BlankNode],
    ask: Callable[[str], ox.QuerySolutions],
    nodes: Iterable[str],
) -> Iterator[Violation]:
    """Yield what breaks shapes among some nodes (IRIs).

    Only the statements of `graphs` count; `ask` answers a query over them.
    """
    nodes = iter(nodes)
    sound: set[bytes] = set()
    while batch := list(islice(nodes, _BATCH)):
        groups = _alike(store, graphs, batch, sound)
        found = _validate(_around(store, graphs, firsts := [g[0] for g in groups.values()]), firsts)
        broken = {violation.node for violation in found}
        sound |= {key for key, group in groups.items() if group[0] not in broken}
        again = [n for group in groups.values() if group[0] in broken for n in group[1:]]
        yield from found
        yield from _validate(_around(store, graphs, again), again)
        yield from _asked(ask, batch)


def _alike(
    store: ox.Store,
    graphs: set[ox.NamedNode | ox.BlankNode],
    nodes: Iterable[str],
    sound: set[bytes],
) -> dict[bytes, list[str]]:
    """Return groups of nodes that shapes cannot tell apart, by key, without those that are sound.

    A key is sound where a node that has it breaks no shape.
    """

    @cache
    def types(node: rdflib.term.Node) -> str:
        if not isinstance(node, rdflib.URIRef):
            return str(node)
        quads = store.quads_for_pattern(ox.NamedNode(node), _TYPE, None)
        found = {str(q.object) for q in quads if q.graph_name in graphs}
        return " ".join(sorted(found))

    groups: dict[bytes, list[str]] = {}
    for node in nodes:
        quads = store.quads_for_pattern(ox.NamedNode(node), None, None)
        own = ((_term(q.predicate), _term(q.object)) for q in quads if q.graph_name in graphs)
        key = _keys().key(node, own, types)
        if key not in sound:
            groups.setdefault(key, []).append(node)
    return groups


@cache
def _keys() -> Keys:
    return Keys(shapes())


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
        above += [node, *take(store.quads_for_pattern(node, _TYPE, None))]
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


@lru_cache(maxsize=20_000)
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


def _validate(data: rdflib.Graph, nodes: Iterable[str]) -> list[Violation]:
    import pyshacl

    # The option `focus_nodes` of pySHACL passes over nested shapes; marks do not.
    if not _mark(data, nodes):
        return []
    _, found, _ = pyshacl.validate(data, shacl_graph=_prepared(), inplace=True)
    assert isinstance(found, rdflib.Graph)
    results = found.subjects(rdflib.RDF.type, _SH.ValidationResult)
    return sorted(
        {_violation(found, result) for result in results}, key=lambda v: (v.node, v.message)
    )


def _mark(data: rdflib.Graph, nodes: Iterable[str]) -> int:
    """Mark each node that shapes are for, and return the number of marks."""

    @cache
    def above(cls: rdflib.term.Node) -> frozenset[rdflib.term.Node | None]:
        return frozenset(data.transitive_objects(cls, rdflib.RDFS.subClassOf))

    number = 0
    for node in map(rdflib.URIRef, nodes):
        types = frozenset().union(*map(above, data.objects(node, rdflib.RDF.type)))
        used = set(data.predicates(node))
        for aim in _aims():
            if aim.classes & types or aim.properties & used:
                data.add((node, aim.mark, rdflib.RDF.nil))
                number += 1
    return number


def _asked(ask: Callable[[str], ox.QuerySolutions], nodes: Iterable[str]) -> Iterator[Violation]:
    """Yield the solutions of SPARQL constraints (SHACL 5): each is a node that breaks one."""
    values = " ".join(f"<{node}>" for node in nodes)
    graph = shapes()
    for aim in _aims():
        classes = ", ".join(f"<{cls}>" for cls in sorted(map(str, aim.classes)))
        scope = f"VALUES ?this {{ {values} }} ?this a ?shapeTarget ."
        scope += f" FILTER(?shapeTarget IN ({classes}))"
        for shape in aim.shapes:
            blocks = graph.value(shape, _SH.severity) != _SH.Warning
            message = str(graph.value(shape, _SH.message))
            for constraint in graph.objects(shape, _SH.sparql):
                text = str(graph.value(constraint, _SH.select)).replace("$this", "?this")
                head, where, pattern = text.partition("WHERE {")
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
