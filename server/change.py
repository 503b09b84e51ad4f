"""One write on the copy of a release: an update, or a request of the Graph Store Protocol.

Rules: SPARQL 1.1 Update, SPARQL 1.1 Protocol 2.2, SPARQL 1.1 Graph Store HTTP Protocol.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import pyoxigraph as ox

from kg.store import OWN, is_document_graph
from kg.vocab import Iris
from server.tokens import Token, outline, tokens

Graph = ox.NamedNode | ox.DefaultGraph
_NAMES_GRAPHS = ("NAMED", "ALL", "BASE")  # words behind which any graph may stand
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OUTSIDE = frozenset({"GRAPH", "WITH", "USING", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"})


class Refused(Exception):
    """A write cannot be done; `status` is that of HTTP, `dirty` tells that the copy is spoilt."""

    def __init__(self, status: int, error: str, *, dirty: bool = False) -> None:
        super().__init__(error)
        self.status, self.error, self.dirty = status, error, dirty


def no_disk(error: OSError) -> Refused:
    """Return the refusal of a write that the disk does not take; it names no path."""
    why = error.strerror or str(error).removeprefix("IO error: ").partition(": While")[0]
    return Refused(503, f"the data folder cannot be written to: {why}", dirty=True)


class Guard:
    """Knows the graphs that pactgraph makes itself, which no write may change."""

    def __init__(self, base: str) -> None:
        self._iris = Iris(base)
        self._root = self._iris.graph("")

    def is_ours(self, graph: str) -> bool:
        """Tell whether a graph is made by pactgraph."""
        name = graph.removeprefix(self._root) if graph.startswith(self._root) else ""
        return name in OWN or is_document_graph(graph, self._iris)

    def is_harmless(self, text: str) -> bool:
        """Tell whether an update plainly names no graph of ours; False means: compare."""
        if "\\" in text:
            return False
        graph_next = False
        for token in tokens(text):
            if graph_next and token.kind == "variable":
                return False
            graph_next = token.kind == "word" and token.text.endswith("GRAPH")
            if token.kind == "word" and any(word in token.text for word in _NAMES_GRAPHS):
                return False
            if token.kind == "iri":
                iri = token.text[1:-1]
                if not _PLAIN.match(iri) or "/." in iri:  # might resolve to anything
                    return False
                if self._root.startswith(iri) or iri.startswith(self._root):
                    return False
        return True

    def changed(self, before: ox.Store | None, after: ox.Store) -> str:
        """Return a graph of ours that differs between two stores; empty where none does."""
        old = self._ours(before) if before is not None else set()
        new = self._ours(after)
        if old != new:
            return min(old ^ new)
        if before is None:
            return ""
        for graph in sorted(new):
            node = ox.NamedNode(graph)
            pairs = zip_longest(
                before.quads_for_pattern(None, None, None, node),
                after.quads_for_pattern(None, None, None, node),
            )
            if any(one != two for one, two in pairs):
                return graph
        return ""

    def refusal(self, graph: str, *, dirty: bool = False) -> Refused:
        """Return the refusal of a write to a graph of ours."""
        return Refused(
            403,
            f"<{graph}> is made by pactgraph from documents, and each of its statements leads to"
            " the sentence that states it; corrections go through review, and any other graph"
            " is yours to write to",
            dirty=dirty,
        )

    def _ours(self, store: ox.Store) -> set[str]:
        names = (g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode))
        return {name for name in names if self.is_ours(name)}


def apply(
    store: ox.Store,
    before: ox.Store | None,
    op: dict[str, Any],
    bodies: Sequence[bytes],
    guard: Guard | None,
) -> dict[str, Any]:
    """Do one write and return what the client is told; raises Refused.

    `guard` is None where every graph may be written to (setting `protect_graphs`).
    """
    if op["kind"] == "update":
        _update(store, before, op, bodies[0].decode(), guard)
        return {}
    name = op["graph"]
    if guard and name and guard.is_ours(name):
        raise guard.refusal(name)
    graph: Graph = ox.NamedNode(name) if name else ox.DefaultGraph()
    there = not name or store.contains_named_graph(graph)
    if op["kind"] == "delete":
        if not there:
            raise Refused(404, f"there is no graph <{name}> in this release")
        store.remove_graph(graph)
    elif op["kind"] == "patch":
        _patch(store, graph, op, bodies[0].decode())
    else:
        if op["kind"] == "put":
            store.clear_graph(graph)
        _load(store, graph, op, bodies)
    return {"created": not there}


def _load(store: ox.Store, graph: Graph, op: dict[str, Any], bodies: Sequence[bytes]) -> None:
    if isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    for media_type, body in zip(op["types"], bodies, strict=True):
        form = ox.RdfFormat.from_media_type(media_type)
        if form is None:
            raise Refused(415, f"{media_type} is no media type of RDF known here", dirty=True)
        try:
            store.load(input=body, format=form, base_iri=op["base"], to_graph=graph)
        except SyntaxError as error:
            raise Refused(400, f"the body is no valid {form.name}: {error}", dirty=True) from error
        except OSError as error:
            raise no_disk(error) from error
        except ValueError as error:
            raise Refused(400, f"the body cannot be loaded: {error}", dirty=True) from error


def _patch(store: ox.Store, graph: Graph, op: dict[str, Any], text: str) -> None:
    """Run an update that sees one graph only, as its unnamed graph."""
    if {t.text for t in tokens(text) if t.kind == "word"} & _OUTSIDE:
        raise Refused(400, "a PATCH changes its own graph; leave GRAPH, WITH and USING out")
    alone = ox.Store()
    alone.extend(ox.Quad(q.subject, q.predicate, q.object) for q in _quads(store, graph))
    _run(alone, text, op)
    store.clear_graph(graph)
    if isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in alone)


def _quads(store: ox.Store, graph: Graph) -> list[ox.Quad]:
    return list(store.quads_for_pattern(None, None, None, graph))


def _update(
    store: ox.Store,
    before: ox.Store | None,
    op: dict[str, Any],
    text: str,
    guard: Guard | None,
) -> None:
    if op["using"] or op["using_named"]:
        text = with_using(text, op["using"], op["using_named"])
    _run(store, text, op)
    if guard is None or guard.is_harmless(text):
        return
    if graph := guard.changed(before, store):
        raise guard.refusal(graph, dirty=True)


def _run(store: ox.Store, text: str, op: dict[str, Any]) -> None:
    plan = outline(text, op["nesting"])
    if plan.nesting > op["nesting"]:
        raise Refused(
            400,
            f"brackets nest {plan.nesting} deep, and {op['nesting']} is the limit"
            " (setting query_nesting); flatten the update",
        )
    # What would fetch is tried on nothing first, behind the filter that lets nothing out: the
    # client learns of wrong syntax, and SILENT fails in silence as the standard has it.
    try:
        if plan.remote:
            ox.Store().update(text, base_iri=op["base"])
        store.update(text, base_iri=op["base"])
    except SyntaxError as error:
        raise Refused(400, f"the update does not parse: {error}") from error
    except (ValueError, OSError, RuntimeError) as error:
        if plan.remote:
            why = f"{plan.remote} is switched off here: this service fetches from nowhere"
            raise Refused(403, why) from error
        if isinstance(error, OSError):  # nothing is fetched, so it is the disk
            raise no_disk(error) from error
        raise Refused(400, f"the update cannot be run: {error}") from error


def with_using(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Return an update that reads from the dataset that the protocol names.

    Raises Refused where the update names a dataset itself (SPARQL 1.1 Protocol 2.2.3).
    """
    try:
        clauses = [f"USING <{ox.NamedNode(iri).value}>" for iri in default]
        clauses += [f"USING NAMED <{ox.NamedNode(iri).value}>" for iri in named]
    except ValueError as error:
        raise Refused(400, f"a graph of the dataset has no absolute IRI: {error}") from error
    using, parts, place = f" {' '.join(clauses)} ", [], 0
    outer = [token for token in tokens(text) if token.depth == 0]
    for number, token in enumerate(outer):
        if token.kind != "word":
            continue
        if token.text in {"USING", "WITH"}:
            raise Refused(
                400, "the update names its dataset (USING, WITH), and the request names another"
            )
        if token.text == "WHERE":
            parts.append(text[place : token.start])
            if number and outer[number - 1].text == "DELETE":
                parts.append(_block(text, outer[number:]))
            parts.append(using)
            place = token.start
    return "".join([*parts, text[place:]])


def _block(text: str, rest: Sequence[Token]) -> str:
    """Return the first block in braces."""
    start = next((t.start for t in rest if t.text == "{"), None)
    end = next((t.start for t in rest if t.text == "}"), None)
    return text[start : end + 1] if start is not None and end is not None else ""
