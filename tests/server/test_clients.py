"""Programs that people use, unchanged, against a running server."""

from __future__ import annotations

import shutil
import subprocess

import httpx
import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from kg.release import DataFolder, load_rdf
from serving import serving

pytestmark = pytest.mark.slow
EX = "http://example.org/"
DATA = f"""@prefix : <{EX}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Pact a owl:Class ; rdfs:label "pact"@en .
:one a :Pact ; rdfs:label "first \\"pact\\", signed"@en .
:two a :Pact ; rdfs:label "second"@en .
"""
LABELS = f"SELECT ?s ?l {{ ?s a <{EX}Pact> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("clients") / "data"
    source = data.parent / "some.ttl"
    source.write_text(DATA)
    load_rdf(DataFolder(data), source)
    with serving(data) as running:
        yield running.root, running.token


@pytest.mark.parametrize(("method", "how"), [(GET, None), (POST, None), (POST, POSTDIRECTLY)])
@pytest.mark.parametrize("form", [JSON, XML, CSV])
def test_sparqlwrapper_asks(server, method, how, form) -> None:
    client = SPARQLWrapper(f"{server[0]}/sparql")
    client.setMethod(method)
    if how:
        client.setRequestMethod(how)
    client.setReturnFormat(form)
    client.setQuery(LABELS)
    found = client.query().convert()
    if form == JSON:
        rows = found["results"]["bindings"]
        assert {row["l"]["value"] for row in rows} == {'first "pact", signed', "second"}
    elif form == XML:
        assert len(found.getElementsByTagName("result")) == 2
    else:
        assert found.count(b"\n") == 3


def test_sparqlwrapper_takes_a_graph(server) -> None:
    client = SPARQLWrapper(f"{server[0]}/sparql")
    client.setReturnFormat(TURTLE)
    client.setQuery(ALL)
    graph = Graph().parse(data=client.query().convert(), format="turtle")
    assert (URIRef(EX + "two"), None, Literal("second", lang="en")) in graph


def test_sparqlwrapper_updates_with_a_token_only(server) -> None:
    root, token = server
    client = SPARQLWrapper(f"{root}/update")
    client.setMethod(POST)
    text = f"INSERT DATA {{ GRAPH <{EX}w> {{ <{EX}w> <{EX}p> 1 }} }}"
    client.setQuery(text)
    with pytest.raises(Exception, match=r"401|Unauthorized|token"):
        client.query()
    client.addCustomHttpHeader("Authorization", f"Bearer {token}")
    client.query()
    asked = httpx.get(f"{root}/sparql", params={"query": f"ASK {{ GRAPH <{EX}w> {{ ?s ?p 1 }} }}"})
    assert asked.json()["boolean"] is True


def test_rdflib_update_store(server) -> None:
    root, token = server
    store = SPARQLUpdateStore(
        f"{root}/sparql", f"{root}/update", headers={"Authorization": f"Bearer {token}"}
    )
    graph = Dataset(store=store, default_union=True).graph(URIRef(EX + "store"))
    graph.add((URIRef(EX + "a"), URIRef(EX + "p"), Literal("über")))
    assert (URIRef(EX + "a"), URIRef(EX + "p"), Literal("über")) in graph
    assert len(graph) == 1
    graph.remove((URIRef(EX + "a"), None, None))
    assert len(graph) == 0


def test_httpx_with_compression_and_revalidation(server) -> None:
    root, _ = server
    with httpx.Client(base_url=root) as client:
        first = client.get("/sparql", params={"query": LABELS})
        again = client.get(
            "/sparql", params={"query": LABELS}, headers={"If-None-Match": first.headers["ETag"]}
        )
    assert first.status_code == 200
    assert again.status_code == 304
    assert not again.content


def test_curl_as_people_type_it(server) -> None:
    command = ["curl", "-s", f"{server[0]}/sparql", "-H", "Accept: text/tab-separated-values"]
    said = subprocess.run(
        [*command, "--data-urlencode", f"query={LABELS}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.startswith("?s\t?l\n")
    assert said.count("\n") == 3


@pytest.mark.skipif(not shutil.which("rapper"), reason="rapper is not installed")
@pytest.mark.parametrize(
    ("kind", "parser"),
    [
        ("application/rdf+xml", "rdfxml"),
        ("text/turtle", "turtle"),
        ("application/n-triples", "ntriples"),
    ],
)
def test_rapper_reads_what_it_fetches(server, kind, parser) -> None:
    got = httpx.get(f"{server[0]}/sparql", params={"query": ALL}, headers={"Accept": kind})
    said = subprocess.run(
        ["rapper", "-q", "-c", "-i", parser, "-", EX], input=got.content, capture_output=True,
        check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr.decode()


def test_owlready2_reads_what_it_fetches(server, tmp_path) -> None:
    import owlready2

    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{EX}')) }}"
    got = httpx.get(
        f"{server[0]}/sparql", params={"query": text}, headers={"Accept": "application/rdf+xml"}
    )
    path = tmp_path / "fetched.owl"
    path.write_bytes(got.content)
    ontology = owlready2.World().get_ontology(path.as_uri()).load()
    assert {thing.iri for thing in ontology.search(type=ontology.search_one(iri=EX + "Pact"))} == {
        EX + "one",
        EX + "two",
    }
