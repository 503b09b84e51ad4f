"""A small world to make claims in, and the parsed ontology, for the tests of this folder."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest
import rdflib

from kg.model import Claim, Document, Entity, Evidence, Extraction, Linked, Span, TimeRef, Value
from kg.resources import data_dir
from kg.vocab import PG, Iris, digest, superclasses

IRIS = Iris()


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


@dataclass
class World:
    """Documents, things and claims written down by a test; `store` makes a release of them.

    A thing is written `slug:Class` at its first mention and `slug` after it; its IRI is the slug
    under the kind of its class.
    """

    gold: ModuleType
    things: dict[str, Entity] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    issued: dict[str, dt.date | None] = field(default_factory=dict)

    def iri(self, slug: str) -> str:
        from kg.vocab import kind_of

        return IRIS.entity(kind_of(self.things[slug].type), slug)

    def thing(self, text: str) -> str:
        slug, _, cls = text.partition(":")
        if cls:
            self.things[slug] = Entity(slug, cls, slug.replace("-", " "))
        return slug

    def says(
        self,
        doc: str,
        subject: str,
        predicate: str,
        obj: str,
        modality: str = "actual",
        *,
        speaker: str = "",
        on: str = "",
        confidence: float = 0.9,
    ) -> Claim:
        """Add a claim of document `doc` and return it; `on` is the day from which it holds."""
        number = len(self.claims[doc])
        day = dt.date.fromisoformat(on) if on else None
        end: str | Value | TimeRef
        if obj.startswith("status:"):
            end = Value(obj[7:], "status")
        elif obj[:4].isdigit():
            date = dt.date.fromisoformat(obj)
            end = TimeRef(Span(0, 4), obj, date, date)
        else:
            end = self.thing(obj)
        claim = Claim(
            id=digest(doc, number),
            doc=doc,
            subject=self.thing(subject),
            predicate=f"pg:{predicate}",
            object=end,
            modality=modality,  # type: ignore[arg-type]
            evidence=(Evidence(doc, Span(number * 10, number * 10 + 9), "its words"),),
            rule="test",
            speaker=self.thing(speaker) if speaker else None,
            as_of=day,
            confidence=confidence,
        )
        self.claims[doc].append(claim)
        return claim

    @property
    def linked(self) -> Linked:
        iri = {(doc, slug): self.iri(slug) for doc in self.claims for slug in self.things}
        return Linked(iri, {self.iri(slug): thing for slug, thing in self.things.items()})

    @property
    def documents(self) -> list[Document]:
        return [
            Document(doc, f"{doc}.txt", "x" * 1000, date=self.issued.get(doc))
            for doc in self.claims
        ]

    @property
    def extractions(self) -> list[Extraction]:
        return [Extraction(doc, claims=tuple(claims)) for doc, claims in self.claims.items()]

    def store(self) -> ox.Store:
        return self.gold.release(self.documents, self.extractions, self.linked)

    def holds(
        self, store: ox.Store, subject: str, predicate: str, obj: str = "", graph: str = ""
    ) -> list[str]:
        """Return slugs of the objects of a statement in a graph, or in facts and inferred."""
        found = set()
        node = ox.NamedNode(self.iri(subject))
        target = None
        if obj:
            kind = "status" if obj.startswith("status:") else ""
            iri = IRIS.entity(kind, obj[7:]) if kind else self.iri(obj)
            target = ox.NamedNode(iri)
        for name in [graph] if graph else ["facts", "inferred"]:
            where = ox.NamedNode(IRIS.graph(name))
            rows = store.quads_for_pattern(node, ox.NamedNode(PG + predicate), target, where)
            found |= {str(q.object.value).rsplit("/", 1)[-1] for q in rows}
        return sorted(found)


@pytest.fixture
def world(gold_module: ModuleType) -> World:
    return World(gold_module)


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
