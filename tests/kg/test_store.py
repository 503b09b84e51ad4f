"""The seam, on the data folder and on a fake; and what can be told of a store."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from hypothesis import given
from hypothesis import strategies as st

import fakes
from kg import store as module
from kg.errors import CheckFailed, LockedError
from kg.model import Finding, Report
from kg.release import DataFolder
from kg.store import canonical_lines, checksum, counts, replace_graph, replace_large
from kg.vocab import Iris

IRIS = Iris()
NODE = ox.NamedNode


def quad(name, graph="urn:g"):
    return ox.Quad(NODE(f"urn:{name}"), NODE("urn:p"), NODE("urn:o"), NODE(graph))


def names(result):
    return sorted(row["s"].value[4:] for row in result)


ALL = "SELECT ?s WHERE { ?s ?p ?o }"


@pytest.fixture(params=["folder", "fake"])
def seam(request, tmp_path):
    """Each implementation of `kg.store.Store`: the tests are the contract."""
    return DataFolder(tmp_path) if request.param == "folder" else fakes.FakeStore()


def test_a_change_is_seen_once_it_is_published(seam):
    first = seam.publish(lambda store: store.add(quad("a")), "one")
    with seam.stage() as stage:
        stage.store.add(quad("b"))
        assert names(seam.query(ALL)) == ["a"]
        assert list(stage.before) == [quad("a")]
        second = stage.publish("two")
    assert names(seam.query(ALL)) == ["a", "b"]
    assert second.number == first.number + 1


def test_a_stage_that_is_left_changes_nothing(seam):
    seam.publish(lambda store: store.add(quad("a")))
    with seam.stage() as stage:
        stage.store.add(quad("b"))
    assert names(seam.query(ALL)) == ["a"]


def test_the_gate_decides(seam):
    seam.publish(lambda store: store.add(quad("a")))
    bad = Report((Finding("shape", "no evidence"),))
    with pytest.raises(CheckFailed, match="no evidence"):
        seam.publish(lambda store: store.add(quad("b")), gate=lambda store: bad)
    assert names(seam.query(ALL)) == ["a"]


def test_there_is_one_stage_at_a_time(seam):
    with seam.stage(), pytest.raises(LockedError), seam.stage():
        pass


def test_queries_see_all_graphs_and_the_unnamed_one_as_one(seam):
    def change(store):
        store.add(quad("a"))
        store.add(ox.Quad(NODE("urn:b"), NODE("urn:p"), NODE("urn:o")))

    seam.publish(change)
    assert names(seam.query(ALL)) == ["a", "b"]


@pytest.mark.parametrize("bulk", [1, 10_000])
def test_replacing_a_graph_writes_what_differs(monkeypatch, bulk):
    monkeypatch.setattr(module, "BULK", bulk)
    store = ox.Store()
    store.extend([quad("a"), quad("b"), quad("x", "urn:other")])
    seen = replace_graph(store, "urn:g", [quad("b"), quad("c"), quad("d")])
    assert set(store.quads_for_pattern(None, None, None, NODE("urn:g"))) == {
        quad("b"),
        quad("c"),
        quad("d"),
    }
    assert (seen.graphs, seen.added, seen.removed) == ({"urn:g"}, 2, 1)
    assert seen.subjects == {"urn:a", "urn:c", "urn:d"}
    replace_graph(store, "urn:g", [], seen)
    assert (seen.size, len(store)) == (6, 1)
    assert replace_graph(store, "urn:other", [quad("x", "urn:other")]).size == 0


@pytest.mark.parametrize("noting", [True, False])
def test_replacing_a_large_graph_writes_what_differs_subject_by_subject(monkeypatch, noting):
    monkeypatch.setattr(module, "SLICE", 2)
    store = ox.Store()
    groups = [[quad("a"), more("a")], [quad("b")], [quad("c")]]
    seen = module.Difference(noting=noting)
    replace_large(store, "urn:g", iter(groups), seen)
    assert set(store) == {quad("a"), more("a"), quad("b"), quad("c")}
    assert (seen.graphs, seen.added, seen.removed) == ({"urn:g"}, 4, 0)
    assert seen.subjects == ({"urn:a", "urn:b", "urn:c"} if noting else set())
    store.add(quad("x", "urn:other"))
    seen = module.Difference()
    replace_large(store, "urn:g", iter([[quad("a")], [quad("b")], [quad("d")]]), seen)
    assert set(store) == {quad("a"), quad("b"), quad("d"), quad("x", "urn:other")}
    assert (seen.graphs, seen.added, seen.removed) == ({"urn:g"}, 1, 2)
    assert seen.subjects == {"urn:a", "urn:c", "urn:d"}
    same = module.Difference()
    replace_large(store, "urn:g", iter([[quad("d")], [quad("b")], [quad("a")]]), same)
    assert (same.size, same.graphs) == (0, set())
    replace_large(store, "urn:g", iter([]), same)
    assert (same.removed, len(store)) == (3, 1)


def more(subject):
    return ox.Quad(NODE(f"urn:{subject}"), NODE("urn:q"), NODE("urn:o"), NODE("urn:g"))


def test_counts_tell_our_graphs_from_those_of_others():
    store = ox.Store()
    for graph in (IRIS.graph("facts"), IRIS.graph("0123456789abcdef"), "urn:mine"):
        store.add(quad("a", graph))
        store.add(quad("b", graph))
    store.add(quad("c", IRIS.graph("0123456789abcdee")))
    store.add(ox.Quad(NODE("urn:b"), NODE("urn:p"), NODE("urn:o")))
    found = counts(store, IRIS)
    assert {k: v for k, v in found.items() if v} == {
        "facts": 2,
        "documents": 3,
        "others": 3,
        "triples": 8,
    }


terms = st.one_of(
    st.sampled_from([NODE("urn:a"), NODE("urn:b"), *map(ox.BlankNode, "xyz")]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(ox.Literal),
)
nodes = st.sampled_from([NODE("urn:a"), *map(ox.BlankNode, "xyz")])
quads = st.builds(
    ox.Quad, nodes, st.just(NODE("urn:p")), terms, st.sampled_from([NODE("urn:g"), NODE("urn:h")])
)


@given(st.lists(quads, max_size=8), st.permutations("xyz"))
def test_the_checksum_depends_on_the_graph_alone(found, order):
    renamed = dict(zip("xyz", order, strict=True))

    def other(node):
        return ox.BlankNode(renamed[node.value]) if isinstance(node, ox.BlankNode) else node

    one, two = ox.Store(), ox.Store()
    one.extend(found)
    two.extend(
        ox.Quad(other(q.subject), q.predicate, other(q.object), q.graph_name)
        for q in reversed(found)
    )
    assert checksum(one) == checksum(two)


@given(st.lists(quads, max_size=6))
def test_canonical_lines_are_the_graph(found):
    store, back = ox.Store(), ox.Store()
    store.extend(found)
    lines = list(canonical_lines(store))
    assert lines == sorted(lines, key=str.encode)
    back.load("".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    assert list(canonical_lines(back)) == lines
    assert len(back) == len(store)


def test_names_of_blank_nodes_agree_with_another_implementation():
    text = "_:x <urn:p> _:y . _:y <urn:p> <urn:a> . _:x <urn:q> 'v' . <urn:a> <urn:p> <urn:b> ."
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    ours = rdflib.Graph().parse(data="".join(canonical_lines(store)), format="nt")
    assert rdflib.compare.isomorphic(ours, rdflib.Graph().parse(data=text, format="turtle"))
