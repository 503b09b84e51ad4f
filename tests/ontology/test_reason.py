"""The reasoner and the profile check: what must pass, what must be rejected, what is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from kg import reason
from kg.profile import violations
from kg.resources import data_dir
from kg.vocab import PG, Iris

EXAMPLES = data_dir("ontology") / "examples"
INCONSISTENT = sorted((EXAMPLES / "inconsistent").glob("*.ttl"))
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
IRIS = Iris()
jvm = [
    pytest.mark.jvm,
    pytest.mark.skipif(not reason.java(), reason="no Java virtual machine on this machine"),
]
PREFIXES = f"""@prefix pg: <{PG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <https://example.org/> .
"""


def edited(turtle: str) -> rdflib.Graph:
    return reason.ontology_graph().parse(data=PREFIXES + turtle, format="turtle")


def test_the_ontology_is_in_owl_2_dl_and_rl():
    assert violations(reason.ontology_graph()) == []


def test_no_term_is_undescribed_doubled_or_below_itself():
    found = reason.ontology_findings(verdict=reason.Verdict("none"))
    assert [finding.message for finding in found] == []


# Verdicts checked once against the profile checker of the OWL API 5.1.9.
DL = {
    "pg:foo a owl:ObjectProperty ; rdfs:domain pg:Nope .": "pg:Nope",
    "ex:a pg:nope ex:b .": "pg:nope",
    "ex:a a pg:Nope .": "pg:Nope",
    "pg:party a owl:DatatypeProperty .": "pg:party",
    "pg:party a owl:AnnotationProperty .": "pg:party",
    "pg:Agent a rdfs:Datatype .": "pg:Agent",
    "pg:party a owl:FunctionalProperty .": "pg:party",
    "pg:subEventOf a owl:AsymmetricProperty .": "pg:subEventOf",
    "pg:p a owl:ObjectProperty ; owl:propertyChainAxiom ( pg:guides pg:p pg:guides ) .": "pg:p",
    "pg:d a owl:DatatypeProperty ; rdfs:range xsd:date .": "pg:d",
    'ex:a pg:eventDate "2020-01-01"^^xsd:date .': "pg:eventDate",
    "ex:a pg:quote ex:b .": "pg:quote",
    'ex:a pg:party "x" .': "pg:party",
    "pg:quote a owl:InverseFunctionalProperty .": "pg:quote",
    "pg:Agreement rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pg:party ;"
    ' owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .': "pg:party",
    "rdf:subject a owl:ObjectProperty .": "rdf:subject",
    "ex:a rdf:subject ex:b .": "rdf:subject",
}
RL = {
    "pg:Agreement rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pg:party ;"
    " owl:someValuesFrom pg:Agent ] .": "pg:Agreement",
    "pg:Treaty rdfs:subClassOf [ a owl:Class ; owl:unionOf ( pg:Act pg:Aim ) ] .": "pg:Treaty",
    "pg:foo a owl:ObjectProperty ; rdfs:domain [ a owl:Class ; owl:unionOf ( pg:Act pg:Aim ) ] .":
    "pg:foo",
    "pg:Agreement rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pg:obligor ;"
    ' owl:minCardinality "2"^^xsd:nonNegativeInteger ] .': "pg:Agreement",
    "pg:Agent rdfs:subClassOf owl:Thing .": "pg:Agent",
    "pg:involves a owl:ReflexiveProperty .": "pg:involves",
}  # fmt: skip
FINE = [
    "[ a owl:Restriction ; owl:onProperty pg:party ; owl:someValuesFrom pg:Agent ]"
    " rdfs:subClassOf pg:Agent .",
    "pg:Agent rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pg:party ;"
    " owl:allValuesFrom pg:Agent ] .",
    "pg:Agent rdfs:subClassOf [ a owl:Class ; owl:complementOf pg:Event ] .",
    "pg:p a owl:ObjectProperty ; owl:propertyChainAxiom ( pg:guides pg:p ) .",
    "pg:Signing rdfs:subClassOf [ a owl:Restriction ; owl:onProperty pg:status ;"
    " owl:hasValue ex:done ] .",
    "pg:quote a owl:FunctionalProperty .",
]


@pytest.mark.parametrize(("turtle", "term"), DL.items())
def test_what_leaves_dl_is_named(turtle, term):
    found = violations(edited(turtle))
    assert ("DL", term) in {(v.profile, v.term) for v in found}


@pytest.mark.parametrize(("turtle", "term"), RL.items())
def test_what_leaves_rl_alone_is_named(turtle, term):
    found = violations(edited(turtle))
    assert {v.profile for v in found} == {"RL"}
    assert term in {v.term for v in found}


@pytest.mark.parametrize("turtle", FINE)
def test_what_is_allowed_passes(turtle):
    assert violations(edited(turtle)) == []


EDITS = {
    "term without definition": (
        'pg:Handshake a owl:Class ; rdfs:label "handshake"@en .',
        "pg:Handshake: has no definition",
    ),
    "cycle in subclassing": (
        "pg:Agreement rdfs:subClassOf pg:Treaty .",
        "pg:Treaty: lies under itself by rdfs:subClassOf",
    ),
    "cycle of properties": (
        "pg:involves rdfs:subPropertyOf pg:party .",
        "pg:party: lies under itself by rdfs:subPropertyOf",
    ),
    "label used twice": (
        'pg:Pact a owl:Class ; rdfs:label "treaty"@en .',
        "pg:Pact and pg:Treaty: have the same label 'treaty'",
    ),
    "undeclared property": ("pg:party rdfs:subPropertyOf pg:joins .", "pg:joins"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_edit_names_the_term(name):
    turtle, message = EDITS[name]
    found = reason.ontology_findings(edited(turtle), reason.Verdict("none"))
    messages = [finding.message for finding in found]
    assert any(message in text for text in messages), messages


def test_without_java_the_report_says_so(monkeypatch):
    monkeypatch.setattr(reason, "java", lambda: "")
    verdict = reason.classify(rdflib.Graph())
    assert verdict.reasoner == ""
    assert verdict.note.startswith("no reasoner ran: there is no Java")


class TestHermit:
    pytestmark = jvm

    def test_consistent_and_every_class_can_have_things(self):
        verdict = reason.classify(reason.ontology_graph())
        assert (verdict.reasoner, verdict.consistent) == ("HermiT", True)
        assert verdict.unsatisfiable == ()

    def test_an_unsatisfiable_class_is_named(self):
        graph = edited("pg:Rite a owl:Class ; rdfs:subClassOf pg:Agreement , pg:Signing .")
        verdict = reason.classify(graph)
        assert verdict.unsatisfiable == ("pg:Rite",)

    def test_the_valid_examples_are_consistent_together(self):
        graph = reason.ontology_graph()
        for path in VALID:
            for triple in rdflib.Graph().parse(path):
                if "22-rdf-syntax-ns" not in str(triple[1]) + str(triple[2]) or (
                    triple[1] == rdflib.RDF.type and str(triple[2]).startswith(PG)
                ):
                    graph.add(triple)
        assert reason.classify(graph).consistent

    @pytest.mark.parametrize("path", INCONSISTENT, ids=lambda path: path.stem)
    def test_a_negative_data_set_is_rejected(self, path: Path):
        head = path.read_text("utf-8").splitlines()[:2]
        assert head[0].startswith("# Mistake: ")
        assert head[1].startswith("# Meant: ")
        assert not reason.classify(reason.ontology_graph().parse(path)).consistent

    def test_a_disjointness_broken_by_a_release_names_the_thing(self, world):
        world.says("d1", "pact:Agreement", "party", "ada:Person")
        world.says("d1", "other:Agreement", "hasTopic", "ada")
        found, ran = reason.check_owl(world.store(), IRIS)
        assert [f.message for f in found] == [
            f"{reason.shorten(world.iri('ada'))}: cannot be both pg:Agent and pg:Topic"
        ]
        assert not any(f.blocks for f in found)
        assert any("HermiT" in line for line in ran)

    def test_a_sound_release_passes(self, world):
        world.says("d1", "signing:Signing", "signingOf", "pact:Treaty")
        world.says("d1", "signing", "eventDate", "2030-03-11")
        found, ran = reason.check_owl(world.store(), IRIS)
        assert found == ()
        assert "consistent" in ran[1]


def test_there_are_enough_negative_data_sets():
    assert len(INCONSISTENT) >= 10
