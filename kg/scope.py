"""What is under check: all of a store or what changed, read from the project's own graphs only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from kg.model import Finding
from kg.store import OWN, is_document_graph
from kg.vocab import PG, RDF, Iris, shorten

LIMIT = 100  # findings listed of one check; the rest is counted
TYPE = ox.NamedNode(RDF + "type")
CLAIM, SPAN = ox.NamedNode(PG + "Claim"), ox.NamedNode(PG + "EvidenceSpan")


@dataclass
class Work:
    """A store under check; collects findings, of one check at most LIMIT."""

    store: ox.Store
    iris: Iris
    changed: set[str] | None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.graphs = sorted(filter(self._is_own, self.store.named_graphs()), key=str)
        total = sum(1 for _ in self.store.named_graphs())
        unnamed = any(self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        self.mixed = unnamed or total > len(self.graphs)
        self.own = set(self.graphs)

    def _is_own(self, graph: ox.NamedNode | ox.BlankNode) -> bool:
        own = {self.iris.graph(name) for name in OWN}
        return graph.value in own or is_document_graph(graph.value, self.iris)

    def add(self, found: Iterable[Finding]) -> None:
        """Keep findings; of very many, the first ones and their number."""
        found = iter(found)
        kept = list(islice(found, LIMIT))
        self.findings += kept
        if more := sum(1 for _ in found):
            last = kept[-1]
            self.findings.append(Finding(last.check, f"and {more} more like these", last.blocks))

    def nodes(self, cls: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """Yield the instances of a class that are to be checked."""
        if self.changed is None:
            last = None  # the same subject in two graphs comes twice in a row
            for quad in self.store.quads_for_pattern(None, TYPE, cls):
                if quad.graph_name not in self.own or not isinstance(quad.subject, ox.NamedNode):
                    continue
                if quad.subject != last:
                    yield (last := quad.subject)
        else:
            for node in map(ox.NamedNode, sorted(self.changed)):
                if self.is_a(node, cls):
                    yield node

    def subjects(self) -> Iterator[str]:
        """Yield the IRI of each thing under check, of documents one after another."""
        if self.changed is not None:
            yield from sorted(self.changed)
            return
        shared: set[str] = set()
        for graph in self.graphs:
            quads = self.store.quads_for_pattern(None, None, None, graph)
            found = {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}
            if is_document_graph(graph.value, self.iris):
                yield from sorted(found)
            else:
                shared |= found
        yield from sorted(iri for iri in shared if not self._is_in_document(iri))

    def _is_in_document(self, iri: str) -> bool:
        quads = self.store.quads_for_pattern(ox.NamedNode(iri), None, None)
        return any(
            is_document_graph(str(getattr(q.graph_name, "value", "")), self.iris) for q in quads
        )

    def spans(self) -> Iterator[set[ox.NamedNode]]:
        """Yield the spans that are to be checked, graph by graph."""
        if self.changed is not None:
            yield set(self.nodes(SPAN))
            return
        for graph in self.graphs:
            quads = self.store.quads_for_pattern(None, TYPE, SPAN, graph)
            yield {q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}

    def is_a(self, node: ox.NamedNode, cls: ox.NamedNode) -> bool:
        """Tell whether the project's own graphs say that a node is of a class."""
        quads = self.store.quads_for_pattern(node, TYPE, cls)
        return any(quad.graph_name in self.own for quad in quads)

    def about(self, node: ox.NamedNode) -> dict[str, set[ox.NamedNode | ox.Literal]]:
        """Return property → values of a node in the project's own graphs."""
        found: dict[str, set[ox.NamedNode | ox.Literal]] = {}
        for quad in self.store.quads_for_pattern(node, None, None):
            if quad.graph_name in self.own and isinstance(quad.object, ox.NamedNode | ox.Literal):
                found.setdefault(quad.predicate.value, set()).add(quad.object)
        return found

    def values(self, node: ox.NamedNode, predicate: str) -> list[ox.NamedNode | ox.Literal]:
        """Return the values of a property in the project's own graphs."""
        quads = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None)
        return [
            quad.object
            for quad in quads
            if quad.graph_name in self.own and isinstance(quad.object, ox.NamedNode | ox.Literal)
        ]

    def text(self, node: ox.NamedNode, predicate: str) -> str:
        """Return the first value of a property as text, or ""."""
        return next((value.value for value in self.values(node, predicate)), "")

    def query(self, text: str) -> ox.QuerySolutions:
        """Return the rows of a query over the project's own graphs."""
        if self.mixed:
            found = self.store.query(text, default_graph=[*self.graphs], named_graphs=self.graphs)
        else:
            found = self.store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return found

    def finding(self, check: str, node: ox.NamedNode, message: str, blocks: bool) -> Finding:
        """Return a finding with the document and the words that the node rests on."""
        claim, span = "", node
        if self.is_a(node, CLAIM):
            claim = node.value
            spans = self.values(node, PG + "hasEvidence")
            span = next((s for s in spans if isinstance(s, ox.NamedNode)), node)
        doc = self.text(span, PG + "inDocument").removeprefix(self.iris.doc(""))
        quote = self.text(span, PG + "quote")
        return Finding(check, f"{shorten(node.value)}: {message}", blocks, claim, doc, quote)
