"""Quality queries: none trips on a sound release, and each trips on the flaw that it is for."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import lab
from gold import World
from kg.vocab import PG, RDF, RDFS, Iris, expand

IRIS = Iris()
QUERIES = sorted((lab.FOLDER / "quality").glob("*.rq"))
A, B = (IRIS.entity("agreement", x) for x in "ab")
TYPE, LABEL = RDF + "type", RDFS + "label"
# query → quads (graph, subject, predicate, object) that bring in the flaw; "" graph: take out
FLAWS = {
    "fact-without-claim": [("facts", A, PG + "hasTopic", IRIS.entity("topic", "ports"))],
    "two-current-statuses": [("facts", A, PG + "status", IRIS.entity("status", "ratified"))],
    "triple-in-two-graphs": [("inferred", A, PG + "party", IRIS.entity("state", "aldoria"))],
    "inferred-beyond-relations": [("inferred", A, expand("owl:sameAs"), B)],
    "undeclared-predicate": [("links", IRIS.claim("x"), RDF + "predicate", PG + "likes")],
    "undeclared-class": [("entities", A, TYPE, PG + "Handshake")],
    "superclass-not-stated": [("entities", B, TYPE, PG + "Treaty")],
    "term-without-definition": [("ontology", PG + "Handshake", TYPE, expand("owl:Class"))],
    "thing-without-label": [("facts", A, PG + "party", IRIS.entity("state", "nameless"))],
    "thing-without-type": [("facts", B, PG + "party", IRIS.entity("state", "aldoria"))],
    "event-on-two-days": [("facts", A, PG + "eventDate", f'"{day}"') for day in (1, 2)],
    "agreement-with-one-party": [
        ("entities", B, TYPE, PG + "Agreement"),
        ("facts", B, PG + "status", IRIS.entity("status", "signed")),
    ],
    "same-name-twice": [
        ("entities", B, TYPE, PG + "Agreement"),
        ("entities", B, LABEL, '"a"@en'),
    ],
}


def node(text: str):
    if text.startswith('"'):
        return ox.Literal(
            text.strip('"').removesuffix('"@en'), language="en" if "@" in text else None
        )
    return ox.NamedNode(text)


@pytest.fixture
def sound():
    world = World()
    world.says("0123456789abcdef", "a:Agreement", "party", "aldoria:State")
    world.says("0123456789abcdef", "a", "party", "belmora:State")
    world.says("0123456789abcdef", "a", "status", "status:signed")
    world.says("0123456789abcdef", "signing:Signing", "signingOf", "a")
    world.says("0123456789abcdef", "signing", "eventDate", "2030-03-11")
    return world.store()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_quality_query(path, sound):
    head = lab.header(path)
    assert head["blocks"] in {True, False}
    assert str(head["question"]).endswith("?")
    names, rows = lab.on_oxigraph(sound, lab.text(path))
    assert {"thing", "detail"} <= set(names)
    assert rows == [], "a sound release passes"
    for graph, subject, predicate, obj in FLAWS[path.stem]:
        quad = ox.Quad(node(subject), node(predicate), node(obj), node(IRIS.graph(graph)))
        sound.add(quad)
        if path.stem == "undeclared-predicate":
            modality = ox.NamedNode(PG + "modality")
            actual = ox.NamedNode(IRIS.entity("modality", "actual"))
            sound.add(ox.Quad(quad.subject, modality, actual, quad.graph_name))
    _, rows = lab.on_oxigraph(sound, lab.text(path))
    assert len(rows) >= 1, "the flaw is found"
    assert all(row[names.index("detail")] for row in rows), "and described"
