"""One write on a store: what is refused, what it leaves, and what may not be touched."""

from __future__ import annotations

from unittest.mock import Mock

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.vocab import DEFAULT_BASE
from server.change import Guard, Refused, apply, with_using

GUARD = Guard(DEFAULT_BASE)
FACTS = f"{DEFAULT_BASE}graph/facts"
A, B, OTHER = "http://e.org/a", "http://e.org/b", "http://e.org/graph"


def store(*graphs: str) -> ox.Store:
    found = ox.Store()
    for graph in graphs:
        found.add(ox.Quad(ox.NamedNode(A), ox.NamedNode(B), ox.Literal(graph), ox.NamedNode(graph)))
    return found


def update(text: str, found: ox.Store, before: ox.Store, guard: Guard | None = GUARD, **more):
    op = {"kind": "update", "base": A, "using": [], "using_named": [], "nesting": 50, **more}
    return apply(found, before, op, [text.encode()], guard)


def graphs(kind: str, graph: str, found: ox.Store, bodies: list[bytes] = [], **more):  # noqa: B006
    op = {"kind": kind, "graph": graph, "base": graph or A, "nesting": 50, **more}
    return apply(found, None, op, bodies, GUARD)


TOUCHING = [
    f"INSERT DATA {{ GRAPH <{FACTS}> {{ <{A}> <{B}> 1 }} }}",
    f"PREFIX g: <{DEFAULT_BASE}gr> INSERT DATA {{ GRAPH g:aph\\/facts {{ <{A}> <{B}> 1 }} }}",
    f"BASE <{DEFAULT_BASE}> INSERT DATA {{ GRAPH <graph/facts> {{ <{A}> <{B}> 1 }} }}",
    f"INSERT DATA {{ GRAPH <{FACTS[:-1]}\\u0073> {{ <{A}> <{B}> 1 }} }}",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"WITH <{FACTS}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    f"DELETE WHERE {{ GRAPH <{FACTS}> {{ ?s ?p ?o }} }}",
    "CLEAR ALL",
    "DROP NAMED",
    f"DROP GRAPH <{FACTS}>",
    f"CREATE GRAPH <{DEFAULT_BASE}graph/curated>",
    f"COPY <{OTHER}> TO <{FACTS}>",
    f"MOVE <{FACTS}> TO <{OTHER}>",
    f"ADD <{OTHER}> TO <{DEFAULT_BASE}graph/0123456789abcdef>",
]


@pytest.mark.parametrize("text", TOUCHING)
def test_what_changes_a_graph_of_ours_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        update(text, store(FACTS, OTHER), store(FACTS, OTHER))
    assert refused.value.status == 403
    assert refused.value.dirty


@pytest.mark.parametrize("text", TOUCHING)
def test_without_the_guard_everything_may_be_written(text: str) -> None:
    update(text, store(FACTS, OTHER), store(FACTS, OTHER), None)


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ <{A}> <{B}> 1 }}",
        f"INSERT DATA {{ GRAPH <{OTHER}> {{ <{A}> <{B}> 1 }} }}",
        f"INSERT {{ GRAPH <{OTHER}> {{ ?s ?p 2 }} }} WHERE {{ GRAPH <{FACTS}> {{ ?s ?p ?o }} }}",
        "INSERT { ?s ?p 2 } WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"INSERT {{ ?s ?p 2 }} USING <{FACTS}> WHERE {{ ?s ?p ?o }}",
        f"DROP SILENT GRAPH <{OTHER}>",
        "CLEAR DEFAULT",
    ],
)
def test_any_other_graph_may_be_written_and_ours_may_be_read(text: str) -> None:
    update(text, store(FACTS, OTHER), store(FACTS, OTHER))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([FACTS, OTHER, f"{DEFAULT_BASE}graph/links"]), max_size=3),
    st.sampled_from(["INSERT DATA", "DELETE DATA"]),
    st.sampled_from([FACTS, OTHER, f"{DEFAULT_BASE}graph/notes"]),
)
def test_harmless_means_that_nothing_of_ours_changes(there, verb, graph) -> None:
    """What `is_harmless` lets through without comparing would have passed the comparison."""
    text = f"{verb} {{ GRAPH <{graph}> {{ <{A}> <{B}> '{FACTS}' }} }}"
    after, before = store(*there), store(*there)
    after.update(text)
    assert not (GUARD.is_harmless(text) and GUARD.changed(before, after))


