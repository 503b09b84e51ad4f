"""The graph of the packaged sample documents keeps the axioms, the shapes and the quality queries.

So an edit of the ontology that the samples break fails here, with the name of the term.
"""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, SKOS

from kg import catalog, pipeline, reason
from kg.release import DataFolder
from kg.resources import samples_dir
from kg.settings import Settings


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    settings = Settings(data=tmp_path_factory.mktemp("samples"))
    result = pipeline.build([samples_dir()], settings)
    assert result.documents >= 12
    assert not result.skipped
    folder = DataFolder(settings.data)
    return folder.open(result.release), folder.iris


def test_nothing_is_of_two_classes_that_exclude_each_other(release):
    assert list(reason.impossible(*release)) == []


def test_a_disjointness_that_the_samples_break_is_named(release, monkeypatch):
    """As if somebody declared treaties and agreements to exclude each other."""
    pair = {"Agreement", "Treaty"}
    monkeypatch.setattr(reason.onto, "disjoint", lambda a, b: {a, b} == pair)
    messages = list(reason.impossible(*release))
    assert messages
    assert all("cannot be both pg:Agreement and pg:Treaty" in text for text in messages)


def test_the_samples_conform_to_the_shapes(release, shapes, concepts):
    store, iris = release
    graph = rdflib.Graph()
    for name in store.named_graphs():
        if name.value != iris.graph("ontology"):
            data = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name)
            graph.parse(data=data, format="nt")
    for triple in concepts:
        if triple[1] in {RDF.type, SKOS.prefLabel}:
            graph.add(triple)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    found = [
        f"{report.value(r, SH.focusNode)}: {report.value(r, SH.resultMessage)}"
        for r in report.subjects(RDF.type, SH.ValidationResult)
    ]
    assert found == []


@pytest.mark.parametrize(
    "name",
    [n for n, q in catalog.load().items() if q.folder == "quality" and q.about["blocks"]],
)
def test_a_quality_query_finds_nothing_in_the_samples(name, release):
    rows = release[0].query(catalog.load()[name].bind(), use_default_graph_as_union=True)
    assert [[str(value) for value in row] for row in rows] == []


@pytest.mark.jvm
@pytest.mark.skipif(not reason.java(), reason="no Java virtual machine on this machine")
def test_the_reasoner_finds_the_samples_consistent(release):
    findings, ran = reason.check_owl(*release)
    assert findings == ()
    assert "consistent" in ran[1]
