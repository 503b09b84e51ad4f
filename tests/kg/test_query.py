"""Queries run here and elsewhere, in every form, with faults told in one line."""

from __future__ import annotations

import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
import rdflib

from kg import query
from kg.catalog import with_prefixes
from kg.errors import InputError, QueryError

EX = "https://example.org/"


@pytest.fixture
def store() -> ox.Store:
    text = f"""
    <{EX}z> <{EX}name> "Zed, \\"the\\" <b>last</b>" <{EX}g1> .
    <https://w3id.org/pactgraph/id/state/fiji> <{EX}name> "two\\nlines"@en <{EX}g2> .
    """
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.N_QUADS)
    return store


SELECT = f"SELECT ?z ?name WHERE {{ ?z <{EX}name> ?name }} ORDER BY ?name"


def test_the_default_graph_is_the_union(store):
    assert b"(2 rows)" in query.run_local(SELECT, store)
    assert b"(0 rows)" in query.run_local(SELECT, store, union=False)


def test_forms_of_rows_are_read_by_other_readers(store):
    for fmt in ("json", "xml", "csv", "tsv"):
        body = query.run_local(SELECT, store, fmt)
        result = rdflib.query.Result.parse(io.BytesIO(body), format=fmt)
        assert [str(name) for name in result.vars] == ["z", "name"], fmt
        assert len(list(result)) == 2, fmt
        assert body.endswith(b"\n")


# rdflib's own reader of JSON-LD uses a class that rdflib calls outdated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("fmt", ["ttl", "nt", "jsonld", "table"])
def test_forms_of_graphs(store, fmt):
    body = query.run_local(f"CONSTRUCT WHERE {{ ?z <{EX}name> ?n }}", store, fmt)
    names = {"ttl": "turtle", "table": "turtle", "nt": "nt", "jsonld": "json-ld"}
    assert len(rdflib.Graph().parse(data=body, format=names[fmt])) == 2


def test_yes_and_no(store):
    assert query.run_local("ASK { ?a ?b ?c }", store) == b"yes\n"
    assert query.run_local("ASK { ?a ?b 7 }", store) == b"no\n"
    assert json.loads(query.run_local("ASK { ?a ?b 7 }", store, "json"))["boolean"] is False


@pytest.mark.parametrize(
    ("text", "fmt", "word"),
    [
        (SELECT, "ttl", "answers with rows"),
        ("CONSTRUCT WHERE { ?a ?b ?c }", "csv", "answers with a graph"),
        ("ASK {}", "nt", "answers with rows"),
        (SELECT, "pdf", "choose one of table, json"),
    ],
)
def test_a_form_that_does_not_fit(store, text, fmt, word):
    with pytest.raises(InputError, match=word):
        query.run_local(text, store, fmt)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT ?x WHERE { ?x", "^line 1, column 19: "),
        ("SELECT ?x\nWHERE {\n  ?x a ?y ] }", "^line 3, column 11: .*goes wrong at"),
        ("SELECT * WHERE { ?z ?p ?o ; ] } LIMIT 3", "^line 1, column 29: .*after '] }"),
        ("SELECT ?x WERE { ?x ?p ?o }", "^line 1, column 11: .*after 'WERE"),
        ("SELECT ?x WHERE { ?x foo:y 1 }", "prefix is not declared"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "this is an update"),
        ("SELECT (<http://example.org/f>(1) AS ?x) {}", "cannot be run"),
        ("SELECT ?x {" + "(" * 51, "^line 1, column 61: brackets"),
    ],
)
@pytest.mark.parametrize("prefixed", [False, True], ids=["plain", "prefixed"])
def test_faults_say_where(store, text, word, prefixed):
    with pytest.raises(QueryError, match=word) as caught:
        query.run_local(with_prefixes(text) if prefixed else text, store)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_deep_nesting_is_refused_at_once(store):
    began = time.monotonic()
    for text in ("ASK {?s ?p " + "(" * 5000, "ASK " + "{" * 5000, "ASK { ?a " + "(^" * 900):
        with pytest.raises(QueryError, match="flatter"):
            query.run_local(text, store)
    assert time.monotonic() - began < 1


def test_brackets_in_strings_and_comments_are_no_nesting(store):
    text = 'ASK { ?a ?b "' + "(" * 500 + '" } #' + "{" * 500
    assert query.run_local(text, store) == b"no\n"


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (f"SELECT * WHERE {{ ?z <{EX}name> ?name }}", "z,name"),
        (f"SELECT * WHERE {{ ?z ?b ?a . FILTER(?b = <{EX}name>) }}", "z,b,a"),
        (f"select distinct * where {{ ?z <{EX}name> ?name }}", "z,name"),
        (f"# SELECT * ?a\nSELECT * WHERE {{ ?z <{EX}name*> ?o . ?z ?b '* ?c' }}", "z,o,b"),
        (f"SELECT (COUNT(*) AS ?n) WHERE {{ ?z <{EX}name> ?name }}", "n"),
        (f"SELECT ?n {{ {{ SELECT * {{ ?z <{EX}name> ?n }} }} }}", "n"),
    ],
)
def test_columns_come_in_the_order_of_the_query(store, text, head):
    assert query.run_local(text, store, "csv").decode().splitlines()[0] == head


