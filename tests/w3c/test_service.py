"""SPARQL 1.1 Federated Query: SERVICE through our own server, to endpoints on this machine.

The addresses of the suite (`http://example1.org/sparql`) become paths of one local server, which
answers from the engine in this process; what is no endpoint there answers 404.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Namespace

from kg.release import DataFolder
from serving import ANY_RDF, serving

suite: Any = sys.modules.get("w3c_suite")
compare: Any = sys.modules.get("w3c_compare")
pytestmark = [pytest.mark.shared]
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
FOLDER = "sparql11/service"


@dataclass(frozen=True)
class Case:
    """One test: a query, our data, the data of each endpoint, and the rows wanted."""

    id: str
    iri: str
    query: str
    data: str
    endpoints: tuple[tuple[str, str], ...]
    result: str


def cases() -> Iterator[Case]:
    """Yield the tests of the suite."""
    if suite.ROOT is None:
        return
    for graph, entry in suite.entries(f"{FOLDER}/manifest.ttl"):
        action = graph.value(entry, MF.action)
        endpoints = [
            (str(graph.value(node, QT.endpoint)), str(graph.value(node, QT.data)))
            for node in graph.objects(action, QT.serviceData)
        ]
        yield Case(
            f"{FOLDER}/{str(entry).rpartition('#')[2]}", str(entry),
            str(graph.value(action, QT.query)), str(graph.value(action, QT.data) or ""),
            tuple(sorted(endpoints)), str(graph.value(entry, MF.result)),
        )  # fmt: skip


class Endpoints(BaseHTTPRequestHandler):
    """Answers each path from a store of its own."""

    stores: dict[str, ox.Store] = {}  # noqa: RUF012  shared on purpose

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        # Our server sends a form; the engine, where it asks on, the text itself.
        text = parse_qs(sent).get("query", [sent])[0]
        store = self.stores.get(self.path)
        if store is None:
            self.send_error(404)
            return
        body = store.query(text).serialize(format=ox.QueryResultsFormat.JSON)
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def federated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, str]]:
    """Return a client of a server that may ask the endpoints, and the address of these."""
    data = tmp_path_factory.mktemp("federated") / "data"
    DataFolder(data).publish(lambda store: None, "empty")
    endpoints = ThreadingHTTPServer(("127.0.0.1", 0), Endpoints)
    thread = threading.Thread(target=endpoints.serve_forever)
    thread.start()
    root = f"http://127.0.0.1:{endpoints.server_port}/"
    settings = {
        "PACTGRAPH_REMOTE_ALLOW": f'["{root}"]',
        "PACTGRAPH_REMOTE_NETWORKS": '["127.0.0.0/8"]',
    }
    with serving(data, **ANY_RDF, **settings) as served, served.client() as client:
        yield client, root
    endpoints.shutdown()
    endpoints.server_close()
    thread.join()


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.id)
def test_service(case: Case, federated: tuple[httpx.Client, str]) -> None:
    client, root = federated

    def local(text: bytes) -> bytes:
        return re.sub(rb"http://((?:example\d?|invalid\.endpoint)\.org/sparql)", root.encode()
                      + rb"\1", text)  # fmt: skip

    Endpoints.stores.clear()
    for address, file in case.endpoints:
        store = ox.Store()
        store.load(suite.path(file).read_bytes(), ox.RdfFormat.TURTLE, base_iri=file)
        Endpoints.stores["/" + address.removeprefix("http://")] = store
    ours = local(suite.path(case.data).read_bytes()) if case.data else b""
    sent = client.put("/graphs?default", content=ours, headers={"Content-Type": "text/turtle"})
    assert sent.status_code in {201, 204}, sent.text
    answer = client.post(
        "/sparql", content=local(suite.path(case.query).read_bytes()),
        headers={
            "Content-Type": "application/sparql-query", "Accept": "application/sparql-results+xml"
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    got = compare.table(answer.content, "srx")
    wanted = compare.table(local(suite.path(case.result).read_bytes()), "srx")
    assert compare.same_rows(got, wanted), f"got {got[1]}, wanted {wanted[1]}"
