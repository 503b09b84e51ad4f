"""The edit file and what stands beside it: metadata, terms, faces made from it, and loaders."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, URIRef
from rdflib.compare import isomorphic

from kg import diagram, onto, reason
from kg.facts import LIFECYCLE
from kg.resources import data_dir
from kg.vocab import PG, Iris, kind_of, prefixes, superclasses

FOLDER = data_dir("ontology")
ROOT = Path(__file__).parents[2]
ONT = URIRef("https://w3id.org/pactgraph/ont")
VANN = rdflib.Namespace("http://purl.org/vocab/vann/")
TERMS = onto.terms()
CLASSES = [n for n, t in TERMS.items() if t.kind == "class"]
PROPERTIES = [n for n, t in TERMS.items() if t.kind in {"object property", "datatype property"}]
VALID = sorted((FOLDER / "examples" / "valid").glob("*.ttl"))
ANCHORS = {
    "prov", "org", "foaf", "schema", "skos", "dcterms", "sem", "eli", "oa",
}  # fmt: skip


# --- FAIR metadata -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "predicate",
    [
        DCTERMS.title, DCTERMS.description, DCTERMS.abstract, DCTERMS.creator, DCTERMS.contributor,
        DCTERMS.publisher, DCTERMS.created, DCTERMS.modified, DCTERMS.license, DCTERMS.source,
        DCTERMS.bibliographicCitation, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri,
        OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, RDFS.label,
    ],
    ids=lambda p: str(p).rsplit("/", 1)[-1],
)  # fmt: skip
def test_the_header_has(predicate, ontology):
    assert list(ontology.objects(ONT, predicate)), f"the ontology has no {predicate}"


def test_version_and_namespace_agree(ontology):
    version = str(ontology.value(ONT, OWL.versionInfo))
    assert str(ontology.value(ONT, OWL.versionIRI)) == f"{ONT}/{version}"
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert str(ontology.value(ONT, VANN.preferredNamespaceUri)) == PG == prefixes()["pg"]
    assert "creativecommons.org/licenses/by/4.0" in str(ontology.value(ONT, DCTERMS.license))
    for predicate in (DCTERMS.created, DCTERMS.modified):
        dt.date.fromisoformat(str(ontology.value(ONT, predicate)))


def test_nothing_is_imported(ontology):
    assert not list(ontology.objects(None, OWL.imports))


def test_prefixes_of_the_file_are_those_of_the_project():
    text = (FOLDER / "pactgraph.ttl").read_text("utf-8")
    declared = dict(re.findall(r"@prefix ([\w-]+): <([^>]+)> \.", text))
    assert declared.items() <= prefixes().items()


# --- terms -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_described(name, ontology):
    """A label in words, a definition that is a sentence of its own, an example, its home."""
    term, node = TERMS[name], URIRef(PG + name)
    assert term.label
    assert re.match(r"[A-Z“]", term.definition), f"pg:{name}: the definition is no sentence"
    assert term.definition.endswith("."), f"pg:{name}: the definition does not end"
    assert len(term.definition.split()) >= 4, f"pg:{name}: the definition is too short"
    assert term.example, f"pg:{name}: has no example"
    assert (node, RDFS.isDefinedBy, ONT) in ontology, f"pg:{name}: has no rdfs:isDefinedBy"
    languages = {label.language for label in ontology.objects(node, RDFS.label)}
    assert languages == {"en"}, f"pg:{name}: its label has no language"
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    close = set(spelled.split()) & set(re.split(r"[ -]", term.label.lower()))
    assert close or name in ALIASES, f"pg:{name}: is labelled {term.label!r}"


ALIASES = {"amountValue", "idKind"}


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_has_ends_or_says_why_not(name):
    term = TERMS[name]
    ranged = term.range or name in onto.datatypes()
    if not term.domain:
        assert any("No domain" in note for note in term.notes), f"pg:{name}: no domain, no reason"
    if not ranged:
        assert any("No range" in note for note in term.notes), f"pg:{name}: no range, no reason"
    if term.kind == "object property":
        assert term.inverse_label, f"pg:{name}: cannot be read backwards"


def test_every_class_has_an_address():
    """Instances of every class get a speaking path; values of no kind would become `thing`."""
    assert not [name for name in CLASSES if kind_of(name) == "thing"]


def test_no_property_is_functional(ontology):
    """Two values are a finding for the shapes; with a functional property they become one thing."""
    found = {*ontology.subjects(RDF.type, OWL.FunctionalProperty)}
    found |= {*ontology.subjects(RDF.type, OWL.InverseFunctionalProperty)}
    assert not found


def test_speaker_and_updates_have_no_prov_parent():
    for name in ("speaker", "updates"):
        assert not [p for p in TERMS[name].parents if "prov" in p]


def test_disjointness_of_everything_with_the_claim_layer():
    for cls in ("PolicyObject", "Agent", "Event"):
        for other in ("ExtractionRun", "LifecycleStatus", "Modality", "Claim", "Document"):
            assert onto.disjoint(cls, other), f"pg:{cls} may be a pg:{other}"
    for a, b in [
        ("Treaty", "MemorandumOfUnderstanding"),
        ("Agreement", "CooperationMechanism"),
        ("Meeting", "Visit"),
        ("Visit", "CommunicationEvent"),
    ]:
        assert not onto.disjoint(a, b), f"pg:{a} and pg:{b} may overlap in the press"


def test_terms_of_version_0_1_are_still_there_or_mapped():
    rows = (FOLDER / "mappings-0.1.tsv").read_text("utf-8").splitlines()
    for row in rows:
        if row.startswith("pg:"):
            old, new, reason_ = row.split("\t")
            assert old.removeprefix("pg:") not in TERMS
            assert set(re.findall(r"pg:(\w+)", new)) <= set(TERMS)
            assert reason_


# --- vocabularies ------------------------------------------------------------------------------


def test_statuses_stand_in_the_order_that_breaks_ties(concepts):
    scheme = URIRef(Iris().entity("status", "")[:-1])
    rows = sorted(
        (str(concepts.value(node, SKOS.notation)), str(node).rsplit("/", 1)[-1])
        for node in concepts.subjects(SKOS.inScheme, scheme)
    )
    assert [slug for _, slug in rows] == list(LIFECYCLE)


def test_events_end_in_known_statuses(ontology, concepts):
    known = set(concepts.subjects(RDF.type, URIRef(PG + "LifecycleStatus")))
    for cls, status in ontology.subject_objects(URIRef(PG + "endsInStatus")):
        assert status in known, f"{cls} ends in {status}"
        assert "LifecycleEvent" in superclasses()[str(cls).removeprefix(PG)]


def test_topics_have_names_of_their_own_and_no_cycles(concepts):
    seen: dict[str, URIRef] = {}
    topics = set(concepts.subjects(RDF.type, URIRef(PG + "Topic")))
    assert 150 <= len(topics) <= 1800
    for topic in sorted(topics):
        labels = [*concepts.objects(topic, SKOS.prefLabel), *concepts.objects(topic, SKOS.altLabel)]
        assert len(list(concepts.objects(topic, SKOS.prefLabel))) == 1, f"{topic}: labels"
        for label in labels:
            other = seen.setdefault(str(label).lower(), topic)
            assert other == topic, f"{label!r} names {topic} and {other}"
        broader = set(concepts.objects(topic, SKOS.broader))
        assert broader == set(concepts.objects(topic, URIRef(PG + "subtopicOf"))), topic
        assert broader <= topics
        assert bool(broader) != bool((topic, SKOS.topConceptOf, None) in concepts), topic
        assert topic not in set(concepts.transitive_objects(topic, SKOS.broader)) - {topic}
    for topic in topics:
        above = {o for b in concepts.objects(topic, SKOS.broader)
                 for o in concepts.transitive_objects(b, SKOS.broader)}  # fmt: skip
        assert topic not in above, f"{topic} lies within itself"


# --- alignments --------------------------------------------------------------------------------


def test_every_anchor_vocabulary_is_aligned(ontology):
    names = prefixes()
    parents = {
        str(o)
        for p in (RDFS.subClassOf, RDFS.subPropertyOf)
        for s, o in ontology.subject_objects(p)
        if str(s).startswith(PG) and not str(o).startswith(PG)
    }
    for anchor in ANCHORS:
        assert any(iri.startswith(names[anchor]) for iri in parents), f"nothing below {anchor}:"


def test_matches_are_between_our_terms_and_others():
    graph = rdflib.Graph().parse(FOLDER / "alignments" / "matches.ttl")
    for subject, predicate, obj in graph:
        assert str(subject).removeprefix(PG) in TERMS, f"{subject} is no term"
        assert str(predicate).startswith(str(SKOS))
        assert not str(obj).startswith(PG)


# --- faces made from the file ------------------------------------------------------------------


def test_the_context_is_the_one_made_from_the_ontology():
    stored = json.loads((FOLDER / "context.jsonld").read_text("utf-8"))
    assert stored == onto.context(), "run `python -m kg.diagram` to write it anew"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_context_carries_every_example(path):
    """Turtle to JSON-LD with our context and back gives the same graph."""
    graph = rdflib.Graph().parse(path)
    context = onto.context()["@context"]
    text = graph.serialize(format="json-ld", context=context)
    assert (
        "https://w3id.org/pactgraph/ont#"
        not in text.replace(json.dumps(context), "").split('"@graph"')[-1]
    ), "every term has a short name"
    again = rdflib.Graph().parse(data=text, format="json-ld")
    assert isomorphic(graph, again)


def test_the_diagram_is_the_one_drawn_from_the_ontology():
    path = ROOT / "docs" / "ontology.svg"
    if not path.exists():
        pytest.skip("docs/ is not part of this installation")
    text = path.read_text("utf-8")
    assert text == diagram.draw(), "run `python -m kg.diagram` to draw it anew"
    root = ElementTree.fromstring(text)
    words = {node.text for node in root.iter() if node.tag.endswith("text")}
    missing = [n for n in (*CLASSES, *PROPERTIES) if TERMS[n].label not in words]
    assert missing == []
    assert "script" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


# --- loaders -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rdfxml(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("ontology") / "pactgraph.rdf"
    reason.ontology_graph().serialize(str(path), format="xml", encoding="utf-8")
    return path


def test_owlready2_loads_it_and_searches_by_class(rdfxml):
    import owlready2

    world = owlready2.World()
    world.get_ontology(rdfxml.as_uri()).load()
    agreement = world[PG + "Agreement"]
    below = {c.name for c in world.search(subclass_of=agreement)}
    assert {"Treaty", "MemorandumOfUnderstanding", "Agreement"} <= below
    statuses = world.search(type=world[PG + "LifecycleStatus"])
    assert len(statuses) == len(LIFECYCLE)
    assert agreement.label.en == ["agreement"]
    assert world[PG + "party"].is_a[-1] in {world[PG + "involves"], owlready2.ObjectProperty}


def test_horned_owl_loads_it(rdfxml):
    import pyhornedowl

    loaded = pyhornedowl.open_ontology(str(rdfxml))
    found = {iri.removeprefix(PG) for iri in loaded.get_classes() if iri.startswith(PG)}
    assert found == set(CLASSES)
    properties = {
        iri.removeprefix(PG) for iri in loaded.get_object_properties() if iri.startswith(PG)
    }
    assert properties == {n for n in PROPERTIES if TERMS[n].kind == "object property"}
