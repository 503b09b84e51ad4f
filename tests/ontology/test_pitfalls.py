"""Pitfalls of the OOPS! catalogue that can be seen in the file; docs/ontology.md lists them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg import onto
from kg.resources import data_dir
from kg.vocab import PG, superclasses

TERMS = onto.terms()
CLASSES = {n for n, t in TERMS.items() if t.kind == "class"}
OBJECT = {n: t for n, t in TERMS.items() if t.kind == "object property"}
PROPERTIES = {n: t for n, t in TERMS.items() if t.kind in {"object property", "datatype property"}}


def local(iri: object) -> str:
    return str(iri).removeprefix(PG)


def test_the_page_names_tests_that_there_are():
    """Every test that docs/ontology.md refers to stands in this folder."""
    page = Path(__file__).parents[2] / "docs" / "ontology.md"
    if not page.exists():
        pytest.skip("docs/ is not part of this installation")
    named = set(re.findall(r"`(test_\w+)`", page.read_text("utf-8")))
    code = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert named
    assert {name for name in named if f"def {name}(" not in code} == set()


def test_p04_every_class_is_connected(ontology):
    """By a parent, a child, a domain or a range."""
    linked = set()
    for p in (RDFS.subClassOf, RDFS.domain, RDFS.range):
        for s, o in ontology.subject_objects(p):
            linked |= {local(s), local(o)}
    assert CLASSES - linked == set()


def test_p13_every_relation_can_be_read_backwards_in_words_of_its_own():
    """There are no inverse properties: SPARQL reads `^pg:party`, pages show these words."""
    words = [
        t.inverse_label for n, t in OBJECT.items() if "SymmetricProperty" not in t.characteristics
    ]
    assert all(words)
    labels = {t.label for t in PROPERTIES.values()}
    unusual = {"formerly held", "contains"}
    twice = {w for w in words if words.count(w) > 1} - unusual
    assert twice == set()
    assert not {w for w in words if w in labels}


def test_p19_one_domain_and_one_range(ontology):
    for p in (RDFS.domain, RDFS.range):
        for s in set(ontology.subjects(p)):
            assert len(list(ontology.objects(s, p))) == 1, f"pg:{local(s)}: several {p}"


def test_p22_one_naming_convention():
    for name in CLASSES:
        assert re.fullmatch(r"([A-Z][a-z]+)+", name), f"pg:{name} is no CamelCase name"
    for name in PROPERTIES:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", name), f"pg:{name} is no camelCase name"


def test_p24_no_definition_by_the_term_alone():
    """A definition says more than its label: it has four words that the label has not."""
    for name, term in TERMS.items():
        own = set(re.findall(r"[a-z]+", term.label.lower()))
        said = set(re.findall(r"[a-z]+", term.definition.lower())) - own
        assert len(said) >= 4, f"pg:{name}: {term.definition}"


def test_p28_p29_symmetric_and_transitive_relations_stay_in_one_class():
    for name, term in OBJECT.items():
        if {"SymmetricProperty", "TransitiveProperty"} & set(term.characteristics):
            assert term.domain == term.range, f"pg:{name} leads from one class to another"


def test_p30_p32_no_label_stands_for_two_terms_of_a_kind():
    for group in (CLASSES, set(PROPERTIES)):
        labels = [TERMS[n].label for n in group]
        assert {x for x in labels if labels.count(x) > 1} == set()


def test_p33_chains_have_several_links(ontology):
    for s, head in ontology.subject_objects(OWL.propertyChainAxiom):
        assert len(list(ontology.items(head))) >= 2, f"pg:{local(s)}"


def test_p36_p39_addresses(ontology):
    """No file name in the namespace, which is the ontology's address with a hash."""
    (iri,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert str(iri) + "#" == PG
    assert not re.search(r"\.(owl|ttl|rdf|n3|xml)\b", PG)


def test_p40_nothing_is_said_about_terms_of_others(ontology):
    """Outside terms are declared, nothing more; a statement about them would be hijacking."""
    for s, p, o in ontology:
        foreign = isinstance(s, URIRef) and not str(s).startswith((PG, PG[:-1]))
        assert not foreign or (p == RDF.type and str(o).startswith(str(OWL))), (s, p, o)


def test_p41_the_licence_is_named(ontology):
    assert list(ontology.objects(URIRef(PG[:-1]), rdflib.DCTERMS.license))


def test_subproperties_fit_under_their_parents():
    """The ends of a property lie within the ends of the property above it."""
    for name, term in PROPERTIES.items():
        for parent in term.parents:
            above = TERMS.get(local(parent)) if parent.startswith(PG) else None
            for mine, theirs in (
                (term.domain, above and above.domain),
                (term.range, above and above.range),
            ):
                if mine and theirs:
                    chain = (local(mine), *superclasses().get(local(mine), ()))
                    assert local(theirs) in chain, f"pg:{name} under pg:{local(parent)}"


@pytest.mark.parametrize("scheme", ["topics", "statuses", "modalities"])
def test_each_vocabulary_is_a_scheme_with_licence(scheme):
    graph = rdflib.Graph().parse(data_dir("ontology") / "vocabularies" / f"{scheme}.ttl")
    (node,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert list(graph.objects(node, rdflib.DCTERMS.license))
    assert list(graph.objects(node, SKOS.prefLabel))
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert graph.value(concept, SKOS.inScheme) == node
