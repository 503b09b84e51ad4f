"""The manifests of the W3C suites: https://github.com/w3c/rdf-tests, read where they lie.

The suites are not part of this project. `PACTGRAPH_W3C_TESTS` names a checkout of them, or else
`PACTGRAPH_SHARED` a folder with `w3c/sparql` in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
BASE = "http://w3c.example/"  # where the files of the suites are said to lie
# Entailment is not what this service does; the tests of SERVICE need servers of their own.
ELSEWHERE = {"entailment", "service", "protocol", "graph-store-protocol", "service-description"}


def root() -> Path | None:
    """Return the folder with `sparql11` in it."""
    for name in ("PACTGRAPH_W3C_TESTS", "PACTGRAPH_SHARED"):
        if given := os.environ.get(name):
            for path in (Path(given), Path(given) / "sparql", Path(given) / "w3c" / "sparql"):
                if (path / "sparql11").is_dir():
                    return path
    return None


ROOT = root()
REASON = "PACTGRAPH_W3C_TESTS or PACTGRAPH_SHARED names no folder with the W3C suites"


@dataclass(frozen=True)
class Data:
    """Files to load: into the unnamed graph, and into named ones."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()  # IRI of the graph, file


@dataclass(frozen=True)
class Case:
    """One test; files are given as addresses under BASE."""

    id: str
    kind: str
    name: str
    request: str
    data: Data = Data()
    result: str = ""
    after: Data = Data()
    iri: str = ""
    notes: dict[str, Any] = field(default_factory=dict, compare=False)


def path(address: str) -> Path:
    """Return the file of an address under BASE."""
    assert ROOT is not None
    return ROOT / address.removeprefix(BASE)


def manifest(name: str) -> Graph:
    """Return a manifest, such as `sparql11/bind/manifest.ttl`."""
    return Graph().parse(path(BASE + name), format="turtle", publicID=BASE + name)


def entries(name: str) -> Iterator[tuple[Graph, Node]]:
    """Yield the tests of a manifest and of those it includes."""
    graph = manifest(name)
    for head in graph.objects(None, MF.include):
        for included in Collection(graph, head):
            yield from entries(str(included).removeprefix(BASE))
    for head in graph.objects(None, MF.entries):
        for entry in Collection(graph, head):
            yield graph, entry


def cases(folder: str) -> list[Case]:
    """Return the tests of query and update of `sparql11` or `sparql12`."""
    if ROOT is None:
        return []
    graph = manifest(f"{folder}/manifest.ttl")
    found: dict[str, Case] = {}
    for head in graph.objects(None, MF.include):
        for included in Collection(graph, head):
            for inner, entry in entries(str(included).removeprefix(BASE)):
                if (case := _case(inner, entry)) is not None:
                    found.setdefault(case.id, case)
    return list(found.values())


def _case(graph: Graph, entry: Node) -> Case | None:
    kind = next(
        str(t).rpartition("#")[2] for t in graph.objects(entry, RDF.type) if "Test" in str(t)
    )
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    local = str(entry).rpartition("#")[2]
    request, data, after, answer = str(action), Data(), Data(), ""
    if kind == "UpdateEvaluationTest":
        request = str(graph.value(action, UT.request))
        data, after = _data(graph, action, UT), _data(graph, result, UT)
    elif kind in {"QueryEvaluationTest", "CSVResultFormatTest"}:
        query = graph.value(action, QT.query)
        request = str(query if query is not None else action)
        data, answer = _data(graph, action, QT), str(result)
    elif (inner := graph.value(action, UT.request)) is not None:
        request = str(inner)
    group = request.removeprefix(BASE).rpartition("/")[0]
    if not request.startswith(BASE) or group.split("/")[-1] in ELSEWHERE:
        return None
    iri = str(entry).replace(BASE, "https://w3c.github.io/rdf-tests/sparql/")
    return Case(
        f"{group}/{local}",
        kind,
        str(graph.value(entry, MF.name)),
        request,
        data,
        answer,
        after,
        iri,
    )


def _data(graph: Graph, node: Node | None, namespace: Namespace) -> Data:
    default = tuple(sorted(str(file) for file in graph.objects(node, namespace.data)))
    named = []
    for item in graph.objects(node, namespace.graphData):
        inner = graph.value(item, namespace.graph)
        if inner is None:
            named.append((str(item), str(item)))
        else:
            label = graph.value(item, RDFS.label)
            named.append((str(label) if label is not None else str(inner), str(inner)))
    return Data(default, tuple(sorted(named)))
