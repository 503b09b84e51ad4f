"""A small world to make claims in, and the parsed ontology, for the tests of this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import rdflib

from kg.resources import data_dir
from kg.vocab import PG, superclasses


def _load(name: str, path: Path) -> ModuleType:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def gold_module() -> ModuleType:
    return _load("pactgraph_gold", Path(__file__).parents[1] / "gold.py")


@pytest.fixture
def world(gold_module: ModuleType):
    return gold_module.World()


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
