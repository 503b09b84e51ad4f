"""GEXF, Cytoscape and Parquet, read back by programs that are not ours."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest

from gold import World
from kg import viewers
from kg.errors import InputError
from kg.export import export
from kg.project import project
from kg.vocab import PG, Iris

IRIS = Iris()
ODD = 'quote " angle <b> & line\nbreak, bell \x07, 雪'
ONE, TWO = "1" * 16, "2" * 16


@pytest.fixture(scope="module")
def store():
    world = World()
    for doc in (ONE, TWO):
        world.says(doc, "pact:Agreement", "party", "aldoria:State")
    world.says(ONE, "pact", "party", "belmora:State", "planned")
    world.says(ONE, "signing:Signing", "signingOf", "pact")
    world.says(ONE, "signing", "eventDate", "2031-05-12")
    world.says(TWO, "second:Signing", "eventDate", "2031-09-01", "planned")
    store = world.store()
    facts = ox.NamedNode(IRIS.graph("facts"))
    pact = ox.NamedNode(world.iri("pact"))
    for text in (ODD, "another"):
        store.add(ox.Quad(pact, ox.NamedNode(PG + "shortName"), ox.Literal(text), facts))
    return store


def written(store, name):
    out = io.BytesIO()
    export(store, name, out)
    return out.getvalue()


def edges_of(rows):
    return sorted(
        (source.rsplit("/", 1)[-1], name, end.rsplit("/", 1)[-1]) for source, name, end in rows
    )


@pytest.fixture(scope="module")
def wanted(store):
    graph = project(store)
    return len(graph.nodes), edges_of((e.source, e.name, e.target) for e in graph.edges)


PACT = IRIS.entity("agreement", "pact")


def test_gexf_is_read_by_networkx_and_an_xml_parser(store, wanted):
    data = written(store, "gexf")
    root = ElementTree.fromstring(data)
    assert len(root.findall(".//{*}edge")) == len(wanted[1])
    graph = nx.read_gexf(io.BytesIO(data))
    assert graph.number_of_nodes() == wanted[0]
    found = edges_of((s, d["label"], t) for s, t, d in graph.edges(data=True))
    assert found == wanted[1]
    assert ("pact", "party (planned)", "belmora") in found
    assert graph.nodes[PACT]["label"] == "pact"
    assert graph.nodes[PACT]["shortName"] == f"another | {ODD}".replace("\x07", "")
    assert all(d["fact"] == ("(" not in d["label"]) for *_, d in graph.edges(data=True))


def test_cyjs_is_read_by_networkx(store, wanted):
    graph = nx.cytoscape_graph(json.loads(written(store, "cyjs")))
    assert graph.number_of_nodes() == wanted[0]
    assert edges_of((s, d["label"], t) for s, t, d in graph.edges(data=True)) == wanted[1]
    assert ODD in graph.nodes[PACT]["shortName"]
    assert graph.nodes[IRIS.entity("event", "second")]["modality"] == "planned"


def test_parquet_is_read_by_pyarrow(store, wanted):
    pq = pytest.importorskip("pyarrow.parquet")
    archive = zipfile.ZipFile(io.BytesIO(written(store, "parquet")))
    nodes, edges = (
        pq.read_table(io.BytesIO(archive.read(name))) for name in ("nodes.parquet", "edges.parquet")
    )
    assert nodes.num_rows == wanted[0]
    rows = edges.to_pylist()
    assert edges_of((r["src"], r["relationship"], r["dst"]) for r in rows) == wanted[1]
    assert {r["src"] for r in rows} | {r["dst"] for r in rows} <= set(nodes["id"].to_pylist())
    pact = next(row for row in nodes.to_pylist() if row["id"] == PACT)
    assert pact["shortName"] == ["another", ODD]
    planned = next(r for r in rows if r["relationship"] == "party (planned)")
    assert (planned["fact"], planned["modality"], planned["quotes"]) == (
        False,
        "planned",
        ["its words"],
    )


def test_parquet_without_pyarrow_says_what_to_install(store, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'pactgraph\[parquet\]'"):
        viewers.parquet(store, io.BytesIO())


def test_rdfxml_answers_owlready2_by_class(store, tmp_path):
    owlready2 = pytest.importorskip("owlready2")
    export(store, "rdfxml", tmp_path / "graph.rdf")
    world = owlready2.World()
    world.get_ontology((tmp_path / "graph.rdf").as_uri()).load()
    pg = world.get_namespace(PG)
    assert [thing.iri for thing in world.search(type=pg.Agreement)] == [PACT]
    assert len(world.search(type=pg.Event)) == 2, "subclasses are found too"
