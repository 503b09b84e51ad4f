"""A small world to make claims in, and the parsed ontology, for the tests of this folder."""

from __future__ import annotations

import pytest
import rdflib

from gold import World
from kg.resources import data_dir
from kg.vocab import PG, superclasses


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def ontology() -> rdflib.Graph:
    """The edit file alone."""
    return rdflib.Graph().parse(data_dir("ontology") / "pactgraph.ttl")


@pytest.fixture(scope="session")
def concepts() -> rdflib.Graph:
    """The SKOS vocabularies."""
    graph = rdflib.Graph()
    for path in sorted((data_dir("ontology") / "vocabularies").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in sorted((data_dir("ontology") / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def with_superclasses(graph: rdflib.Graph) -> rdflib.Graph:
    """Add the classes above each stated one, as `kg.lift` does."""
    for node, cls in list(graph.subject_objects(rdflib.RDF.type)):
        for name in superclasses().get(str(cls).removeprefix(PG), ()):
            graph.add((node, rdflib.RDF.type, rdflib.URIRef(PG + name)))
    return graph
