"""The setting public_text binds the endpoint: no query gives more of a document than it says."""

from __future__ import annotations

import json

import pytest

from kg.release import DataFolder, load_rdf
from kg.settings import Settings
from server import create_app, view

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
