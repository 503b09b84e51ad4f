"""One server for all suites, and the EARL report of the run (`build/earl.ttl`).

`make earl` runs them and keeps the report as `docs/earl.ttl`, which docs/service.md counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, DOAP, FOAF, RDF, XSD

from earl import counts as earl_counts
from kg.release import DataFolder
from serving import ANY_RDF, serving

EARL = Namespace("http://www.w3.org/ns/earl#")
HERE = Path(__file__).parent
RESULTS: dict[str, str] = {}
PROJECT = URIRef("https://w3id.org/pactgraph")


def _sibling(name: str) -> Any:
    import importlib.util
    import sys

    known = f"w3c_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]


suite, compare, requests = map(_sibling, ("suite", "compare", "requests"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Return a client of `pactgraph serve` with the settings for any RDF."""
    data = tmp_path_factory.mktemp("w3c") / "data"
    DataFolder(data).publish(lambda store: None, "empty")
    with serving(data, **ANY_RDF) as served, served.client() as client:
        yield client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what the engine is known to fail at; each has its reason in expected_failures.yaml."""
    reasons = yaml.safe_load((HERE / "expected_failures.yaml").read_text()) or {}
    known = {case: reason for reason, group in reasons.items() for case in group}
    for item in items:
        case = _case_id(item)
        if case in known:
            item.add_marker(pytest.mark.xfail(reason=known[case], strict=True))


def _case_id(item: pytest.Item) -> str:
    call = getattr(item, "callspec", None)
    case = call.params.get("case") if call is not None else None
    return getattr(case, "id", "")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note the outcome of each case."""
    outcome: Any = yield
    report = outcome.get_result()
    call = getattr(item, "callspec", None)
    case = call.params.get("case") if call is not None else getattr(item, "function", None)
    if report.when == "call" and getattr(case, "iri", ""):
        RESULTS[case.iri] = "passed" if report.passed else "failed"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, where any case was run."""
    if not RESULTS:
        return
    graph = Graph()
    for prefix, name in {"earl": EARL, "doap": DOAP, "dcterms": DCTERMS, "foaf": FOAF}.items():
        graph.bind(prefix, name)
    graph.add((PROJECT, RDF.type, DOAP.Project))
    graph.add((PROJECT, DOAP.name, Literal("pactgraph")))
    today = Literal(dt.datetime.now(dt.UTC).date().isoformat(), datatype=XSD.date)
    for number, (iri, outcome) in enumerate(sorted(RESULTS.items())):
        # Names by their order, so that two reports differ in nothing but what they say.
        assertion, result = BNode(f"a{number:05}"), BNode(f"r{number:05}")
        graph.add((assertion, RDF.type, EARL.Assertion))
        graph.add((assertion, EARL.assertedBy, PROJECT))
        graph.add((assertion, EARL.subject, PROJECT))
        graph.add((assertion, EARL.test, URIRef(iri)))
        graph.add((assertion, EARL.mode, EARL.automatic))
        graph.add((assertion, EARL.result, result))
        graph.add((result, RDF.type, EARL.TestResult))
        graph.add((result, EARL.outcome, EARL[outcome]))
        graph.add((result, DCTERMS.date, today))
    target = session.config.rootpath / "build" / "earl.ttl"
    target.parent.mkdir(exist_ok=True)
    graph.serialize(target, format="turtle")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many cases of each suite passed."""
    for group, (passed, total) in earl_counts(RESULTS.items()).items():
        terminalreporter.write_line(f"W3C {group}: {passed} of {total} passed")
