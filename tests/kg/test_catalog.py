"""Named queries: found by folder, bound by exchanging one term, whatever the value."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from kg import catalog
from kg.errors import InputError, UnknownName
from kg.query import FORMATS
from kg.resources import data_dir
from kg.vocab import CONCEPTS

QUERIES = catalog.load()
HEADER = """#+ title: Things of a name
#+ question: Which things have this name?
#+ parameters:
#+   name: {type: string, example: "a"}
#+   thing: {type: iri, example: "https://example.org/a"}
#+ expects: rows
"""
BODY = """SELECT ?name ?thing WHERE {
  VALUES ?name { "a" }
  VALUES ?thing { <https://example.org/a> }
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "named.rq").write_text(HEADER + BODY, "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_has_a_header_and_is_valid_on_two_engines(name):
    query = QUERIES[name]
    assert query.title
    assert query.about.get("title"), "the header names it"
    text = query.bind()
    ox.Store().query(text)
    prepareQuery(text)


@pytest.mark.parametrize("name", [n for n, q in QUERIES.items() if q.parameters])
def test_binding_the_example_changes_nothing(name):
    query = QUERIES[name]
    examples = {n: p.example for n, p in query.parameters.items()}
    assert ox.Store().query(query.bind(examples))
    for parameter in query.parameters.values():
        assert parameter.example, "a parameter shows an example"
    example_free = {n: p.example for n, p in query.parameters.items() if p.type == "iri"}
    if len(example_free) == len(examples):
        assert query.bind(examples) == query.bind()


def test_all_folders_are_read():
    assert {query.folder for query in QUERIES.values()} >= {"competency", "browse", "quality"}


def test_a_folder_of_the_user_adds_queries(folder):
    found = catalog.load([folder])["named"]
    assert (found.title, found.expects) == ("Things of a name", "rows")
    assert found.parameters["thing"].type == "iri"


def test_the_same_name_twice_is_an_error(tmp_path):
    (tmp_path / f"{next(iter(QUERIES))}.rq").write_text("ASK {}", "utf-8")
    with pytest.raises(InputError, match="rename one"):
        catalog.load([tmp_path])


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        catalog.load([tmp_path / "none"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("#+ title: [\nASK {}", "no YAML"),
        ("#+ - a\nASK {}", "name: value"),
        ("#+ parameters: [x]\nASK {}", "must map"),
        ("#+ parameters: {x: {type: iri}}\nASK {}", "has no line"),
    ],
)
def test_a_broken_header_names_the_file(tmp_path, text, word):
    path = tmp_path / "broken.rq"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=word) as caught:
        catalog.read(path)
    assert "broken.rq" in str(caught.value)


def test_an_unknown_name_lists_near_ones():
    with pytest.raises(UnknownName, match="did you mean status-history"):
        catalog.find(QUERIES, "status-histry")
    with pytest.raises(UnknownName, match="without a name lists all"):
        catalog.find(QUERIES, "zzzzzzzzzz")


def test_unknown_parameters_and_bad_values_are_refused():
    query = QUERIES["agreements-of-state"]
    with pytest.raises(UnknownName, match="its parameters are: state"):
        query.bind({"country": "id:state/india"})
    for bad in ("India", "", "http://a b", "nowhere:x"):
        with pytest.raises(InputError, match="no address"):
            query.bind({"state": bad})
    with pytest.raises(InputError, match="write it like 2023-03-10"):
        QUERIES["agreements-signed-on"].bind({"day": "2023-02-30"})


def test_prefixed_names_follow_the_base():
    text = QUERIES["agreements-of-state"].bind({"state": "id:state/fiji"}, "https://x.org/")
    assert "VALUES ?state { <https://x.org/state/fiji> }" in text
    assert "<urn:x:y>" in QUERIES["agreements-of-state"].bind({"state": "<urn:x:y>"})


def test_prefixes_keep_line_numbers_and_may_be_declared_again():
    text = catalog.with_prefixes("PREFIX pg: <http://other/>\nASK { pg:a ?p ?o }")
    assert text.count("\n") == 1
    assert ox.Store().query(text) is not None
    assert not rdflib.Graph().query(text).askAnswer


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.lists(
    st.sampled_from(["\\", "u", "U", "0", "2", "}", '"', "\n", "\r", "{", "VALUES ?name { 1 }"])
).map("".join)


@given(words)
@example("\\\x1f")
@example("\\\\u0041\x01")
@example("\x01F01F")
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back_from_two_engines(value):
    query = catalog.NamedQuery(
        "named",
        "x",
        "t",
        "q?",
        BODY,
        {"name": catalog.Parameter("name"), "thing": catalog.Parameter("thing", "iri")},
    )
    text = query.bind({"name": value})
    rows = list(ox.Store().query(text))
    assert [(row["name"].value, row["thing"].value) for row in rows] == [
        (value, "https://example.org/a")
    ]
    assert [str(row[0]) for row in rdflib.Graph().query(text)] == [value]


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_address_breaks_out_of_its_line(value):
    try:
        text = catalog.replace(
            BODY, "thing", catalog._iri(catalog.Parameter("t", "iri"), value, "")
        )
    except InputError:
        return
    assert len(list(ox.Store().query(text))) == 1


def test_the_page_on_queries_is_true(tmp_path):
    page = (data_dir("queries") / "README.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)/`", page, re.M) == list(catalog.FOLDERS)
    named = re.search(r"- `type` is (.*?)\.", page, re.S)[1]
    assert set(re.findall(r"`(\w+)`", named)) == {"iri", "string", *catalog._FORMS}
    shown = re.search(r"Answers come as (.*)\.", page)[1]
    assert tuple(re.findall(r"`(\w+)`", shown)) == FORMATS
    (tmp_path / "example.rq").write_text(re.search(r"```sparql\n(.*?)```", page, re.S)[1], "utf-8")
    text = catalog.read(tmp_path / "example.rq").bind({"one": "id:state/japan"})
    assert "id/state/japan" in text
    ox.Store().query(text)
    for name in re.findall(r"pactgraph query ([a-z-]+)(?: |\n)", page):
        assert name in QUERIES


def test_prefixes_of_instances_follow_the_base_of_the_collection():
    store, base = ox.Store(), "https://other.example/id/"
    facts = ox.NamedNode(f"{base}graph/facts")
    node, status = ox.NamedNode(f"{base}state/x"), ox.NamedNode(CONCEPTS + "status/signed")
    store.add(ox.Quad(node, node, status, facts))
    text = catalog.with_prefixes("ASK { GRAPH graph:facts { ?x ?p status:signed } }", base)
    assert bool(store.query(text))
    assert f"PREFIX id: <{base}>" in text
    assert not store.query(catalog.with_prefixes("ASK { GRAPH graph:facts { ?x ?p ?y } }"))
