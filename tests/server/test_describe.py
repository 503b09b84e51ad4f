"""What the service says of itself: true of the release, usable, whole in every format."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF, SH, VOID

from kg.release import DataFolder
from kg.settings import Settings
from kg.vocab import prefixes
from server import create_app

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
TURTLE = """
@prefix e: <http://e.org/> .
e:a a e:City ; e:near e:b . e:b a e:City , e:Capital ; e:size 3 . e:c e:size 4 .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("described") / "data"

    def fill(store: ox.Store) -> None:
        store.load(TURTLE, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://e.org/g"))

    DataFolder(data).publish(fill, "cities")
    app = create_app(Settings(data=data, license="https://creativecommons.org/licenses/by/4.0/"))
    yield app.test_client()
    app.extensions["close"]()


def read(client, path: str, kind: str = "text/turtle") -> Graph:
    response = client.get(path, headers={"Accept": kind})
    assert response.status_code == 200
    assert response.mimetype == kind
    return Graph().parse(data=response.data, format=kind)


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_every_format_says_the_same(client, path: str) -> None:
    found = []
    for kind in (
        "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"
    ):  # fmt: skip
        response = client.get(path, headers={"Accept": kind})
        assert (response.status_code, response.mimetype) == (200, kind)
        form = ox.RdfFormat.from_media_type(kind)
        dataset = ox.Dataset(ox.parse(response.data, format=form))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        found.append(set(dataset))
    assert found[0]
    assert all(quads == found[0] for quads in found)


def test_partitions_are_those_of_the_release(client) -> None:
    graph = read(client, "/.well-known/void")
    dataset = graph.value(None, RDF.type, VOID.Dataset)
    classes = {
        str(graph.value(part, VOID["class"])): int(graph.value(part, VOID.entities).toPython())
        for part in graph.objects(dataset, VOID.classPartition)
    }
    assert classes == {"http://e.org/City": 2, "http://e.org/Capital": 1}
    properties = {
        str(graph.value(part, VOID.property)): int(graph.value(part, VOID.triples).toPython())
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert properties == {str(RDF.type): 3, "http://e.org/near": 1, "http://e.org/size": 2}
    assert int(graph.value(dataset, VOID.triples).toPython()) == 6
    city = graph.value(None, VOID["class"], URIRef("http://e.org/City"))
    used = {
        str(graph.value(part, VOID.property))
        for part in graph.objects(city, VOID.propertyPartition)
    }
    assert used == {str(RDF.type), "http://e.org/near", "http://e.org/size"}
    assert (None, SD.name, URIRef("http://e.org/g")) in graph


def test_prefixes_are_declared(client) -> None:
    graph = read(client, "/sparql")
    declared = {
        str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
        for node in graph.objects(None, SH.declare)
    }
    assert declared == prefixes()


def test_every_described_query_runs_as_it_is_written(client) -> None:
    graph = read(client, "/sparql")
    texts = [
        str(text)
        for form in (SH.select, SH.construct, SH.ask)
        for text in graph.objects(None, form)
    ]
    assert len(texts) > 20
    for text in texts[::6]:
        response = client.post("/sparql", data={"query": text})
        assert response.status_code == 200, response.text


def test_the_description_names_what_may_be_done(client) -> None:
    graph = read(client, "/sparql")
    service = graph.value(None, RDF.type, SD.Service)
    assert str(graph.value(service, SD.endpoint)).endswith("/sparql")
    assert set(graph.objects(service, SD.supportedLanguage)) == {
        SD.SPARQL11Query, SD.SPARQL11Update
    }  # fmt: skip
    assert SD.UnionDefaultGraph in set(graph.objects(service, SD.feature))
