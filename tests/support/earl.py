"""What an EARL report says, by suite: https://www.w3.org/TR/EARL10-Schema/."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rdflib import Graph, Namespace

EARL = Namespace("http://www.w3.org/ns/earl#")
_OWN = {
    "protocol": "SPARQL 1.1 Protocol",
    "graph-store-protocol": "SPARQL 1.1 Graph Store Protocol",
    "service-description": "SPARQL 1.1 Service Description",
    "service": "SPARQL 1.1 Federated Query",
}


def suite_of(test: str) -> str:
    """Return the suite that a test belongs to, as docs/service.md calls it."""
    if "/sparql12/" in test:
        return "SPARQL 1.2"
    folder = test.partition("/manifest")[0].rpartition("/")[2]
    return _OWN.get(folder, "SPARQL 1.1 query and update, results in CSV, TSV and JSON")


def counts(outcomes: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return for each suite how many tests passed, and how many there are."""
    found: dict[str, list[bool]] = {}
    for test, outcome in outcomes:
        found.setdefault(suite_of(test), []).append(outcome == "passed")
    return {suite: (sum(rows), len(rows)) for suite, rows in sorted(found.items())}


def read(path: Path) -> list[tuple[str, str]]:
    """Return test and outcome of each assertion of a report."""
    graph = Graph().parse(path)
    return [
        (str(graph.value(node, EARL.test)),
         str(graph.value(graph.value(node, EARL.result), EARL.outcome)).rpartition("#")[2])
        for node in graph.subjects(None, EARL.Assertion)
    ]  # fmt: skip
