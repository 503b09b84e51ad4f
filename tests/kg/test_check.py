"""The gate: what is sound passes, each flaw is found where it is, and nothing else is looked at."""

from __future__ import annotations

import dataclasses
import re

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from gold import World
from kg import check as gate
from kg import shapes
from kg.alike import Keys
from kg.check import check
from kg.errors import UnknownName
from kg.model import Document
from kg.resources import data_dir
from kg.scope import LIMIT
from kg.vocab import PG, RDF, RDFS, Iris, ontology_quads, superclasses

IRIS = Iris()
DOC, OTHER = "1" * 16, "2" * 16
INVALID = sorted((data_dir("ontology") / "examples" / "invalid").glob("*.ttl"))


@pytest.fixture
def world():
    world = World()
    for doc in (DOC, OTHER):
        world.says(doc, "pact:Agreement", "party", "aldoria:State")
    world.says(DOC, "pact", "party", "belmora:State")
    world.says(DOC, "pact", "status", "status:signed", on="2031-05-12")
    world.says(DOC, "signing:Signing", "signingOf", "pact")
    world.says(DOC, "signing", "eventDate", "2031-05-12")
    world.says(OTHER, "pact", "party", "cormoran:State", "planned")
    return world


@pytest.fixture
def store(world):
    return light(world.store())


def light(store):
    """Leave out the topics, which no test here needs and which take most of the time."""
    graph = ox.NamedNode(IRIS.graph("ontology"))
    for quad in list(store.quads_for_pattern(None, None, None, graph)):
        if "/id/topic/" in str(quad.subject):
            store.remove(quad)
    return store


def documents(doc_id: str) -> Document:
    if doc_id not in {DOC, OTHER}:
        raise UnknownName(doc_id)
    return Document(doc_id, f"{doc_id}.txt", "its words " * 100)


def term(value):
    return ox.NamedNode(value) if isinstance(value, str) else value


def put(store, graph, subject, predicate, value):
    store.add(ox.Quad(term(subject), term(predicate), term(value), term(graph)))


def take(store, subject=None, predicate=None, value=None):
    wanted = [None if x is None else term(x) for x in (subject, predicate, value)]
    gone = list(store.quads_for_pattern(*wanted))
    assert gone
    for quad in gone:
        store.remove(quad)
    return gone


def claim(world, doc=DOC, number=0):
    return IRIS.claim(world.claims[doc][number].id)


def test_a_sound_release_passes(world, store):
    report = check(store, IRIS, documents)
    assert report.findings == ()
    assert report.ok
    assert report.counts["claims"] == sum(map(len, world.claims.values())) == 7
    assert report.counts["quotations"] == 7
    assert report.counts["quality queries"] >= 13
    assert report.counts["shapes"] >= 60
    assert "SHACL shapes (everything)" in report.ran
    scoped = check(store, IRIS, documents, {claim(world), IRIS.entity("agreement", "pact")})
    assert scoped.findings == ()
    assert scoped.counts["claims"] == 1


def no_evidence(world, store):
    take(store, claim(world), PG + "hasEvidence")
    return claim(world)


def two_modalities(world, store):
    planned = IRIS.entity("modality", "planned")
    put(store, IRIS.graph(DOC), claim(world), PG + "modality", planned)
    return claim(world)


def no_subject(world, store):
    take(store, claim(world, OTHER, 1), RDF + "subject")
    return claim(world, OTHER, 1)


def other_words(world, store):
    span = IRIS.evidence(DOC, 10, 19)
    ((_, _, _, graph),) = take(store, span, PG + "quote")
    store.add(ox.Quad(term(span), term(PG + "quote"), ox.Literal("his words"), graph))
    return span


def beyond_the_end(world, store):
    span = IRIS.evidence(DOC, 10, 19)
    ((_, _, _, graph),) = take(store, span, PG + "endOffset")
    store.add(ox.Quad(term(span), term(PG + "endOffset"), ox.Literal(1019), graph))
    return span


def two_statuses(world, store):
    pact, ratified = world.iri("pact"), IRIS.entity("status", "ratified")
    put(store, IRIS.graph("facts"), pact, PG + "status", ratified)
    return pact


def no_label(world, store):
    take(store, world.iri("belmora"), RDFS + "label")
    return world.iri("belmora")


