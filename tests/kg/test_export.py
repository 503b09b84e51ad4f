"""Exports, each read back by a program that is not ours, and what may never be lost."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare

from gold import World
from kg.errors import InputError, UnknownName
from kg.export import FORMATS, export, find
from kg.store import canonical_lines
from kg.vocab import PG, Iris

# rdflib calls what it has deprecated itself.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
IRIS = Iris()
ODD = 'quote " angle <b> & comma, line\nbreak, bell \x07, 雪, \u202e'


@pytest.fixture(scope="module")
def world():
    world = World()
    one, two = "1" * 16, "2" * 16
    for doc in (one, two):
        world.says(doc, "pact:Agreement", "party", "aldoria:State")
    world.says(one, "pact", "party", "belmora:State")
    world.says(one, "pact", "status", "status:signed", on="2031-05-12")
    world.says(one, "signing:Signing", "signingOf", "pact")
    world.says(one, "signing", "eventDate", "2031-05-12")
    world.says(one, "pact", "party", "cormoran:State", "planned")
    world.says(two, "orr:Person", "holdsOffice", "minister:Office")
    world.says(two, "second:Signing", "eventDate", "2031-09-01", "planned", speaker="orr")
    world.says(two, "second", "signingOf", "pact", "planned", speaker="orr", said="2031-05-14")
    world.says(two, "pact", "party", "doria:State", "negated")
    world.says(two, "pact", "party", "etrana:State", confidence=0.1)
    world.says(two, "report:NewsArticle", "dateIssued", "2031-05-14")
    return world


@pytest.fixture(scope="module")
def store(world):
    store = world.store()
    iri = world.iri("pact")
    note = ox.Quad(
        ox.NamedNode(iri), ox.NamedNode(PG + "note"), ox.Literal(ODD), ox.NamedNode("urn:mine")
    )
    store.add(note)
    store.update(f"INSERT DATA {{ GRAPH <urn:mine> {{ <{iri}> <{PG}note> [ <{PG}note> 1 ] }} }}")
    return store


def written(store, name):
    out = io.BytesIO()
    export(store, name, out)
    return out.getvalue()


def nquads(data):
    """Return canonical lines of what rdflib read, made by the other library."""
    store = ox.Store()
    store.load(data.serialize(format="nquads", encoding="utf-8"), format=ox.RdfFormat.N_QUADS)
    return list(canonical_lines(store))


@pytest.mark.parametrize(("name", "parser"), [("trig", "trig"), ("jsonld", "json-ld")])
def test_datasets_come_back_whole_in_rdflib(store, name, parser):
    back = rdflib.Dataset()
    back.parse(data=written(store, name), format=parser)
    assert nquads(back) == list(canonical_lines(store))


def test_nquads_are_canonical_and_come_back_whole(store):
    data = written(store, "nquads")
    back = ox.Store()
    back.load(data, format=ox.RdfFormat.N_QUADS)
    assert written(back, "nquads") == data
    assert data.splitlines() == sorted(data.splitlines())


@pytest.mark.parametrize(("name", "parser"), [("turtle", "turtle"), ("ntriples", "nt")])
def test_unions_come_back_whole_in_rdflib(store, name, parser):
    back = rdflib.Graph().parse(data=written(store, name), format=parser)
    assert len(back) == len({quad.triple for quad in store})
    graph = rdflib.Graph().parse(data=written(store, "ntriples"), format="nt")
    assert rdflib.compare.isomorphic(_small(back), _small(graph))


def _small(graph):
    """Return what is said of the pact; to compare the whole ontology takes long."""
    pact = rdflib.URIRef(IRIS.entity("agreement", "pact"))
    return graph.cbd(pact)


def test_rdfxml_is_well_formed_and_loses_control_characters_only(store):
    data = written(store, "rdfxml")
    ElementTree.fromstring(data)
    back = rdflib.Graph().parse(data=data, format="xml")
    assert len(back) == len({quad.triple for quad in store})
    note = [str(o) for o in back.objects(None, rdflib.URIRef(PG + "note"))]
    assert ODD.replace("\x07", "") in note


def test_rdfxml_is_read_by_an_owl_library(store, tmp_path):
    owl = pytest.importorskip("pyhornedowl")
    export(store, "rdfxml", tmp_path / "graph.owl")
    ontology = owl.open_ontology_from_file(str(tmp_path / "graph.owl"))
    assert PG + "Agreement" in set(ontology.get_classes())


@pytest.mark.skipif(not shutil.which("rapper"), reason="raptor2-utils is not installed")
@pytest.mark.parametrize(
    ("name", "parser"), [("turtle", "turtle"), ("ntriples", "ntriples"), ("rdfxml", "rdfxml")]
)
def test_raptor_counts_the_same(store, tmp_path, name, parser):
    export(store, name, tmp_path / "graph")
    command = ["rapper", "-c", "-i", parser, str(tmp_path / "graph")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert int(re.findall(r"(\d+) triples", said)[0]) == len({quad.triple for quad in store})


def test_jsonld_is_written_with_prefixes(store):
    document = json.loads(written(store, "jsonld"))
    assert document["@context"]["pg"] == PG
    graphs = {graph["@id"]: graph["@graph"] for graph in document["@graph"]}
    facts = {node["@id"]: node for node in graphs["graph:facts"]}
    pact = facts["id:agreement/pact"]
    assert pact["pg:status"] == {"@id": "status:signed"}
    assert {"@id": "id:state/aldoria"} in pact["pg:party"]


def test_an_address_that_looks_like_a_prefixed_name_stays_itself():
    store = ox.Store()
    node = ox.NamedNode("pg:party")
    store.add(ox.Quad(node, node, node, node))
    back = rdflib.Dataset()
    back.parse(data=written(store, "jsonld"), format="json-ld")
    assert {str(s) for s, *_ in back.quads()} == {"pg:party"}


def read_graphml(store):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nx.read_graphml(io.BytesIO(written(store, "graphml")))


def test_graphml_has_things_facts_and_claims_with_their_modality(store):
    graph = read_graphml(store)
    pact = IRIS.entity("agreement", "pact")
    assert graph.nodes[pact]["type"] == "Agreement"
    edges = {(d["label"], v.rsplit("/", 1)[-1]): d for _, v, d in graph.out_edges(pact, data=True)}
    assert edges["party", "aldoria"]["fact"] is True
    assert edges["party", "aldoria"]["documents"] == 2
    assert edges["status", "signed"]["modality"] == "actual"
    assert edges["party (planned)", "cormoran"]["fact"] is False
    assert edges["party (negated)", "doria"]["modality"] == "negated"
    assert "confidence" in edges["party (claimed)", "etrana"]["reason"]
    signing = graph.nodes[IRIS.entity("event", "signing")]
    assert (signing["eventDate"], signing["modality"]) == ("2031-05-12", "actual")


def test_a_planned_value_is_no_property_of_its_node(store):
    graph = read_graphml(store)
    second = IRIS.entity("event", "second")
    assert graph.nodes[second]["modality"] == "planned"
    assert "eventDate" not in graph.nodes[second]
    ((_, end, edge),) = [
        e for e in graph.out_edges(second, data=True) if e[2]["property"] == "pg:eventDate"
    ]
    assert (graph.nodes[end]["label"], edge["label"]) == ("2031-09-01", "eventDate (planned)")
    assert edge["speaker"] == "orr"


def test_what_a_document_says_of_itself_is_a_property(store):
    graph = read_graphml(store)
    (report,) = [d for _, d in graph.nodes(data=True) if d["label"] == "report"]
    assert (report["dateIssued"], report["type"]) == ("2031-05-14", "NewsArticle")
    assert not [e for e in graph.edges(data=True) if e[2]["property"] == "pg:dateIssued"]


@pytest.mark.parametrize("name", ["graphml", "neo4j-csv"])
def test_no_edge_that_is_named_like_a_fact_is_none(store, name):
    """Whoever looks at names only never takes a promise for a deed."""
    facts = {
        (q.subject.value, q.predicate.value.removeprefix(PG), q.object.value)
        for graph in ("facts", "inferred")
        for q in store.quads_for_pattern(None, None, None, ox.NamedNode(IRIS.graph(graph)))
    }
    if name == "graphml":
        graph = read_graphml(store)
        edges = [(u, d["label"], v) for u, v, d in graph.edges(data=True)]
    else:
        rows = neo4j(store)[1]
        edges = [(r[":START_ID"], r[":TYPE"], r[":END_ID"]) for r in rows]
    named_like_facts = [e for e in edges if not re.search(r"[ _]\(?[a-z]+\)?$", e[1])]
    assert len(named_like_facts) >= 5
    assert set(named_like_facts) <= facts
    assert len(edges) - len(named_like_facts) == 5


def neo4j(store):
    archive = zipfile.ZipFile(io.BytesIO(written(store, "neo4j-csv")))
    return [
        list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
        for name in ("nodes.csv", "relationships.csv")
    ]


def test_neo4j_tables_fit_together(store):
    nodes, edges = neo4j(store)
    ids = {row["id:ID"] for row in nodes}
    assert len(ids) == len(nodes)
    assert {row[":START_ID"] for row in edges} | {row[":END_ID"] for row in edges} <= ids
    assert all(re.fullmatch(r"\w+", row[":TYPE"]) for row in edges)
    assert all(row[":LABEL"] for row in nodes)


def test_claims_csv_has_every_claim_with_its_words(store, world):
    rows = list(csv.DictReader(io.StringIO(written(store, "claims-csv").decode(), newline="")))
    assert len(rows) == sum(map(len, world.claims.values()))
    row = next(r for r in rows if r["object_label"] == "cormoran")
    assert (row["subject_label"], row["modality"], row["fact"]) == ("pact", "planned", "false")
    assert (row["quote"], row["reason"]) == ("its words", "the text presents it as planned")
    assert sum(r["fact"] == "true" for r in rows) == 8


def test_every_format_of_an_empty_graph_can_be_read(tmp_path):
    for name in FORMATS:
        export(ox.Store(), name, tmp_path / name)
        assert (tmp_path / name).exists()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_graph_gives_the_same_bytes(store, name):
    again = ox.Store()
    again.extend(reversed(list(store)))
    assert written(again, name) == written(store, name)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_page_on_exports_names_every_format(name):
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    form = FORMATS[name]
    assert f"| `{name}` | `.{form.ending}` | `{form.media_type}` |" in page


def test_errors_say_what_to_do(store, tmp_path):
    with pytest.raises(UnknownName, match=r"choose from turtle, trig"):
        export(store, "msword", tmp_path / "x")
    with pytest.raises(InputError, match="cannot be written"):
        export(store, "turtle", tmp_path / "none" / "x.ttl")
    assert find("ttl") is FORMATS["turtle"]
    bad = ox.Store()
    bad.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:1"), ox.NamedNode("urn:b")))
    with pytest.raises(InputError, match="use turtle"):
        export(bad, "rdfxml", tmp_path / "x.rdf")
    assert list(tmp_path.iterdir()) == []
