"""The service in process: protocol, formats, limits, refusals, writing, named queries."""

from __future__ import annotations

import gzip
import json
import threading
import time

import pyoxigraph as ox
import pytest

from kg.release import DataFolder, load_rdf
from kg.settings import Settings
from kg.tokens import Tokens
from server import create_app
from trap import listening

ROWS = 40
DATA = "@prefix : <http://example.org/> .\n" + "".join(f":s{n} :p {n} .\n" for n in range(ROWS))
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s <http://example.org/p> ?o }"
LINES = "SELECT ?s ?o WHERE { ?s <http://example.org/p> ?o }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
ROOM = "http://example.org/room"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    return {}


@pytest.fixture(scope="module")
def app(tmp_path_factory, tokens):
    data = tmp_path_factory.mktemp("service") / "data"
    source = data.parent / "some.ttl"
    source.write_text(DATA)
    load_rdf(DataFolder(data), source)
    for scope in ("update", "graphs"):
        tokens[scope] = Tokens(data).create([scope], None)[1]
    settings = Settings(data=data, query_seconds=1.0, query_bytes=200_000, requests_per_minute=0)
    app = create_app(settings)
    yield app
    app.extensions["close"]()


@pytest.fixture
def client(app):
    return app.test_client()


def number(response):
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


# --- protocol ---------------------------------------------------------------------------------