def too_sure(world, store):
    ((_, _, _, graph),) = take(store, claim(world), PG + "confidence")
    two = ox.Literal("2.0", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    store.add(ox.Quad(term(claim(world)), term(PG + "confidence"), two, graph))
    return claim(world)


def foreign_predicate(world, store):
    ((_, _, _, graph),) = take(store, claim(world, OTHER, 1), RDF + "predicate")
    foreign = term("http://example.org/likes")
    store.add(ox.Quad(term(claim(world, OTHER, 1)), term(RDF + "predicate"), foreign, graph))
    return claim(world, OTHER, 1)


def party_to_itself(world, store):
    put(store, IRIS.graph("facts"), world.iri("pact"), PG + "party", world.iri("pact"))
    return world.iri("pact")


FLAWS = {
    no_evidence: ("structure", "rests on a span"),
    two_modalities: ("structure", "one modality, this one has 2"),
    no_subject: ("structure", "one subject, this one has none"),
    other_words: ("quotation", "does not quote"),
    beyond_the_end: ("quotation", "does not quote"),
    two_statuses: ("two-current-statuses", "ratified"),
    no_label: ("shape", "exactly one label"),
    too_sure: ("shape", "Confidence is one decimal"),
    foreign_predicate: ("shape", "exactly one predicate"),
    party_to_itself: ("shape", "itself"),
}


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.__name__)
def test_each_flaw_is_found_where_it_is(world, store, flaw):
    node = flaw(world, store)
    name, words = FLAWS[flaw]
    slug = node.rsplit("/", 1)[-1]
    report = check(store, IRIS, documents, {node})
    found = [f for f in report.findings if f.check == name and words in f.message]
    assert len(found) == 1, report.findings
    assert not report.ok
    assert slug in found[0].message
    if "/claim/" in node and flaw is not no_evidence:
        assert (found[0].claim, found[0].quote) == (node, "its words")
        assert found[0].doc in {DOC, OTHER}
    if "/evidence/" in node:
        assert found[0].doc == DOC


def test_a_full_run_finds_all_flaws_at_once(world, store):
    nodes = {flaw: flaw(world, store) for flaw in FLAWS if flaw is not beyond_the_end}
    findings = check(store, IRIS, documents).findings
    for flaw, node in nodes.items():
        name, words = FLAWS[flaw]
        messages = [f.message for f in findings if f.check == name and words in f.message]
        assert any(node.rsplit("/", 1)[-1] in message for message in messages), flaw


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.__name__)
def test_a_scoped_run_looks_at_what_changed_only(world, store, flaw):
    flaw(world, store)
    assert check(store, IRIS, documents, {world.iri("aldoria")}).findings == ()
    assert check(store, IRIS, documents, set()).findings == ()


def test_a_statement_that_breaks_a_shape_leads_to_its_words(world):
    world.says(OTHER, "pact", "benefits", "signing")
    store = light(world.store())
    put(store, IRIS.graph("facts"), world.iri("pact"), PG + "benefits", world.iri("signing"))
    (found,) = [f for f in check(store, IRIS, documents).findings if "benefit" in f.message]
    assert found.blocks is False
    assert (found.doc, found.quote) == (OTHER, "its words")
    assert found.claim == claim(world, OTHER, 2)


def test_a_document_that_is_not_stored_blocks(store):
    report = check(store, IRIS, lambda doc_id: None)
    assert not report.ok
    missing = [f for f in report.findings if f.check == "quotation"]
    assert [re.findall(r"doc/(\w+)", f.message) for f in missing] == [[DOC], [OTHER]]


def test_graphs_of_users_are_theirs(world, store):
    label = ox.Literal("another name", language="en")
    put(store, "urn:mine", world.iri("pact"), RDFS + "label", label)
    put(store, "urn:mine", "urn:x", RDF + "type", PG + "Claim")
    put(store, "urn:mine", "urn:s", RDF + "type", PG + "EvidenceSpan")
    store.add(ox.Quad(term("urn:y"), term(RDF + "type"), term(PG + "Signing")))
    changed = {world.iri("pact"), "urn:x", "urn:y", "urn:s"}
    for scope in (None, changed):
        assert check(store, IRIS, documents, scope).findings == ()
    two_statuses(world, store)
    assert not check(store, IRIS, documents).ok


def test_very_many_findings_are_counted_not_listed(world, store):
    for number in range(LIMIT + 7):
        put(store, IRIS.graph(DOC), IRIS.claim(f"{number:016x}"), RDF + "type", PG + "Claim")
    found = [f for f in check(store, IRIS, documents).findings if f.check == "structure"]
    assert len(found) == LIMIT + 1
    assert re.search(r"and \d+ more", found[-1].message)


def test_another_base_is_checked_as_well(world, store):
    other = ox.Store()
    base = Iris("https://kg.example.org/")
    keep = ("/id/modality/", "/id/status/", "/id/topic/")
    for quad in store:
        nodes = [_moved(node, keep) for node in quad]
        other.add(ox.Quad(*nodes))
    assert check(other, base, documents).findings == ()
    assert check(other, base, documents).counts["quotations"] == 7


def _moved(node, keep):
    old = "https://w3id.org/pactgraph/id/"
    if not isinstance(node, ox.NamedNode) or any(part in node.value for part in keep):
        return node
    return ox.NamedNode(node.value.replace(old, "https://kg.example.org/"))


# --- pySHACL, run as it comes, is the oracle ------------------------------------------------


def test_shapes_have_only_targets_that_are_understood():
    graph = shapes.shapes()
    used = {str(p).rsplit("#")[-1] for p in graph.predicates() if "#target" in str(p)}
    assert used == {"targetClass", "targetSubjectsOf"}
    for shape, select in graph.subject_objects(rdflib.URIRef(str(shapes._SH) + "select")):
        assert "WHERE {" in str(select)
        assert graph.value(predicate=shapes._SH.sparql, object=shape) is not None


