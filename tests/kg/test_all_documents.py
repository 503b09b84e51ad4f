"""The promises of the graph, over all sample and development documents, as they are built."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import canonical
from kg.explain import Explainer, Explanation
from kg.pipeline import build
from kg.release import DataFolder
from kg.resources import samples_dir
from kg.settings import Settings
from kg.vocab import sparql_prologue
from promise import broken

pytestmark = pytest.mark.slow
# The test part of the corpus begins at 100: nobody who works on the extraction looks at it.
DEVELOPMENT = Path(__file__).parents[1] / "quality/documents"
DOCUMENTS = [*sorted(samples_dir().glob("*.txt")), *sorted(DEVELOPMENT.glob("0??.txt"))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> DataFolder:
    """A data folder with all documents, read in one process."""
    data = tmp_path_factory.mktemp("one")
    done = build(DOCUMENTS, Settings(data=data / "data", processes=1))
    assert done.skipped == ()
    assert done.documents >= 40
    return DataFolder(data / "data")


def rows(store: ox.Store, text: str) -> list[list[str]]:
    found = store.query(sparql_prologue() + text, use_default_graph_as_union=True)
    return [[str(getattr(value, "value", value)) for value in row] for row in found]


def test_other_order_and_more_processes_give_the_same_graph(folder, tmp_path):
    """Every byte of the canonical N-Quads, from an empty folder each."""
    places = [Path(shutil.copy(path, tmp_path)) for path in DOCUMENTS]
    random.Random(5).shuffle(places)
    known = Settings(data=tmp_path / "data", processes=2)
    build(places, known)
    other = DataFolder(known.data)
    assert other.document_ids() == folder.document_ids()
    assert list(canonical.lines(other.open())) == list(canonical.lines(folder.open()))


def test_every_claim_has_evidence_and_every_quote_is_its_span(folder):
    """In what was read, and in the graph that was published."""
    wrong = []
    for document in folder.documents():
        extraction = folder.extraction(document.id)
        wrong += [f"{document.name}: {what}" for what in broken(document, extraction)]
    assert wrong == []
    store = folder.open()
    claims = rows(store, "SELECT ?c WHERE { ?c a pg:Claim }")
    assert len(claims) > 1000
    text = "SELECT ?c WHERE { ?c a pg:Claim FILTER NOT EXISTS { ?c pg:hasEvidence ?e } }"
    assert rows(store, text) == []
    spans = rows(
        store,
        "SELECT ?id ?a ?b ?quote WHERE { ?e a pg:EvidenceSpan ; pg:inDocument ?doc ;"
        " pg:startOffset ?a ; pg:endOffset ?b ; pg:quote ?quote BIND(REPLACE(STR(?doc), '.*/', '')"
        " AS ?id) }",
    )
    texts = {document.id: document.text for document in folder.documents()}
    assert len(spans) > 500
    assert [row for row in spans if texts[row[0]][int(row[1]) : int(row[2])] != row[3]] == []


def test_every_fact_rests_on_an_actual_claim(folder):
    """The time span that an exact day brings along rests on the claim of that day, in its words."""
    accepted = "pg:modality modality:actual FILTER NOT EXISTS { ?c pg:notAcceptedBecause ?why }"
    unfounded = rows(
        folder.open(),
        "SELECT ?s ?p ?o WHERE { GRAPH graph:facts { ?s ?p ?o }"
        " FILTER NOT EXISTS { ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;"
        f" {accepted} }}"
        " FILTER NOT EXISTS { FILTER(?p = pg:when) ?o pg:dateText ?words . ?c rdf:subject ?s ;"
        f" pg:dateText ?words ; {accepted} }} }}",
    )
    assert unfounded == []


def test_what_is_derived_rests_on_actual_claims_only(folder):
    store = folder.open()
    explainer = Explainer(store, folder.iris)
    graph = ox.NamedNode(folder.iris.graph("inferred"))
    inferred = list(store.quads_for_pattern(None, None, None, graph))
    assert len(inferred) > 100
    hollow = []
    for quad in inferred:
        if not isinstance(quad.object, ox.NamedNode):
            continue
        found = explainer.triple(quad.subject.value, quad.predicate.value, quad.object.value)
        assert found.rule, found.statement
        hollow += [f"{found.statement} from {leaf.statement}" for leaf in leaves(found)
                   if not is_founded(leaf)]  # fmt: skip
    assert hollow == []


def leaves(found: Explanation) -> list[Explanation]:
    """Return the statements that an explanation ends in."""
    if not found.premises:
        return [found]
    return [leaf for premise in found.premises for leaf in leaves(premise)]


def is_founded(leaf: Explanation) -> bool:
    """Tell whether a statement is a fact with an actual claim, or of what things are and mean."""
    return bool(leaf.sources) if leaf.graph == "facts" else leaf.graph in {"entities", "ontology"}