def test_a_dataset_of_the_request_is_where_an_update_reads() -> None:
    found = store(OTHER, FACTS)
    text = f"INSERT {{ <{A}> <{B}> ?o }} WHERE {{ ?s ?p ?o }}"
    update(text, found, found, using=[OTHER])
    assert [q.object.value for q in found.quads_for_pattern(None, None, None, ox.DefaultGraph())]


def test_delete_where_with_a_dataset() -> None:
    found = with_using("DELETE WHERE { ?s ?p '}' }", [OTHER], [])
    assert (
        found.split() == f"DELETE {{ ?s ?p '}}' }} USING <{OTHER}> WHERE {{ ?s ?p '}}' }}".split()
    )


@pytest.mark.parametrize("clause", ["USING <http://e.org/>", "USING NAMED <http://e.org/>"])
def test_a_dataset_named_twice_is_a_conflict(clause: str) -> None:
    with pytest.raises(Refused, match="dataset"):
        with_using(f"INSERT {{ ?s ?p ?o }} {clause} WHERE {{ ?s ?p ?o }}", [OTHER], [])


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("INSERT DATA { nonsense }", 400, "1:"),
        ("LOAD <http://127.0.0.1:1/>", 403, "LOAD"),
        ("LOAD <http://127.0.0.1:1/", 400, "parse"),
        (
            "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
            403,
            "SERVICE",
        ),
        ("INSERT DATA " + "{" * 60, 400, "query_nesting"),
    ],
)
def test_refusals_of_updates(text: str, status: int, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        update(text, store(), store())
    assert refused.value.status == status


def test_putting_replaces_and_posting_adds() -> None:
    found = store()
    turtle = {"types": ["text/turtle"]}
    one, two = b"<a> <b> 1 .", b"<a> <b> 2 ."
    assert graphs("put", OTHER, found, [one], **turtle) == {"created": True}
    assert graphs("post", OTHER, found, [two], **turtle) == {"created": False}
    assert len(found) == 2
    graphs("put", OTHER, found, [two], **turtle)
    assert [q.object.value for q in found] == ["2"]
    assert next(iter(found)).subject.value == "http://e.org/a"


def test_patching_sees_one_graph_only() -> None:
    found = store(OTHER, "http://e.org/second")
    graphs("patch", OTHER, found, [b"DELETE WHERE { ?s ?p ?o }"])
    assert [q.graph_name.value for q in found] == ["http://e.org/second"]
    with pytest.raises(Refused, match="PATCH"):
        graphs("patch", OTHER, found, [b"DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"])


@pytest.mark.parametrize(
    ("kind", "graph", "types", "body", "status"),
    [
        ("put", OTHER, ["text/turtle"], b"<a> <b>", 400),
        ("put", OTHER, ["text/turtle"], b"\xff\xfe", 400),
        ("put", OTHER, ["image/png"], b"", 415),
        ("put", FACTS, ["text/turtle"], b"", 403),
        ("post", f"{DEFAULT_BASE}graph/0123456789abcdef", ["text/turtle"], b"", 403),
        ("delete", "http://e.org/none", [], b"", 404),
    ],
)
def test_refusals_of_graphs(kind, graph, types, body, status) -> None:
    with pytest.raises(Refused) as refused:
        graphs(kind, graph, store(), [body], types=types)
    assert refused.value.status == status


@pytest.mark.parametrize("op", [{"kind": "update"}, {"kind": "put", "types": ["text/turtle"]}])
def test_a_disk_that_takes_nothing_is_no_fault_of_the_write(op) -> None:
    error = OSError("IO error: No space left on device: While appending to file: /data/1.log: No")
    known = {"base": "http://e.org/", "graph": "http://e.org/g", "using": [], "using_named": [],
             "nesting": 9}  # fmt: skip
    store = Mock(spec=ox.Store, update=Mock(side_effect=error), load=Mock(side_effect=error))
    with pytest.raises(Refused) as refused:
        apply(store, None, {**known, **op}, [b"CLEAR ALL"], None)
    assert (refused.value.status, refused.value.dirty) == (503, True)
    assert refused.value.error.endswith("written to: No space left on device")