@pytest.fixture(scope="module")
def ontology():
    """What shapes look at in the ontology: classes above classes, and a few concepts."""
    graph = ox.NamedNode(IRIS.graph("ontology"))
    named = re.compile(r"/id/(modality|status)/|/id/topic/(trade|technology|semiconductors)>")
    return [
        ox.Quad(*quad.triple, graph)
        for quad in ontology_quads()
        if quad.predicate.value == RDFS + "subClassOf" or named.search(str(quad.subject))
    ]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_what_plain_pyshacl_finds_is_found(path, ontology):
    store = ox.Store()
    store.extend(ontology)
    example = list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))
    entities = ox.NamedNode(IRIS.graph("entities"))
    for quad in example:
        store.add(ox.Quad(*quad.triple, entities))
        if quad.predicate.value == RDF + "type":
            for name in superclasses().get(quad.object.value.removeprefix(PG), ()):
                store.add(ox.Quad(quad.subject, quad.predicate, term(PG + name), entities))
    data = rdflib.Graph()
    for graph in store.named_graphs():
        dump = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        data.parse(data=dump, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes.shapes())
    focus = {str(node) for node in report.objects(None, shapes._SH.focusNode)}
    assert focus
    own = set(store.named_graphs())

    def ask(text):
        return store.query(text, use_default_graph_as_union=True)

    subjects = {q.subject.value for q in example if isinstance(q.subject, ox.NamedNode)}
    everything = {q.subject.value for q in store if isinstance(q.subject, ox.NamedNode)}
    full = set(shapes.violations(store, own, ask, everything))
    assert {violation.node for violation in full} == focus
    scoped = set(shapes.violations(store, own, ask, subjects))
    assert scoped == {v for v in full if v.node in subjects}


def renamed(quads, ending):
    """Return quads with an ending behind the addresses of the things that they describe."""
    own = {quad.subject for quad in quads}

    def new(node):
        if node not in own:
            return node
        return type(node)(f"{node.value}{ending}")

    return [ox.Quad(new(q.subject), q.predicate, new(q.object), q.graph_name) for q in quads]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_one_of_many_that_are_alike_stands_for_all(path, ontology, monkeypatch):
    """Examples three times over, each also once without one of its statements: as one by one."""
    graph = ox.NamedNode(IRIS.graph("entities"))
    store = ox.Store()
    store.extend(ontology)
    example = [
        ox.Quad(*quad.triple, graph)
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
    ]
    example += [
        ox.Quad(quad.subject, quad.predicate, term(PG + name), graph)
        for quad in example
        if quad.predicate.value == RDF + "type"
        for name in superclasses().get(quad.object.value.removeprefix(PG), ())
    ]
    for number in range(3):
        store.extend(renamed(example, f"-{number}"))
    for number, left_out in enumerate(example):
        less = [quad for quad in example if quad != left_out]
        store.extend(renamed(less, f"-less-{number}"))
    own = set(store.named_graphs())
    nodes = sorted({q.subject.value for q in store if isinstance(q.subject, ox.NamedNode)})

    def ask(text):
        return store.query(text, use_default_graph_as_union=True)

    grouped = set(shapes.violations(store, own, ask, nodes))
    assert grouped
    assert not shapes._keys().all_differ, "all constraints in use are understood"
    monkeypatch.setattr(shapes._keys(), "all_differ", True)
    assert grouped == set(shapes.violations(store, own, ask, nodes))


def test_a_constraint_that_keys_do_not_know_makes_all_nodes_differ():
    known = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> . x:s a sh:NodeShape "
    for constraint, differ in (
        ("; sh:class x:C", False),
        ("; sh:pattern 'x'", True),
        ("; sh:property [ sh:path [ sh:inversePath x:p ] ; sh:minCount 1 ]", True),
        ("; sh:property [ sh:path [ sh:alternativePath ( x:p x:q ) ] ; sh:minCount 1 ]", False),
        ("; sh:property [ sh:path [ sh:alternativePath ( x:p x:q ) ] ; sh:pattern 'x' ]", True),
        ("; sh:property [ sh:path x:p ; sh:pattern 'x' ]", False),
    ):
        keys = Keys(rdflib.Graph().parse(data=f"{known}{constraint} .", format="turtle"))
        assert keys.all_differ is differ
    assert "urn:x:p" in keys.exact


def test_quality_queries_can_be_scoped():
    for query in gate._queries():
        variable = query.about.get("scope", "thing")
        (text,) = gate._scoped(query, {"urn:a", "urn:b"})
        assert f"VALUES ?{variable} {{ <urn:a> <urn:b> }}" in text
        assert f"?{variable}" in query.text.partition("WHERE {")[2]
        ox.Store().query(text)


def test_findings_are_plain_values(store, world):
    two_statuses(world, store)
    for finding in check(store, IRIS, documents).findings:
        assert all(isinstance(v, str | bool) for v in dataclasses.asdict(finding).values())
