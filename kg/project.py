"""RDF to nodes and edges: the one projection that all property-graph formats are written from.

Nodes are the things, documents and concepts that facts or claims speak of. A fact with a value is
a property of its node; a fact between two things is an edge. A claim that is no fact is an edge
of its own, whose name carries its modality (`party (planned)`), so that no tool that looks at
names only takes a promise for a deed; its value, if it has one, becomes a node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.catalog import load
from kg.vocab import PG, RDF, RDFS, digest, shorten, superclasses

Row = Mapping[str, str]
# The stronger modality comes first; a node has the strongest of the claims that speak of it.
STRENGTH = ("actual", "planned", "expected", "desired", "possible", "negated")
_SHOWN = 20  # documents and quotes listed on one edge; `documents` counts all


@dataclass
class Node:
    """A thing; `type` is its narrowest class, `modality` the strongest that is said of it."""

    id: str
    label: str
    type: str = ""
    types: tuple[str, ...] = ()
    modality: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """Which documents state something, and in which words; at most twenty of each are listed."""

    documents: int = 0
    titles: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A statement between two nodes; `fact` tells whether it is accepted or inferred.

    `name` is the property, with the modality in brackets where it is no fact.
    """

    id: str
    source: str
    target: str
    property: str
    name: str
    fact: bool
    modality: str
    origin: str  # facts, inferred, curated, document or claim
    sources: Sources = Sources()
    speaker: str = ""
    said: str = ""
    since: str = ""
    confidence: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class PropertyGraph:
    """Nodes by id, and edges, both in a fixed order."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]


def rows(store: ox.Store, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a query of `queries/export` as text; an unbound name is missing.

    `name:kind` is `literal` or `iri` for every bound name that can be either.
    """
    found = store.query(load()[name].bind(), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    for solution in found:
        row: dict[str, str] = {}
        for column in names:
            node = solution[column]
            if isinstance(node, ox.Literal | ox.NamedNode | ox.BlankNode):
                row[column] = node.value
            if column == "object":
                row["object:kind"] = "literal" if isinstance(node, ox.Literal) else "iri"
        yield row


def project(store: ox.Store) -> PropertyGraph:
    """Return the nodes and edges of a release."""
    return _Projection(store).graph()


class _Projection:
    def __init__(self, store: ox.Store) -> None:
        self.known: dict[str, Node] = _things(rows(store, "export-things"))
        self.facts = list(rows(store, "export-facts"))
        self.held = {_triple(row) for row in self.facts}
        self.claims: dict[str, list[Row]] = defaultdict(list)
        for row in rows(store, "export-claims"):
            self.claims[row["claim"]].append(row)
        self.nodes: dict[str, Node] = {}

    def graph(self) -> PropertyGraph:
        """Put the parts together."""
        accepted = self._accepted()
        edges = [edge for row in self.facts for edge in self._fact(row, accepted)]
        edges += [edge for key in sorted(self.claims) for edge in self._claim(self.claims[key])]
        self._modalities()
        for node in self.nodes.values():
            node.values = {k: sorted(set(v)) for k, v in sorted(node.values.items())}
        return PropertyGraph(
            dict(sorted(self.nodes.items())), tuple(sorted(edges, key=lambda edge: edge.id))
        )

    def _accepted(self) -> dict[tuple[str, str, str], list[Row]]:
        """Return fact → the evidence of the claims that it rests on."""
        found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for evidence in self.claims.values():
            if _accepted(evidence[0]):
                found[_triple(evidence[0])] += evidence
        return found

    def _fact(self, row: Row, accepted: Mapping[tuple[str, str, str], list[Row]]) -> Iterator[Edge]:
        node = self._node(row["subject"])
        name = _name(row["predicate"])
        if row["object:kind"] == "literal":
            node.values.setdefault(name, []).append(row["object"])
            return
        evidence = accepted.get(_triple(row), [])
        yield Edge(
            digest(*_triple(row)),
            node.id,
            self._node(row["object"]).id,
            shorten(row["predicate"]),
            name,
            True,
            "actual",
            row["origin"],
            _sources(evidence),
            confidence=max((float(e["confidence"]) for e in evidence), default=None),
        )

    def _claim(self, evidence: list[Row]) -> Iterator[Edge]:
        row = evidence[0]
        modality = _name(row["modality"])
        if row["predicate"] == RDF + "type":
            return  # told by the class and the modality of the node
        if _accepted(row):  # a fact, or what a document says of itself
            if _triple(row) not in self.held:
                yield from self._fact({**row, "origin": "document"}, {_triple(row): evidence})
            return
        name = _name(row["predicate"])
        yield Edge(
            _name(row["claim"]),
            self._node(row["subject"]).id,
            self._end(row).id,
            shorten(row["predicate"]),
            f"{name} ({'claimed' if modality == 'actual' else modality})",
            False,
            modality,
            "claim",
            _sources(evidence),
            speaker=self._label(row.get("speaker", "")),
            said=row.get("said", ""),
            since=row.get("asOf", ""),
            confidence=float(row["confidence"]),
            reason=row.get("reason", ""),
        )

    def _modalities(self) -> None:
        """Give each node the strongest modality of the claims about it, else of those with it."""
        about: dict[str, set[str]] = defaultdict(set)
        naming: dict[str, set[str]] = defaultdict(set)
        for evidence in self.claims.values():
            modality = _name(evidence[0]["modality"])
            about[evidence[0]["subject"]].add(modality)
            naming[evidence[0]["object"]].add(modality)
        held = {row[end] for row in self.facts for end in ("subject", "object")}
        for node in self.nodes.values():
            said = about.get(node.id) or naming.get(node.id) or set()
            known = node.id in held
            node.modality = "actual" if known else next((m for m in STRENGTH if m in said), "")

    def _end(self, row: Row) -> Node:
        if row["object:kind"] == "iri":
            return self._node(row["object"])
        key = f"value:{digest(row['object'])}"
        return self.nodes.setdefault(key, Node(key, row["object"], "Value", ("Value",)))

    def _node(self, iri: str) -> Node:
        if iri not in self.nodes:
            self.nodes[iri] = self.known.get(iri) or Node(iri, _name(iri))
        return self.nodes[iri]

    def _label(self, iri: str) -> str:
        return self.known[iri].label if iri in self.known else iri


def _things(found: Iterable[Row]) -> dict[str, Node]:
    labels: dict[str, set[str]] = defaultdict(set)
    classes: dict[str, set[str]] = defaultdict(set)
    for row in found:
        labels[row["thing"]] |= {row["label"]} if "label" in row else set()
        classes[row["thing"]] |= {_name(row["class"])} if "class" in row else set()
    nodes = {}
    for iri in classes:
        types = _narrowest_first(classes[iri])
        label = min(labels[iri], default=_name(iri))
        nodes[iri] = Node(iri, label, types[0] if types else "", types)
    return nodes


def _narrowest_first(classes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(classes, key=lambda name: (-len(superclasses().get(name, ())), name)))


def _accepted(row: Row) -> bool:
    """Tell whether a claim is a fact."""
    return row["modality"].endswith("/actual") and "reason" not in row


def _triple(row: Row) -> tuple[str, str, str]:
    return row["subject"], row["predicate"], row["object"]


def _sources(evidence: Sequence[Row]) -> Sources:
    titles = {e["document"]: e.get("title", e["document"]) for e in evidence}
    quotes = dict.fromkeys(e["quote"] for e in evidence)
    shown = sorted(titles.values())[:_SHOWN]
    return Sources(len(titles), tuple(shown), tuple(list(quotes)[:_SHOWN]))


def _name(iri: str) -> str:
    """Return the last part of an address; terms of other vocabularies keep their prefix."""
    if iri.startswith(PG):
        return iri[len(PG) :]
    if iri.startswith((RDF, RDFS)):
        return shorten(iri)
    return iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1] or iri
