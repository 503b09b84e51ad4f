"""Queries and updates out of a grammar, whole and broken: no accident, no leak, alive afterwards.

The short form runs in CI; `PACTGRAPH_SOAK=1` makes it 50,000 requests.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections import Counter

import pyoxigraph as ox
import pytest

from kg.release import DataFolder
from kg.settings import Settings
from kg.tokens import Tokens
from procs import descendants, memory
from server import create_app
from soaking import record, size

pytestmark = pytest.mark.slow
REQUESTS = size(600, 50_000)
SEED = 20311
ALLOWED = {200, 204, 400, 403, 406, 413, 415, 503}

GRAMMAR: dict[str, list[str]] = {
    "query": [
        "{prologue}SELECT {columns} {dataset}WHERE {group} {modifiers}",
        "{prologue}ASK {dataset}{group}",
        "{prologue}CONSTRUCT {{ {triple} }} {dataset}WHERE {group} {modifiers}",
        "{prologue}DESCRIBE {term} {dataset}",
    ],
    "update": [
        "{prologue}INSERT DATA {{ {data} }}",
        "{prologue}DELETE DATA {{ GRAPH {graph} {{ {ground} }} }}",
        "{prologue}DELETE {{ {triple} }} INSERT {{ {triple} }} WHERE {group}",
        "{prologue}DELETE WHERE {{ {triple} }}",
        "CLEAR SILENT GRAPH {graph}",
        "COPY SILENT {graph} TO {graph}",
        "LOAD SILENT <http://127.0.0.1:1/x>",
        "{update} ; {update}",
    ],
    "prologue": ["", "PREFIX ex: <http://e.org/>\n", "BASE <http://e.org/>\n", "# SERVICE\n"],
    "columns": ["*", "?a", "DISTINCT ?a ?b", "(COUNT(*) AS ?n)", "({expression} AS ?x)"],
    "dataset": ["", "", "", "FROM {graph} ", "FROM NAMED {graph} "],
    "group": ["{{ {pattern} }}", "{{ {pattern} {pattern} }}", "{{ {{ {pattern} }} }}"],
    "pattern": [
        "{triple}", "{triple}", "OPTIONAL {group}", "{group} UNION {group}",
        "FILTER ({expression})", "BIND ({expression} AS ?v)", "VALUES ?a {{ {constant} }}",
        "MINUS {group}", "GRAPH {term} {group}", "{term} {path} {term} .",
        "{{ SELECT ?a WHERE {group} LIMIT 3 }}", "SERVICE SILENT <http://127.0.0.1:1/> {group}",
    ],
    "triple": ["{term} {verb} {term} ."],
    "data": ["{ground}", "GRAPH {graph} {{ {ground} }}"],
    "ground": ["{iri} {iri} {constant} .", "<http://e.org/s> a <http://e.org/C> ."],
    "term": ["?a", "?b", "{constant}", "{iri}", "_:n", "[]", "( 1 2 )"],
    "verb": ["?p", "a", "{iri}"],
    "path": ["{iri}*", "{iri}+", "^{iri}", "({iri}|a)", "!({iri}|^a)", "{iri}/{iri}?"],
    "iri": ["<http://e.org/p>", "<http://e.org/1>", "ex:a", "<rel>", "ex:%41\\~"],
    "graph": ["<http://e.org/g>", "<https://w3id.org/pactgraph/id/graph/facts>"],
    "constant": [
        "1", "-1.5", "1e400", "'x'", '"""a"b"""', "'x'@en", "true", "<http://e.org/1>",
        '"2020-02-30"^^<http://www.w3.org/2001/XMLSchema#date>', "'\\u0041\\n'",
    ],
    "expression": [
        "?a", "{constant}", "{expression} + {expression}", "STRLEN(STR({expression}))",
        "REGEX(?a, '(a+)+$')", "EXISTS {group}", "RAND() < 2", "COALESCE(?a, {constant})",
        "{expression} IN ({constant}, {constant})", "1/0", "<http://e.org/f>({constant})",
        "CONCAT(?a, {constant})", "{constant} < {constant} && !BOUND(?b)",
    ],
    "modifiers": ["", "LIMIT 5", "ORDER BY ?a LIMIT 3", "OFFSET 2", "GROUP BY ?a", "HAVING (1=1)"],
}  # fmt: skip
JUNK = [
    "{", "}", "(", ")", "'", '"""', "\\", "\x00", "\ud7ff", "<", ">", "SERVICE ", "ALL", "*" * 50,
    "{" * 80, "#", "\u202e", "ex:", "?", "@", "^^", "\\u004", "\U0010ffff", "SELECT", "1" * 400,
]  # fmt: skip


