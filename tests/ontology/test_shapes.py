"""Shapes against examples: valid ones pass, each invalid one trips the shape that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, SKOS, URIRef

from kg import onto
from kg.resources import data_dir
from kg.vocab import PG, superclasses

EXAMPLES = data_dir("ontology") / "examples"
SHAPE = "https://w3id.org/pactgraph/shape/"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))


@pytest.fixture(scope="module")
def background(concepts) -> rdflib.Graph:
    """What examples may refer to: the concepts with their types and labels."""
    graph = rdflib.Graph()
    for triple in concepts:
        if triple[1] in {RDF.type, SKOS.prefLabel}:
            graph.add(triple)
    return graph


def tripped(path: Path, background: rdflib.Graph, shapes: rdflib.Graph) -> dict[str, str]:
    """Return name → message of the shapes that an example trips."""
    graph = rdflib.Graph().parse(path)
    for node, cls in list(graph.subject_objects(RDF.type)):
        for name in superclasses().get(str(cls).removeprefix(PG), ()):
            graph.add((node, RDF.type, URIRef(PG + name)))
    for node in {*graph.objects()} & {*background.subjects()}:
        for triple in background.triples((node, None, None)):
            graph.add(triple)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    found = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        source = report.value(result, SH.sourceShape)
        if not str(source).startswith(SHAPE):
            source = shapes.value(predicate=SH.property, object=source)
        name = str(source).removeprefix(SHAPE)
        found[name] = str(report.value(result, SH.resultMessage))
    return found


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_conforms(path, background, shapes):
    assert tripped(path, background, shapes) == {}


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_trips_its_shape(path, background, shapes):
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == f"# Trips: shape:{path.stem}"
    assert re.match(r"# Mistake: \S.*[.]$", lines[1])
    assert re.match(r"# Meant: \S.*[.]$", lines[2])
    assert path.stem in tripped(path, background, shapes)


def test_every_shape_has_an_invalid_example(shapes):
    names = {str(s).removeprefix(SHAPE) for s in shapes.subjects() if str(s).startswith(SHAPE)}
    assert names == {path.stem for path in INVALID}


def test_every_class_and_property_is_used_by_a_valid_example():
    used = {str(node) for path in VALID for triple in rdflib.Graph().parse(path) for node in triple}
    kinds = {"class", "object property", "datatype property"}
    missing = [n for n, term in onto.terms().items() if term.kind in kinds and PG + n not in used]
    assert missing == []


def undeclared(shapes: rdflib.Graph) -> list[str]:
    """Name the shapes that speak of a class or property that the ontology has not."""
    found = []
    terms = set(onto.terms())
    for shape, predicate, node in shapes:
        if predicate in {SH.path, SH.targetClass, SH["class"], SH.targetSubjectsOf}:
            name = str(node).removeprefix(PG)
            if str(node).startswith(PG) and name not in terms:
                owner = shape
                while not str(owner).startswith(SHAPE):
                    owner = next(shapes.subjects(None, owner))
                found.append(f"{str(owner).removeprefix(SHAPE)}: pg:{name} is not declared")
    return sorted(found)


def test_shapes_speak_of_declared_terms(shapes):
    assert undeclared(shapes) == []


def test_an_undeclared_property_in_a_shape_is_named(shapes):
    turtle = f"""@prefix sh: <{SH}> . @prefix pg: <{PG}> . @prefix shape: <{SHAPE}> .
    shape:odd a sh:NodeShape ; sh:targetClass pg:Handshake ;
      sh:property [ sh:path pg:shakes ] ."""
    graph = shapes + rdflib.Graph().parse(data=turtle, format="turtle")
    assert undeclared(graph) == [
        "odd: pg:Handshake is not declared",
        "odd: pg:shakes is not declared",
    ]


def test_shapes_are_well_formed(shapes):
    """They conform to the shapes of SHACL, and every constraint has severity and message."""
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text
    for shape in {*shapes.subjects(SH.property), *shapes.objects(None, SH.property)}:
        assert shapes.value(shape, SH.severity) in {SH.Violation, SH.Warning}, shape
        assert str(shapes.value(shape, SH.message)).endswith("."), shape


def test_structure_blocks_and_clashes_warn(shapes):
    """What makes a claim worthless stops a release, what contradicts another claim does not."""
    for name in ("Claim", "EvidenceSpan"):
        found = set(shapes.subjects(SH.targetClass, URIRef(PG + name)))
        assert {shapes.value(s, SH.severity) for s in found} == {SH.Violation}
    for name in ("PolicyObject", "Event", "Agent"):
        found = set(shapes.subjects(SH.targetClass, URIRef(PG + name)))
        clashes = {s for s in found if "thing-label" not in str(s)}
        assert {shapes.value(s, SH.severity) for s in clashes} == {SH.Warning}
