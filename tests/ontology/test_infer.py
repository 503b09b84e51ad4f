"""Rules and their engine: their form, full against incremental, and two other reasoners."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from kg import infer, onto
from kg.resources import data_dir
from kg.vocab import PG, RDF, Iris, ontology_quads, sparql_prologue

IRIS = Iris()
RULES = infer.rules()
INFERRED = ox.NamedNode(IRIS.graph("inferred"))
# What OWL 2 RL cannot say: a condition on a class beside a chain, a status by kind of event.
BEYOND_OWL = {"working-group", "involves-state", "resulting-status"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_file_is_the_query_that_runs(rule):
    """What the engine makes of a file is what any SPARQL engine reads in it."""
    text = (data_dir("ontology") / "rules" / f"{rule.name}.rq").read_text("utf-8")
    prologue = sparql_prologue()
    theirs = prepareQuery(prologue + text).algebra
    ours = prepareQuery(rule.query).algebra
    assert str(theirs) == str(ours)
    assert set(re.findall(r"\{(\w+)\}", rule.because)) <= {
        v[1:] for p in rule.body for v in infer.variables(p)
    }
    used = set(re.findall(r"pg:(\w+)", text)) - {"hasTopic"}
    assert used <= set(onto.terms()), "a rule uses a term that the ontology has not"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CONSTRUCT { ?a pg:b ?c } WHERE {\n?a pg:d ?c .\n}", "title"),
        ("#+ title: t\n#+ because: b\nCONSTRUCT { ?a pg:b ?c } WHERE {\n?a pg:d ?x .\n}", r"\?c"),
        ("#+ title: t\n#+ because: b\nCONSTRUCT { ?a pg:b ?c } WHERE {\n?a pg:d/pg:e ?c .\n}", "/"),
    ],
)
def test_a_malformed_rule_is_named(text, message):
    with pytest.raises(ValueError, match=f"rule odd.*{message}"):
        infer.parse_rule("odd", text)


def test_every_chain_of_the_ontology_has_a_rule(ontology):
    chained = {
        str(s).removeprefix(PG) for s in ontology.subjects(rdflib.OWL.propertyChainAxiom, None)
    }
    heads = {rule.head[1].removeprefix("pg:") for rule in RULES}
    assert chained <= heads


# --- random graphs: what is worked in by change equals what is inferred anew -------------------

SHAPES = {
    "party": ("x", "s"),
    "carriedOutBy": ("x", "b"),
    "underFramework": ("x", "x"),
    "signingOf": ("e", "x"),
    "signature": ("e", "g"),
    "signedBy": ("g", "p"),
    "onBehalfOf": ("g", "b"),
    "subEventOf": ("e", "e"),
    "holdsOffice": ("p", "o"),
    "officeIn": ("o", "b"),
    "bodyOf": ("b", "s"),
    "hasTopic": ("x", "t"),
    "alignedWith": ("a", "a"),
    "involves": ("x", "s"),
    "representsState": ("p", "s"),
}
TYPES = {"x0": "WorkingGroup", "x1": "WorkingGroup", "e0": "Signing", "s0": "State", "s1": "Bloc"}


def node(name: str) -> ox.NamedNode:
    if name.startswith("t"):
        topics = ["semiconductors", "solar-energy", "ports", "grain"]
        return ox.NamedNode(IRIS.entity("topic", topics[int(name[1])]))
    return ox.NamedNode(f"https://example.org/{name}")


@st.composite
def statements(draw):
    predicate = draw(st.sampled_from(sorted(SHAPES)))
    a, b = SHAPES[predicate]
    ends = [f"{kind}{draw(st.integers(0, 3))}" for kind in (a, b)]
    return ox.Triple(node(ends[0]), ox.NamedNode(PG + predicate), node(ends[1]))


TYPE = ox.NamedNode(RDF + "type")
kinds = st.sampled_from(["WorkingGroup", "Signing", "Suspension", "State", "Bloc"])
typings = st.builds(
    lambda kind, name: ox.Triple(node(name), TYPE, ox.NamedNode(PG + kind)),
    kinds,
    st.sampled_from(["x0", "x2", "e0", "e1", "s2"]),
)


def state(facts) -> ox.Store:
    store = ox.Store()
    ontology = ox.NamedNode(IRIS.graph("ontology"))
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, ontology) for q in ontology_quads())
    entities = ox.NamedNode(IRIS.graph("entities"))
    for name, cls in TYPES.items():
        store.add(ox.Quad(node(name), TYPE, ox.NamedNode(PG + cls), entities))
    for t in facts:
        graph = entities if t.predicate == TYPE else ox.NamedNode(IRIS.graph("facts"))
        store.add(ox.Quad(t.subject, t.predicate, t.object, graph))
    return store


def inferred(store: ox.Store) -> set[ox.Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, INFERRED)}


many = st.sets(st.one_of(statements(), statements(), statements(), typings), max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(many, many)
def test_incremental_equals_full(old, new):
    before = state(old)
    infer.materialise(before, IRIS)
    first = inferred(before)
    changed = state(new)
    changed.extend(before.quads_for_pattern(None, None, None, INFERRED))
    subjects = {t.subject.value for t in old ^ new}
    count = infer.materialise(changed, IRIS, subjects, before)
    anew = state(new)
    infer.materialise(anew, IRIS)
    assert inferred(changed) == inferred(anew)
    assert count == len(first ^ inferred(anew))
    assert not inferred(changed) & new, "a triple stands in one graph"
    assert not [g for g in changed.named_graphs() if "urn:" in str(g)], "scratch graphs are gone"
    assert infer.materialise(changed, IRIS, subjects, anew) == 0


def rdf(triples) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data="\n".join(f"{t} ." for t in triples), format="nt")
    return graph


def entity_statements(triples) -> set[str]:
    """Statements with a pg: predicate between things that are not terms of the ontology."""
    concepts = {getattr(q.subject, "value", "") for q in ontology_quads()}
    found = set()
    for s, p, o in triples:
        named = isinstance(s, rdflib.URIRef) and isinstance(o, rdflib.URIRef)
        if named and str(p).startswith(PG) and str(s) not in concepts:
            found.add(f"<{s}> <{p}> <{o}>")
    return found


def rich_example() -> set[ox.Triple]:
    """A graph in which every rule fires."""
    rows = """x0 underFramework x2; x2 party s0; x2 party b0; b0 bodyOf s0; e0 signingOf x3;
      e0 signature g0; g0 signedBy p0; g0 onBehalfOf s1; e0 subEventOf e1; e1 subEventOf e2;
      p0 holdsOffice o0; o0 officeIn b0; x3 hasTopic t0; a0 alignedWith a1; x1 carriedOutBy b1;
      x1 underFramework x0"""
    triples = (row.split() for row in rows.split(";"))
    return {ox.Triple(node(a), ox.NamedNode(PG + p), node(b)) for a, p, b in triples}


def test_every_rule_fires_in_the_rich_example():
    store = state(rich_example())
    infer.materialise(store, IRIS)
    graphs = [ox.NamedNode(IRIS.graph(name)) for name in (*infer.BASE, "inferred")]
    silent = [r.name for r in RULES if not list(store.query(r.query, default_graph=graphs))]
    assert silent == []


def test_a_large_graph_is_inferred_at_rest_alike(monkeypatch):
    """What is too much to copy into memory is inferred where it lies."""
    copied, at_rest = state(rich_example()), state(rich_example())
    number = infer.materialise(copied, IRIS)
    monkeypatch.setattr(infer, "_COPIED", 10)
    assert infer.materialise(at_rest, IRIS) == number > 0
    assert set(at_rest) == set(copied)
    assert infer.materialise(at_rest, IRIS) == 0


def test_owlrl_entails_the_same_entity_statements():
    """owlrl, given what the rules beyond OWL add, finds exactly what ours finds."""
    import owlrl

    facts = rich_example()
    store = state(facts)
    infer.materialise(store, IRIS)
    beyond = set()
    graphs = [ox.NamedNode(IRIS.graph(name)) for name in (*infer.BASE, "inferred")]
    for rule in RULES:
        if rule.name in BEYOND_OWL:
            beyond |= set(store.query(rule.query, default_graph=graphs))
    ontology = [q.triple for q in ontology_quads() if "topic/" not in str(q.subject)]
    wider = ox.NamedNode(PG + "subtopicOf")
    topics, front = set(), {node("t0")}
    while front:  # what lies above the one topic in the example; the others only cost time
        above = {q.triple for q in ontology_quads() if q.predicate == wider and q.subject in front}
        topics |= above
        front = {triple.object for triple in above}
    graph = rdf([*ontology, *topics, *facts, *beyond])
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    ours = entity_statements(rdf([*facts, *inferred(store)]))
    assert entity_statements(graph) == ours


def test_reasonable_entails_the_same_entity_statements():
    """reasonable knows no chains: it gets what chains and the rules beyond OWL add, as input."""
    import reasonable

    facts = rich_example()
    store = state(facts)
    infer.materialise(store, IRIS)
    graphs = [ox.NamedNode(IRIS.graph(name)) for name in (*infer.BASE, "inferred")]
    plain = {"sub-property", "symmetric", "transitive"}
    given_too = set()
    for rule in RULES:
        if rule.name not in plain:
            given_too |= set(store.query(rule.query, default_graph=graphs))
    reasoner = reasonable.PyReasoner()
    chains = rdflib.OWL.propertyChainAxiom
    triples = rdf([q.triple for q in ontology_quads()])
    triples.remove((None, chains, None))
    reasoner.from_graph(triples + rdf([*facts, *given_too]))
    theirs = entity_statements(reasoner.reason())
    ours = entity_statements(rdf([*facts, *inferred(store)]))
    assert theirs == ours


def test_nothing_is_stored_that_nobody_asks_for():
    store = state(rich_example())
    infer.materialise(store, IRIS)
    predicates = {t.predicate.value for t in inferred(store)}
    assert predicates
    assert all(p.startswith(PG) for p in predicates), "pg: relations only, no types, no sameAs"
    terms = {str(q.subject) for q in ontology_quads()}
    assert not [t for t in inferred(store) if str(t.subject) in terms], "no schema statements"