def grow(name: str, choose: random.Random, depth: int = 0) -> str:
    """Return a text of the grammar; deep down the first, shortest forms are taken."""
    forms = GRAMMAR[name]
    form = choose.choice(forms) if depth < 6 else forms[0]
    text, place = "", 0
    while place < len(form):
        if form.startswith(("{{", "}}"), place):
            text, place = text + form[place], place + 2
        elif form[place] == "{":
            end = form.index("}", place)
            text, place = text + grow(form[place + 1 : end], choose, depth + 1), end + 1
        else:
            text, place = text + form[place], place + 1
    return text


def spoil(text: str, choose: random.Random) -> str:
    """Return a text with a few accidents: cut, doubled, mixed up, with junk in it."""
    for _ in range(choose.randint(1, 4)):
        one, two = sorted(choose.randint(0, len(text)) for _ in range(2))
        text = choose.choice(
            [
                text[:one] + text[two:],
                text[:two] + text[one:],
                text[:one] + choose.choice(JUNK) + text[one:],
                text[:one] + text[one:two][::-1] + text[two:],
            ]
        )[:20_000]
    return text


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory):
    """A service on a small graph with tight limits."""
    data = tmp_path_factory.mktemp("fuzz") / "data"

    def fill(store: ox.Store) -> None:
        for n in range(200):
            store.add(
                ox.Quad(
                    ox.NamedNode(f"http://e.org/{n}"), ox.NamedNode("http://e.org/p"),
                    ox.Literal(n), ox.NamedNode("http://e.org/g"),
                )
            )  # fmt: skip

    DataFolder(data).publish(fill, "a small graph")
    made = create_app(
        Settings(
            data=data, query_seconds=1.0, write_seconds=2.0, result_bytes=1_000_000,
            query_memory_mb=256,
        )
    )  # fmt: skip
    yield made
    made.extensions["close"]()


def test_whatever_comes_the_service_answers_and_lives(app) -> None:
    folder = app.extensions["folder"].path
    _, token = Tokens(folder).create(["update", "graphs"], None)
    client, choose = app.test_client(), random.Random(SEED)
    seen: Counter[tuple[str, int]] = Counter()
    megabytes, began = [], time.monotonic()
    for number in range(REQUESTS):
        if number % max(REQUESTS // 20, 1) == 0:
            megabytes.append(sum(memory(os.getpid()).values()))
        kind = "update" if choose.random() < 0.25 else "query"
        text = grow(kind, choose)
        if choose.random() < 0.5:
            text = spoil(text, choose)
        body = text.encode("utf-8", "surrogatepass")
        response = client.post(
            "/update" if kind == "update" else "/sparql",
            data=body,
            content_type=f"application/sparql-{kind}",
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": choose.choice(["*/*", "text/csv"]),
            },
        )
        seen[kind, response.status_code] += 1
        assert response.status_code in ALLOWED, (number, text, response.text)
        if response.status_code >= 400:
            assert response.text.strip(), text
    settings = app.extensions["settings"]
    # Forkers, writer, what seals releases, one dying.
    most = 3 + settings.query_children + settings.slow_children + 2
    assert len(descendants(os.getpid())) <= most
    # The first quarter fills caches and starts processes; after that nothing grows with requests.
    assert statistics.median(megabytes[-5:]) < statistics.median(megabytes[5:10]) + 100, megabytes
    assert seen["query", 200] > REQUESTS / 10
    assert seen["query", 400] > REQUESTS / 10
    assert seen["update", 204] > REQUESTS / 50
    count = client.get(
        "/sparql", query_string={"query": "SELECT (COUNT(*) AS ?n) {}", "format": "csv"}
    )
    assert count.text.split() == ["n", "1"]
    bad = sum(count for (_, status), count in seen.items() if status >= 500 and status != 503)
    statuses = Counter(f"answers {status}" for kind, status in seen.elements())
    record(
        "fuzz of /sparql and /update", requests=REQUESTS, answers_5xx_but_503=bad,
        **dict(sorted(statuses.items())), MB_early=round(statistics.median(megabytes[5:10])),
        MB_late=round(statistics.median(megabytes[-5:])), s=round(time.monotonic() - began),
    )  # fmt: skip