def test_a_table_is_plain_and_safe(store):
    store.add(ox.Quad(ox.NamedNode(EX), ox.NamedNode(EX + "name"), ox.Literal("a\x1b[31m\u202eb")))
    body = query.run_local(SELECT, store, union=True).decode()
    assert "id:state/fiji" in body
    assert "<b>last</b>" in body
    narrow = query.run_local(SELECT, store, width=30).decode()
    assert max(map(len, narrow.splitlines())) <= 30
    assert "\x1b" not in query.run_local("SELECT * { ?a ?b ?c }", store, union=False).decode()


# --- another endpoint -----------------------------------------------------------------------


class Endpoint(BaseHTTPRequestHandler):
    """A small endpoint that answers form posts from the store of the test."""

    store: ox.Store
    status, said, media, delay = 200, b"", "", 0.0

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        time.sleep(self.delay)
        body, media = self.said, self.media
        if not body:
            fmt, media = self.form()
            body = query.run_local(form["query"][0], self.store, fmt)
        self.send_response(self.status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def form(self):
        if "turtle" in self.headers["Accept"]:
            return "ttl", "text/turtle; charset=utf-8"
        return "json", "application/sparql-results+json"

    def log_message(self, *args):
        pass


@pytest.fixture
def endpoint(store, request):
    about = {"store": store, **getattr(request, "param", {})}
    server = HTTPServer(("127.0.0.1", 0), type("Here", (Endpoint,), about))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.mark.parametrize("fmt", ["table", "json", "csv", "tsv", "xml"])
def test_the_answer_from_elsewhere_is_the_same(store, endpoint, fmt):
    text = with_prefixes(SELECT)
    assert query.run(text, endpoint, fmt) == query.run(text, store, fmt)


def test_graphs_and_truths_from_elsewhere(store, endpoint):
    text = f"CONSTRUCT WHERE {{ ?z <{EX}name> ?n }}"
    here, there = (query.run(text, where, "nt").splitlines() for where in (store, endpoint))
    assert sorted(here) == sorted(there)
    assert query.run("ASK { ?s ?p ?o }", endpoint) == b"yes\n"


OLD = {
    "said": b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"typed-literal",'
    b'"datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"7"}}]}}',
    "media": "application/sparql-results+json",
}


@pytest.mark.parametrize("endpoint", [OLD], indirect=True)
def test_the_old_spelling_of_typed_literals_is_read(endpoint):
    assert query.run("SELECT ?n { ?n ?n ?n }", endpoint, "csv") == b"n\r\n7\r\n"


BAD = [
    (
        {"status": 400, "said": "line 1: ünknown".encode(), "media": "text/plain"},
        QueryError,
        "refuses the query: line 1: ünknown",
    ),
    (
        {
            "status": 400,
            "said": b'{"detail": "no function of that name", "status": 400}',
            "media": "application/problem+json",
        },
        QueryError,
        "refuses the query: no function of that name$",
    ),
    ({"status": 404, "said": b"none", "media": "text/plain"}, InputError, "check the address"),
    ({"status": 503, "said": b"busy", "media": "text/plain"}, InputError, "answered 503"),
    ({"said": b"<html>", "media": "text/html"}, InputError, "no result of a query"),
    ({"said": b"{}", "media": "application/sparql-results+json"}, InputError, "no result"),
    ({"delay": 3.0}, InputError, "did not answer within 1 seconds"),
]


@pytest.mark.parametrize(("endpoint", "kind", "word"), BAD, indirect=["endpoint"])
def test_trouble_elsewhere_is_told_in_one_line(endpoint, kind, word):
    with pytest.raises(kind, match=word) as caught:
        query.run_remote("ASK { ?s ?p ?o }", endpoint, seconds=1)
    assert "\n" not in str(caught.value)


REFUSES = {"status": 400, "said": b"syntax error", "media": "text/plain"}


@pytest.mark.parametrize("endpoint", [REFUSES], indirect=True)
def test_a_fault_that_we_see_too_is_told_in_our_words(endpoint):
    with pytest.raises(QueryError, match=r"^line 1, column 11: "):
        query.run(with_prefixes("SELECT ?x WERE {}"), endpoint)
    with pytest.raises(QueryError, match="syntax error"):
        query.run("SELECT ?x { SERVICE <http://127.0.0.1:9/x> { ?x ?p ?o } }", endpoint)


def test_nobody_there():
    with pytest.raises(InputError, match="cannot be reached"):
        query.run("ASK {}", "http://127.0.0.1:9/sparql")
    with pytest.raises(InputError, match="is no endpoint"):
        query.run("ASK {}", "file:///etc/passwd")
