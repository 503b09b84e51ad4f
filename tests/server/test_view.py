"""The setting public_text binds the endpoint: no query gives more of a document than it says."""

from __future__ import annotations

import json
import re

import pytest

from kg.release import DataFolder, load_rdf
from kg.settings import Settings
from kg.tokens import Tokens
from server import create_app, view
from server.quoting import text_mode

PG = "https://w3id.org/pactgraph/ont#"
LENGTH = 2000
DATA = f"""@prefix pg: <{PG}> . @prefix : <http://example.org/> .
:doc pg:charLength {LENGTH} .
""" + "".join(
    f':span{n} pg:inDocument :doc ; pg:startOffset {n * 200} ; pg:quote "{"word " * 30}" .\n'
    for n in range(10)
)
QUOTES = f"SELECT ?q {{ ?s <{PG}quote> ?q }} ORDER BY ?s"


@pytest.fixture
def data(tmp_path):
    source = tmp_path / "some.ttl"
    source.write_text(DATA)
    load_rdf(DataFolder(tmp_path / "data"), source)
    return tmp_path / "data"


def quotes(data, **settings):
    app = create_app(Settings(data=data, **settings))
    try:
        answer = app.test_client().get("/sparql", query_string={"query": QUOTES})
        rows = json.loads(answer.data)["results"]["bindings"]
        return [row["q"]["value"] for row in rows]
    finally:
        app.extensions["close"]()


def test_all_is_shown_where_that_is_the_setting(data) -> None:
    assert sum(map(len, quotes(data, public_text="full"))) == 1500


def test_quotations_stay_within_a_fifth_of_the_document(data) -> None:
    found = quotes(data, public_text="quotes")
    assert len(found) == 10  # the claims are there, whatever is shown of their words
    assert 0 < sum(map(len, found)) <= LENGTH // 5
    assert max(map(len, found)) <= 300


def test_no_text_at_all(data) -> None:
    assert set(quotes(data, public_text="none")) == {""}


def test_the_release_itself_keeps_its_words(data) -> None:
    quotes(data, public_text="none")
    rows = DataFolder(data).query(QUOTES)
    assert all(len(row["q"].value) == 150 for row in rows)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"host": "127.0.0.1"}, "full"),
        ({"host": "0.0.0.0"}, "quotes"),
        ({"host": "127.0.0.1", "trusted_proxies": 1}, "quotes"),
        ({"host": "0.0.0.0", "public_text": "full"}, "full"),
    ],
)
def test_auto_means_all_on_loopback_only(settings, expected) -> None:
    assert view.mode(Settings(**settings)) == expected


@pytest.fixture(params=["quotes", "none"])
def guarded(data, request):
    """A service that cuts texts, and tokens of two scopes."""
    tokens = {scope: Tokens(data).create([scope], None) for scope in ("read", "update")}
    app = create_app(Settings(data=data, public_text=request.param))
    yield app, data, tokens
    app.extensions["close"]()


def length(client, path: str, token: str = "", **params: str) -> int:
    """Return how many characters of the words in quotations an answer holds."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.get(path, query_string=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return 5 * answer.text.count("word ")


def test_a_token_with_the_scope_read_opens_the_whole_text(guarded) -> None:
    app, data, tokens = guarded
    client = app.test_client()
    ask = {"query": QUOTES, "format": "csv"}
    for path, params in (("/sparql", ask), ("/graphs", {"format": "nq"})):
        public = length(client, path, **params)
        assert public <= LENGTH // 5
        assert length(client, path, tokens["read"][1], **params) == 1500
        assert length(client, path, tokens["update"][1], **params) == public
        assert length(client, path, **params) == public, "no answer is kept for others"
    kept = client.get(
        "/sparql", query_string=ask, headers={"Authorization": f"Bearer {tokens['read'][1]}"}
    )
    assert kept.headers["Cache-Control"] == "no-store"
    with app.test_request_context(headers={"Authorization": f"Bearer {tokens['read'][1]}"}):
        assert text_mode(app.extensions["settings"]) == "full"
    counted = client.get("/metrics").text
    asked = float(re.search(r"^pactgraph_pool_asked_total (\S+)$", counted, re.M)[1])
    assert asked == sum(pool.counts.asked for pool in app.extensions["readers"].pools)
    assert app.extensions["readers"].full.counts.asked > 0
    Tokens(data).revoke(tokens["read"][0].id)
    gone = client.get(
        "/sparql", query_string=ask, headers={"Authorization": f"Bearer {tokens['read'][1]}"}
    )
    assert gone.status_code == 401


def test_a_holder_of_tokens_reads_what_was_just_written(guarded) -> None:
    app, _, tokens = guarded
    client = app.test_client()
    headers = {"Authorization": f"Bearer {tokens['read'][1]}"}
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }", "format": "csv"}
    for number in range(3):
        sent = client.post(
            "/update", data=f"INSERT DATA {{ <urn:s> <urn:p> {number} }}",
            content_type="application/sparql-update",
            headers={"Authorization": f"Bearer {tokens['update'][1]}"},
        )  # fmt: skip
        assert sent.status_code == 204
        answer = client.get("/sparql", query_string=count, headers=headers)
        assert answer.text.split() == ["n", str(number + 1)]


def test_credentials_that_are_not_ours_are_left_alone(guarded) -> None:
    client = guarded[0].test_client()
    for given in ("Basic dXNlcjpwYXNz", "Bearer something-else"):
        answer = client.get(
            "/sparql", query_string={"query": QUOTES}, headers={"Authorization": given}
        )
        assert answer.status_code == 200
