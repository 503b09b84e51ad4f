"""The tokeniser: what it takes for a keyword, and how long it takes at worst."""

from __future__ import annotations

import time

import pytest

from server.tokens import names_dataset, nesting, outline, tokens, words

HARMLESS = [
    'SELECT * { ?s ?p "SERVICE" }',
    "SELECT * { ?s ?p '''LOAD\n\"' SERVICE''' }",
    "ASK { ?s ?p <http://example.org/SERVICE> } # SERVICE <http://example.org/>",
    "ASK { ?SERVICE $LOAD ex:SERVICE, SERVICE:x, ex:a.LOAD, ex:b-SERVICE }",
    'ASK { ?s ?p "a\\"SERVICE" }',
    'ASK { ?s ?p "x"@service }',
    "ASK { ?s <p%20SERVICE> :LOAD }",
]
REMOTE = [
    "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "SELECT * { sErViCe SILENT ?x {} }",
    "SELECT * { SERVICESILENT <http://example.org/> {} }",
    "ASK { ?s ?p true.SERVICE <http://example.org/> {} }",
    "ASK { ?s ?p 1SERVICE<http://example.org/> {} }",
    "ASK { ?s a ?c.SERVICE<http://example.org/> {} }",
    "ASK { \\u0053ERVICE <http://example.org/> {} }",
    'ASK { ?s ?p "#" SERVICE <http://example.org/> {} }',
    "ASK { ?s ?p '\"' SERVICE <http://example.org/> {} }",
    "ASK { FILTER(?a<3) SERVICE <http://example.org/> {} FILTER(?b>3) }",
    "LOAD <http://example.org/>",
    "LOAD SILENT <http://example.org/> INTO GRAPH <http://example.org/>",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_in_strings_comments_iris_and_names_are_no_keywords(text: str) -> None:
    assert not outline(text).remote


@pytest.mark.parametrize("text", REMOTE)
def test_what_would_fetch_is_found(text: str) -> None:
    assert outline(text, nesting=50).remote


def test_from_is_found_where_it_is_a_keyword() -> None:
    assert names_dataset("SELECT * FROM <http://example.org/> { ?s ?p ?o }")
    assert names_dataset("SELECT * FROM NAMED<http://example.org/>{}")
    assert not names_dataset('SELECT ?from { ?from ex:from "FROM" } # FROM')


def test_a_query_whose_answer_may_change_is_volatile() -> None:
    assert outline("SELECT (NOW() AS ?n) {}").volatile
    assert outline("SELECT (struuid() AS ?n) {}").volatile
    assert not outline('SELECT * { ?s ?p "NOW" }').volatile


def test_depth_counts_brackets_outside_of_strings() -> None:
    assert nesting("ASK { { ( [ ] ) } }") == 4
    assert nesting('ASK { "((((((" }') == 1
    assert nesting("ASK { FILTER(1) FILTER(2) }") == 2


def test_words_come_in_order() -> None:
    assert list(words("DELETE WHERE { ?s ex:p 'WHERE' }")) == ["DELETE", "WHERE"]


def test_every_token_stands_where_it_says() -> None:
    text = "SELECT ?x WHERE { ?x a <http://example.org/C>, 'it''s' . } # end"
    for token in tokens(text):
        assert text[token.start :].upper().startswith(token.text.upper())


@pytest.mark.parametrize(
    "piece", ['\\"', '"""a', "'''", "a-", "<a", '"', ":%2", ":\\", "a.b", "?", "#\n", "1.", "@a-"]
)
def test_broken_text_takes_time_in_proportion(piece: str) -> None:
    def seconds(size: int) -> float:
        start = time.perf_counter()
        for _ in tokens(piece * (size // len(piece))):
            pass
        return time.perf_counter() - start

    short, long = min(seconds(20_000) for _ in range(3)), seconds(400_000)
    assert long < 20 * 8 * max(short, 0.001)