def test_the_three_ways_to_ask_agree(client):
    ways = [
        client.get("/sparql", query_string={"query": COUNT}),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", data=COUNT, content_type="application/sparql-query"),
    ]
    assert [r.status_code for r in ways] == [200, 200, 200]
    assert {number(r) for r in ways} == {ROWS}


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (LINES, "application/sparql-results+json", "application/sparql-results+json"),
        (LINES, "application/sparql-results+xml", "application/sparql-results+xml"),
        (LINES, "text/csv", "text/csv"),
        (LINES, "text/tab-separated-values", "text/tab-separated-values"),
        (LINES, "", "application/sparql-results+json"),
        (LINES, "text/csv;q=0.2, application/sparql-results+xml", "application/sparql-results+xml"),
        (GRAPH, "text/turtle", "text/turtle"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/ld+json", "application/ld+json"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "*/*", "text/turtle"),
    ],
)  # fmt: skip
def test_accept_chooses_the_form(client, query, accept, media_type):
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.mimetype == media_type
    form = ox.QueryResultsFormat.from_media_type(media_type)
    if form is not None and query is LINES and "csv" not in media_type:
        rows = ox.parse_query_results(response.data, format=form)
        assert len(list(rows)) == ROWS
    elif query is GRAPH and media_type != "application/ld+json":
        rdf = ox.RdfFormat.from_media_type(media_type)
        assert len(list(ox.parse(response.data, format=rdf))) == 3


def test_format_beats_accept(client):
    response = client.get("/sparql", query_string={"query": LINES, "format": "csv"})
    assert response.mimetype == "text/csv"
    assert len(response.data.splitlines()) == ROWS + 1


@pytest.mark.parametrize(
    ("call", "status", "words"),
    [
        ({"query_string": {"query": "SELECT * WHERE { ?s ?p"}}, 400, "line 1, column"),
        ({"query_string": {"query": "SELECT\n* WHERE { ?s ?p ?o ]"}}, 400, "line 2, column"),
        ({"query_string": {"query": LINES, "format": "odt"}}, 400, "odt"),
        ({"query_string": {"query": LINES}, "headers": {"Accept": "image/png"}}, 406, "csv"),
        ({"query_string": {"query": "SELECT (<http://x.org/f>(1) AS ?x) {}"}}, 400, "function"),
        ({"query_string": [("query", LINES), ("query", LINES)]}, 400, "once"),
    ],
)
def test_a_refusal_says_what_is_wrong(client, call, status, words):
    response = client.get("/sparql", **call)
    assert response.status_code == status
    assert words in response.text


def test_media_types_that_the_protocol_does_not_know(client):
    response = client.post("/sparql", data=LINES, content_type="text/plain")
    assert response.status_code == 415
    late = client.post(
        "/sparql",
        data=LINES.encode("utf-16"),
        content_type="application/sparql-query; charset=utf-16",
    )
    assert late.status_code == 415


def test_problems_come_as_json_where_json_is_asked_for(client):
    response = client.get(
        "/sparql", query_string={"query": "nonsense"}, headers={"Accept": "application/json"}
    )
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == 400
    assert response.json["detail"]


# --- limits -----------------------------------------------------------------------------------


def test_a_runaway_is_stopped_and_the_next_query_answered(client):
    began = time.monotonic()
    response = client.get("/sparql", query_string={"query": RUNAWAY})
    assert response.status_code == 503
    assert "query_seconds" in response.text
    assert response.headers["Retry-After"]
    assert time.monotonic() - began < 1.0 + 1.0
    assert number(client.get("/sparql", query_string={"query": COUNT})) == ROWS


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p " + "(" * 1000 + ")" * 1000 + " }",
        "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
        "ASK " + "{" * 5000 + "}" * 5000,
    ],
)
def test_nests_are_refused_and_do_no_harm(client, query):
    began = time.monotonic()
    assert client.post("/sparql", data={"query": query}).status_code == 400
    assert time.monotonic() - began < 2
    assert number(client.get("/sparql", query_string={"query": COUNT + " # again"})) == ROWS


def test_a_long_query_is_refused(client):
    query = "SELECT * { ?s ?p ?o } #" + "x" * 300_000
    response = client.post("/sparql", data=query, content_type="application/sparql-query")
    assert response.status_code == 413


def test_quick_queries_are_answered_while_slow_ones_run(app):
    slow = [
        threading.Thread(
            target=lambda n=n: app.test_client().get(
                "/sparql", query_string={"query": RUNAWAY + f" # {n}"}
            )
        )
        for n in range(3)
    ]
    for thread in slow:
        thread.start()
    time.sleep(0.4)
    began = time.monotonic()
    answer = app.test_client().get("/sparql", query_string={"query": COUNT + " # quick"})
    took = time.monotonic() - began
    for thread in slow:
        thread.join()
    assert answer.status_code == 200
    assert took < 1.0


def test_processes_of_slow_queries_end_when_they_are_idle(app, monkeypatch):
    monkeypatch.setattr("server.crew._IDLE", 60.0)
    assert app.test_client().get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
    crew = app.extensions["pool"]._keeper._crew
    child = crew.take(slow=True)
    crew.give(child, 1)
    time.sleep(0.3)
    assert crew.slow == [child]
    assert not child.gone
    monkeypatch.setattr("server.crew._IDLE", 0.0)
    until = time.monotonic() + 5
    while crew.slow and time.monotonic() < until:
        time.sleep(0.05)
    assert not crew.slow
    assert child.sock.fileno() < 0


# --- no fetching ------------------------------------------------------------------------------


@pytest.fixture
def trap():
    """A listener on this machine that counts who comes."""
    with listening() as (url, seen):
        yield url, seen


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { service SILENT <URL> { ?s ?p ?o } }",
        "SELECT * { SeRvIcE<URL>{ ?s ?p ?o } }",
        "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { ?s ?p ?o } }",
        "SELECT * FROM <URLdata.ttl> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URLdata.ttl> { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX t: <URL> SELECT * { SERVICE t:sparql { ?s ?p ?o } }",
    ],
)
def test_nothing_is_fetched(client, trap, query):
    url, seen = trap
    client.get("/sparql", query_string={"query": query.replace("URL", url)})
    time.sleep(0.3)
    assert seen == []


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ("SERVICE <http://x.org/> LOAD" AS ?x) { }',
        "SELECT * { } # SERVICE <http://x.org/> { }",
        "SELECT ?service ?load { OPTIONAL { ?service <http://x.org/LOAD> ?load } }",
        "PREFIX service: <http://x.org/> SELECT * { OPTIONAL { ?a service:load ?b } }",
    ],
)
def test_words_that_only_look_like_it_are_no_alarm(client, query):
    assert client.get("/sparql", query_string={"query": query}).status_code == 200


# --- http -------------------------------------------------------------------------------------


def test_an_answer_that_has_not_changed_is_not_sent_again(client):
    first = client.get("/sparql", query_string={"query": LINES})
    tag = first.headers["ETag"]
    again = client.get("/sparql", query_string={"query": LINES}, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_answers_are_compressed_on_request(client):
    plain = client.get("/sparql", query_string={"query": LINES})
    packed = client.get(
        "/sparql", query_string={"query": LINES}, headers={"Accept-Encoding": "gzip"}
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_head_options_and_cross_origin(client):
    head = client.head("/sparql", query_string={"query": LINES})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in client.options("/sparql").headers["Access-Control-Allow-Methods"]


def test_the_service_describes_itself(client):
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    terms = {str(q.object) for q in ox.parse(response.data, format=ox.RdfFormat.TURTLE)}
    assert any("UnionDefaultGraph" in t for t in terms)
    void = client.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    assert b"rdfs.org/ns/void#triples" in void.data
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert b"pactgraph" in client.get("/metrics").data


# --- named queries ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_named_queries_answer_in_every_form(client, form):
    response = client.get(f"/queries/agreements-and-parties?format={form}")
    assert response.status_code == 200


def test_named_queries_refuse_what_they_do_not_know(client):
    assert client.get("/queries/nothing-of-the-kind?format=csv").status_code == 404
    response = client.get("/queries/agreements-and-parties?colour=red&format=csv")
    assert response.status_code == 404
    assert "colour" in response.text


def test_openapi_names_every_query(client):
    document = client.get("/openapi.json").json
    listed = client.get("/queries", headers={"Accept": "application/json"}).json
    assert {f"/queries/{q['name']}" for q in listed} <= set(document["paths"])
    assert document["openapi"].startswith("3.1")


# --- writing ----------------------------------------------------------------------------------


def update(client, text, token=""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(
        "/update", data=text, content_type="application/sparql-update", headers=headers
    )


def test_writing_needs_a_token_with_the_scope(client, tokens):
    text = f"INSERT DATA {{ GRAPH <{ROOM}> {{ <http://e.org/a> <http://e.org/b> 1 }} }}"
    assert update(client, text).status_code == 401
    assert update(client, text, "wrong").status_code == 401
    refused = update(client, text, tokens["graphs"])
    assert refused.status_code == 403
    assert "update" in refused.text


def test_a_write_is_read_at_once(client, tokens):
    for n in range(3):
        text = f"INSERT DATA {{ GRAPH <{ROOM}> {{ <http://e.org/a> <http://e.org/n> {n} }} }}"
        assert update(client, text, tokens["update"]).status_code == 204
        ask = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{ROOM}> {{ ?s <http://e.org/n> ?o }} }}"
        assert number(client.get("/sparql", query_string={"query": ask})) == n + 1


def test_our_own_graphs_refuse_writing_and_say_why(client, tokens):
    facts = "https://w3id.org/pactgraph/id/graph/facts"
    text = f"INSERT DATA {{ GRAPH <{facts}> {{ <http://e.org/a> <http://e.org/b> 1 }} }}"
    response = update(client, text, tokens["update"])
    assert response.status_code == 403
    assert "facts" in response.text


def test_graph_store_round_trip(client, tokens):
    headers = {"Authorization": f"Bearer {tokens['graphs']}"}
    where = {"graph": "http://example.org/other"}
    put = client.put(
        "/graphs", query_string=where, data="<http://e.org/a> <http://e.org/b> <http://e.org/c> .",
        content_type="text/turtle", headers=headers,
    )  # fmt: skip
    assert put.status_code == 201
    got = client.get("/graphs", query_string=where, headers={"Accept": "application/n-triples"})
    assert got.text.strip() == "<http://e.org/a> <http://e.org/b> <http://e.org/c> ."
    assert client.delete("/graphs", query_string=where, headers=headers).status_code == 204
    assert client.get("/graphs", query_string=where).status_code == 404
