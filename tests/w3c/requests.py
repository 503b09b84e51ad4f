"""The HTTP requests that the protocol suites are made of, and their replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pyoxigraph as ox
from rdflib import Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
ELSEWHERE = "http://www.example"  # the host that the suites invent


@dataclass(frozen=True)
class Request:
    """One request and what is expected of its response."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    form: str  # boolean, tabular, RDF
    truth: bool | None
    location: str
    answer: str
    answer_type: str


@dataclass(frozen=True)
class Exchange:
    """One test: requests in a row, on data that are loaded first."""

    id: str
    iri: str
    data: tuple[tuple[str, str], ...]
    requests: tuple[Request, ...]


def exchanges(found: Iterator[tuple[Graph, Node]], kind: str, group: str) -> list[Exchange]:
    """Return the tests of a kind (`ProtocolTest`, `GraphStoreProtocolTest`)."""
    tests = []
    for graph, entry in found:
        if (entry, RDF.type, MF[kind]) not in graph:
            continue
        action = graph.value(entry, MF.action)
        head = graph.value(action, HT.requests)
        rows = tuple(_request(graph, node) for node in Collection(graph, head))
        data = tuple(
            (str(graph.value(item, _LABEL)), str(graph.value(item, UT.graph)))
            for item in graph.objects(entry, UT.graphData)
        )
        local = str(entry).rpartition("#")[2]
        iri = f"https://w3c.github.io/rdf-tests/sparql/sparql11/{group}/manifest#{local}"
        tests.append(Exchange(f"sparql11/{group}/{local}", iri, data, rows))
    return tests


_LABEL = Namespace("http://www.w3.org/2000/01/rdf-schema#").label


def _request(graph: Graph, node: Node) -> Request:
    response = graph.value(node, HT.resp)
    truth = graph.value(response, MF.expectedBoolean)
    headers = _headers(graph, node)
    answered = _headers(graph, response)
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        headers,
        _body(graph, node),
        tuple(
            str(status).rpartition("#")[2] for status in graph.objects(response, MF.expectedStatus)
        ),
        str(graph.value(response, MF.expectedFormat) or ""),
        bool(truth.toPython()) if isinstance(truth, Literal) else None,
        str(graph.value(response, MF.expectedLocation) or ""),
        _body(graph, response).decode(),
        answered.get("content-type", ""),
    )


def _headers(graph: Graph, node: Node | None) -> dict[str, str]:
    head = graph.value(node, HT.headers)
    if head is None:
        return {}
    return {
        str(graph.value(item, HT.fieldName)).lower(): str(graph.value(item, HT.fieldValue))
        for item in Collection(graph, head)
    }


def _body(graph: Graph, node: Node | None) -> bytes:
    body = graph.value(node, HT.body)
    if body is None:
        return b""
    encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
    return str(graph.value(body, CNT.chars)).encode(encoding)


def replay(exchange: Exchange, server: httpx.Client, paths: Any) -> None:
    """Send the requests of a test and hold each response to what is expected.

    `paths` gives the address on our server for a request.
    """
    names: dict[str, str] = {}
    for request in exchange.requests:
        response = _send(request, server, paths, names)
        assert _fits(response.status_code, request.statuses), (
            f"{request.method} {request.path}: {response.status_code} {response.text}"
        )
        if request.location:
            names[request.location] = response.headers["Location"]
        if request.method != "HEAD":
            _check_body(request, response, server)


def _send(
    request: Request, server: httpx.Client, paths: Any, names: dict[str, str]
) -> httpx.Response:
    own = f"{server.base_url}".rstrip("/") + "/graphs"
    path, body = paths(request), request.body
    for name, location in names.items():
        path, body = path.replace(name, location), body.replace(name.encode(), location.encode())
    if ELSEWHERE + "/gsp" in path:
        path = path.replace(ELSEWHERE + "/gsp", own)
    path = path.replace("http%3A%2F%2Fwww.example%2Fgsp", own)
    headers = {**request.headers}
    if request.method in {"POST", "PUT"} and "content-type" not in headers:
        headers["content-type"] = ""
    sent = server.build_request(request.method, path, content=body, headers=headers)
    if not sent.headers.get("content-type"):
        sent.headers.pop("content-type", None)
    return server.send(sent)


def _fits(status: int, expected: tuple[str, ...]) -> bool:
    for name in expected:
        if name.startswith("StatusCode"):
            if status // 100 == int(name[len("StatusCode")]):
                return True
        elif CODES[name] == status:
            return True
    return False


def _check_body(request: Request, response: httpx.Response, server: httpx.Client) -> None:
    kind = response.headers.get("Content-Type", "").split(";")[0]
    if request.truth is not None:
        form = ox.QueryResultsFormat.from_media_type(kind)
        assert form is not None, kind
        assert bool(ox.parse_query_results(response.content, format=form)) is request.truth
    elif request.form == "tabular":
        assert ox.QueryResultsFormat.from_media_type(kind) is not None, kind
    elif request.form == "RDF":
        assert ox.RdfFormat.from_media_type(kind) is not None, kind
    if request.answer:
        wanted = request.answer_type.split(";")[0]
        assert kind == wanted
        rdf = ox.RdfFormat.from_media_type(wanted)
        assert rdf is not None
        got = ox.Dataset(ox.parse(response.content, format=rdf, base_iri=str(response.url)))
        text = request.answer.encode()
        expected = ox.Dataset(ox.parse(text, format=rdf, base_iri=str(response.url)))
        for dataset in (got, expected):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        assert set(got) == set(expected)
