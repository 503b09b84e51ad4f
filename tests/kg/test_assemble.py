"""The graph of a release is written so that its own gate lets it pass."""

from __future__ import annotations

import dataclasses

import pyoxigraph as ox
import pytest

from gold import World
from kg.assemble import Before, Input, assemble
from kg.check import check
from kg.model import Evidence, Linked, Span, Value
from kg.settings import Settings
from kg.vocab import PG, Iris

IRIS = Iris()
DOC = "1" * 16
VERSIONS = dict.fromkeys(("pactgraph", "extractor", "model", "ontology", "rules"), "1")


@pytest.fixture
def world():
    world = World()
    world.says(DOC, "pact:Agreement", "party", "aldoria:State")
    world.says(DOC, "pact", "party", "belmora:State")
    return world


@pytest.mark.parametrize("start", [0, 500], ids=["a span it has", "a span of its own"])
def test_a_claim_added_by_linking_shares_the_span_of_a_document(world, start):
    first = world.claims[DOC][0]
    words = Evidence(DOC, Span(start, start + 9), "its words")
    status = Value("signed", "status")
    added = dataclasses.replace(
        first, id="a" * 16, predicate="pg:status", object=status, evidence=(words,)
    )
    linked = Linked(world.linked.iri, world.linked.things, added=(added,))
    documents = [
        dataclasses.replace(document, text="its words " * 100) for document in world.documents
    ]
    given = Input(documents, world.extractions, linked, VERSIONS, Settings())
    store = ox.Store()
    assemble(store, given, Before())
    span = ox.NamedNode(IRIS.evidence(DOC, start, start + 9))
    quotes = list(store.quads_for_pattern(span, ox.NamedNode(PG + "quote"), None))
    assert len(quotes) == 1
    changed = {IRIS.claim(added.id), span.value, IRIS.entity("agreement", "pact")}
    report = check(store, IRIS, {d.id: d for d in documents}.get, changed)
    assert report.findings == ()
