"""Quads at rest: the seam behind which releases live, and what can be told of a store.

`Store` is the seam. `kg.release.DataFolder` keeps releases on this machine; a remote store may
come behind the same three methods. A stage is always a local pyoxigraph store, so that facts,
inference and checks need to know one engine only.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Protocol

import pyoxigraph as ox

from kg import canonical
from kg.model import Release, Report
from kg.vocab import Iris

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Change = Callable[[ox.Store], None]
Gate = Callable[[ox.Store], Report]
OWN = ("entities", "facts", "inferred", "links", "curated", "ontology")
# A graph that changes by more than this is loaded in bulk and the store compacted afterwards.
BULK = 50_000
SLICE = 100_000  # quads loaded at a time: what is loaded is in memory until the load ends


class Stage(Protocol):
    """A private copy of the published state, to change and then to publish or to throw away."""

    @property
    def store(self) -> ox.Store:
        """The copy, open for reading and writing."""

    @property
    def before(self) -> ox.Store | None:
        """The published state that the copy was made of; None before the first release."""

    def publish(self, note: str, kind: str = "change", report: Report | None = None) -> Release:
        """Make the copy the published state; the stage cannot be used afterwards."""


class Store(Protocol):
    """Where releases live: ask the published one, stage the next one, publish it."""

    def query(self, text: str) -> Result:
        """Answer a query from the published state, over the union of all graphs."""

    def stage(self) -> AbstractContextManager[Stage]:
        """Open the only stage; leaving the block without publishing changes nothing."""

    def publish(self, change: Change, note: str = "", *, gate: Gate | None = None) -> Release:
        """Stage, change, check and publish in one transaction.

        Raises CheckFailed, and publishes nothing, where the report of `gate` blocks.
        """


@dataclass
class Difference:
    """What the replacing of graphs changed: the graphs, the subjects (IRIs), the counts.

    Of a first release, where everything is new, the subjects need not be noted.
    """

    graphs: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    added: int = 0
    removed: int = 0
    noting: bool = True

    @property
    def size(self) -> int:
        """How many quads came and went."""
        return self.added + self.removed

    def note(self, new: Collection[ox.Quad], gone: Collection[ox.Quad] = ()) -> None:
        """Note quads that came and went."""
        self.added, self.removed = self.added + len(new), self.removed + len(gone)
        for quad in chain(new, gone):
            if isinstance(quad.graph_name, ox.NamedNode):
                self.graphs.add(quad.graph_name.value)
            if self.noting and isinstance(quad.subject, ox.NamedNode):
                self.subjects.add(quad.subject.value)


def replace_graph(
    store: ox.Store, graph: str, quads: Iterable[ox.Quad], seen: Difference | None = None
) -> Difference:
    """Make a graph hold exactly these quads (all of that graph), writing what differs only.

    What changed is noted in `seen` and returned.
    """
    seen = seen if seen is not None else Difference()
    name = ox.NamedNode(graph)
    wanted = set(quads)
    present = set(store.quads_for_pattern(None, None, None, name))
    gone, new = present - wanted, wanted - present
    if len(gone) + len(new) > BULK and not wanted & present:
        store.remove_graph(name)
    else:
        for quad in gone:
            store.remove(quad)
    (store.bulk_extend if len(new) > BULK else store.extend)(new)
    seen.note(new, gone)
    return seen


def replace_large(
    store: ox.Store, graph: str, groups: Iterable[list[ox.Quad]], seen: Difference
) -> None:
    """Make a graph hold exactly these quads, as `replace_graph` does, without holding all of them.

    Each group holds all quads of one subject. What changed is noted in `seen`.
    """
    name = ox.NamedNode(graph)
    if not any(store.quads_for_pattern(None, None, None, name)):
        quads = chain.from_iterable(groups)
        while some := list(islice(quads, SLICE)):
            store.bulk_extend(some)
            seen.note(some)
        return
    subjects: set[str] = set()
    for group in groups:
        subject = group[0].subject
        subjects.add(sys.intern(_text(subject)))
        wanted, present = set(group), set(store.quads_for_pattern(subject, None, None, name))
        _exchange(store, present - wanted, wanted - present, seen)
    old = store.quads_for_pattern(None, None, None, name)
    _exchange(store, {quad for quad in old if _text(quad.subject) not in subjects}, set(), seen)


def _exchange(store: ox.Store, gone: set[ox.Quad], new: set[ox.Quad], seen: Difference) -> None:
    for quad in gone:
        store.remove(quad)
    if new:
        store.extend(new)
    seen.note(new, gone)


def _text(node: object) -> str:
    return str(getattr(node, "value", node))


def rewrite(store: ox.Store, path: str, kept: Callable[[ox.Quad], object]) -> int:
    """Write a store anew under a path without some quads; return how many were left out.

    Only a new store is sure to hold no trace: the engine keeps the words of what was removed.
    """
    left_out = 0

    def chosen() -> Iterator[ox.Quad]:
        nonlocal left_out
        for quad in store:
            if kept(quad):
                yield quad
            else:
                left_out += 1

    fresh = ox.Store(path)
    fresh.bulk_extend(chosen())
    for name in store.named_graphs():
        if not left_out or any(store.quads_for_pattern(None, None, None, name)):
            fresh.add_graph(name)
    fresh.flush()
    return left_out


def sizes(store: ox.Store) -> dict[str, int]:
    """Return graph IRI → number of triples; "" is the unnamed graph. Takes time with the size."""
    text = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    found: dict[str, int] = {}
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    for row in solutions:
        graph, count = row["g"], row["n"]
        if isinstance(graph, ox.NamedNode | ox.BlankNode) and isinstance(count, ox.Literal):
            found[graph.value] = int(count.value)
    unnamed = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return {**found, **({"": unnamed} if unnamed else {})}


def counts(store: ox.Store, iris: Iris) -> dict[str, int]:
    """Return the triples of each of our graphs, of documents together, of others, and of all."""
    root = iris.graph("")
    found = dict.fromkeys(("documents", *OWN, "others"), 0)
    for graph, number in sizes(store).items():
        name = graph.removeprefix(root) if graph.startswith(root) else ""
        if name in OWN:
            found[name] += number
        else:
            found["documents" if is_document_graph(graph, iris) else "others"] += number
    return {**found, "triples": sum(found.values())}


def is_document_graph(graph: str, iris: Iris) -> bool:
    """Tell whether a graph IRI is that of a document (16 hexadecimal digits)."""
    name = graph.removeprefix(iris.graph(""))
    return name != graph and len(name) == 16 and not set(name) - set("0123456789abcdef")


def canonical_quads(store: ox.Store) -> list[ox.Quad]:
    """Return all quads of a store, sorted, with canonical names of blank nodes (RDFC-1.0)."""
    data = b"".join(canonical.lines(store))
    return list(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def canonical_lines(store: ox.Store) -> Iterator[str]:
    """Yield the sorted lines of the canonical N-Quads (RDFC-1.0) of a store, each with its end."""
    return map(bytes.decode, canonical.lines(store))


def checksum(store: ox.Store) -> str:
    """Return the SHA-256 of the canonical N-Quads of a store, in hexadecimal digits."""
    digest = hashlib.sha256()
    for line in canonical.lines(store):
        digest.update(line)
    return digest.hexdigest()
