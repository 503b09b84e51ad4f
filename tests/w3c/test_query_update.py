"""SPARQL 1.1 and 1.2: query and update, one case a test, through HTTP against our own server."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

suite: Any = sys.modules.get("w3c_suite")
compare: Any = sys.modules.get("w3c_compare")
pytestmark = [pytest.mark.shared]
CASES = [*suite.cases("sparql11"), *suite.cases("sparql12")]
RESULTS = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
LOADED: dict[str, Any] = {"data": None}


def test_the_suites_are_there() -> None:
    if suite.ROOT is None:
        pytest.skip(suite.REASON)
    assert len(CASES) > 700


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Any, server: httpx.Client) -> None:
    if "Syntax" in case.kind:
        check_syntax(case, server)
    elif case.kind == "UpdateEvaluationTest":
        check_update(case, server)
    else:
        check_query(case, server)


def check_syntax(case: Any, server: httpx.Client) -> None:
    """A refusal with 403 tells that the text parsed, and that it would have fetched something."""
    text = suite.path(case.request).read_bytes()
    if "Update" in case.kind:
        LOADED["data"] = None
        response = post_update(server, text)
    else:
        response = post_query(server, text, case, "*/*")
    if "Negative" in case.kind:
        assert response.status_code == 400, response.text
    else:
        # Text that parses may still not be possible, such as to drop a graph that is not there.
        parsed = "does not parse" not in response.text and response.status_code < 500
        assert response.status_code in {200, 204, 403} or parsed, response.text


def check_query(case: Any, server: httpx.Client) -> None:
    load(server, case.data)
    text = suite.path(case.request).read_bytes()
    ending = case.result.rpartition(".")[2]
    accept = RESULTS.get(ending, "application/sparql-results+json, application/n-triples")
    response = post_query(server, text, case, accept)
    assert response.status_code == 200, response.text
    expected = suite.path(case.result).read_bytes()
    kind = response.headers["Content-Type"].split(";")[0]
    if ending == "csv":
        assert compare.csv_rows(response.content) == compare.csv_rows(expected)
    elif ending in RESULTS:
        assert kind == RESULTS[ending]
        same(compare.table(response.content, ending), compare.table(expected, ending))
    else:
        quads = parse(case.result)
        found = compare.result_set(quads)
        if found is not None:
            same(compare.table(response.content, "srj"), found)
        else:
            got = list(ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES))
            assert compare.same_quads(got, quads)


def same(got: Any, wanted: Any) -> None:
    if isinstance(wanted, bool):
        assert got is wanted
    else:
        assert not isinstance(got, bool)
        assert compare.same_rows(got, wanted), f"got {got[1]}, wanted {wanted[1]}"


def check_update(case: Any, server: httpx.Client) -> None:
    load(server, case.data)
    LOADED["data"] = None
    response = post_update(server, b"BASE <%b>\n" % case.request.encode() + read(case.request))
    assert response.status_code == 204, response.text
    got = server.get("/graphs", headers={"Accept": "application/n-quads"})
    assert got.status_code == 200, got.text
    found = list(ox.parse(got.content, format=ox.RdfFormat.N_QUADS))
    assert compare.same_quads(found, quads_of(case.after))


def post_query(server: httpx.Client, text: bytes, case: Any, accept: str) -> httpx.Response:
    prologue = b"" if "Syntax" in case.kind else b"BASE <%b>\n" % case.request.encode()
    return server.post(
        "/sparql",
        content=prologue + text,
        headers={"Content-Type": "application/sparql-query", "Accept": accept},
    )


def post_update(server: httpx.Client, text: bytes) -> httpx.Response:
    return server.post(
        "/update", content=text, headers={"Content-Type": "application/sparql-update"}
    )


def load(server: httpx.Client, data: Any) -> None:
    """Let the server hold just these data; all of them go in one update."""
    if LOADED["data"] == data:
        return
    LOADED["data"] = None
    lines = ["DROP ALL"]
    rows = []
    for quad in (q for file in data.default for q in parse(file)):
        inside = quad.graph_name != ox.DefaultGraph()  # the data of some cases is TriG
        rows.append(
            f"GRAPH {quad.graph_name} {{ {quad.triple} }}" if inside else f"{quad.triple} ."
        )
    lines.append("INSERT DATA {\n" + "\n".join(rows) + "\n}")
    for iri, file in data.named:
        body = "".join(f"{quad.triple} .\n" for quad in parse(file))
        lines.append(f"CREATE SILENT GRAPH <{iri}>")
        lines.append(f"INSERT DATA {{ GRAPH <{iri}> {{\n{body}}} }}")
    response = post_update(server, " ;\n".join(lines).encode())
    assert response.status_code == 204, response.text
    LOADED["data"] = data


def quads_of(data: Any) -> list[ox.Quad]:
    quads = [quad for file in data.default for quad in parse(file)]
    for iri, file in data.named:
        graph = ox.NamedNode(iri)
        quads += [ox.Quad(q.subject, q.predicate, q.object, graph) for q in parse(file)]
    return quads


@cache
def parse(address: str) -> list[ox.Quad]:
    ending = address.rpartition(".")[2]
    form = ox.RdfFormat.from_extension(ending)
    assert form is not None, address
    return list(ox.parse(read(address), format=form, base_iri=address, rename_blank_nodes=True))


@cache
def read(address: str) -> bytes:
    return bytes(suite.path(address).read_bytes())
