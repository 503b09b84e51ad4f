"""SPARQL 1.1 Protocol, Graph Store Protocol and Service Description against our own server."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

suite: Any = sys.modules.get("w3c_suite")
requests: Any = sys.modules.get("w3c_requests")
pytestmark = [pytest.mark.shared]
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


def _read(folder: str, kind: str) -> list[Any]:
    if suite.ROOT is None:
        return []
    found = suite.entries(f"sparql11/{folder}/manifest.ttl")
    return list(requests.exchanges(found, kind, folder))


PROTOCOL = _read("protocol", "ProtocolTest")
GRAPH_STORE = _read("graph-store-protocol", "GraphStoreProtocolTest")


def clear(server: httpx.Client, more: str = "") -> None:
    headers = {"Content-Type": "application/sparql-update"}
    response = server.post("/update", content=f"DROP ALL {more}", headers=headers)
    assert response.status_code == 204, response.text


@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case.id)
def test_protocol(case: Any, server: httpx.Client) -> None:
    more = "".join(
        f"; INSERT DATA {{ GRAPH <{name}> {{ {suite.path(file).read_text()} }} }}"
        for name, file in case.data
    )
    clear(server, more)

    def path(request: Any) -> str:
        update = "update" in case.id.rpartition("/")[2] and "query" not in request.headers.get(
            "content-type", ""
        )
        rest = request.path.removeprefix("/sparql/").removeprefix("/sparql")
        return ("/update" if update else "/sparql") + str(rest)

    requests.replay(case, server, path)


@pytest.mark.parametrize("case", GRAPH_STORE, ids=lambda case: case.id)
def test_graph_store(case: Any, server: httpx.Client) -> None:
    clear(server)
    requests.replay(case, server, lambda request: request.path.replace("/gsp", "/graphs", 1))


def describe(server: httpx.Client) -> Graph:
    response = server.get("/sparql", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/turtle")
    return Graph().parse(data=response.text, format="turtle", publicID=str(response.url))


def described(name: str) -> Any:
    """Tell the EARL report which test of the suite a function is."""
    root = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/service-description/manifest#"

    def mark(test: Any) -> Any:
        test.iri = root + name
        return test

    return mark


@described("returns-rdf")
def test_the_endpoint_describes_itself_in_rdf(server: httpx.Client) -> None:
    assert len(describe(server)) > 0
    response = server.get("/sparql", headers={"Accept": "application/rdf+xml"})
    assert Graph().parse(data=response.text, format="xml")


@described("has-endpoint-triple")
def test_the_description_names_this_endpoint(server: httpx.Client) -> None:
    endpoints = {str(o) for o in describe(server).objects(None, SD.endpoint)}
    assert f"{server.base_url}".rstrip("/") + "/sparql" in endpoints


@described("conforms-to-schema")
def test_the_description_fits_its_schema(server: httpx.Client) -> None:
    graph = describe(server)
    services = list(graph.subjects(RDF.type, SD.Service))
    assert services
    for service in services:
        assert list(graph.objects(service, SD.endpoint))
        for dataset in graph.objects(service, SD.defaultDataset):
            assert (dataset, RDF.type, SD.Dataset) in graph
            assert len(list(graph.objects(dataset, SD.defaultGraph))) == 1
    languages = {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}
    assert set(graph.objects(None, SD.supportedLanguage)) & languages
    features = {
        SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs,
        SD.BasicFederatedQuery,
    }  # fmt: skip
    assert set(graph.objects(None, SD.feature)) <= features
