"""Explanations lead down to sentences, and refusals to what speaks against a claim."""

from __future__ import annotations

import pytest

from kg.errors import UnknownName
from kg.explain import Explainer, explain
from kg.vocab import Iris

IRIS = Iris()


def test_an_inferred_party_leads_to_its_rule_and_three_sentences(world):
    world.says("d1", "signing:Signing", "signingOf", "pact:Treaty")
    world.says("d1", "signing", "signature", "sig:Signature")
    world.says("d2", "sig", "onBehalfOf", "aldoria:State")
    found = explain(world.store(), IRIS, (world.iri("pact"), "pg:party", world.iri("aldoria")))
    assert found.rule == "party-by-signature"
    assert found.because == "pact was signed at signing on behalf of aldoria"
    assert [p.graph for p in found.premises] == ["facts"] * 3
    assert all(p.sources and p.sources[0].quote == "its words" for p in found.premises)
    assert {p.sources[0].doc for p in found.premises} == {IRIS.doc("d1"), IRIS.doc("d2")}
    text = "\n".join(found.lines())
    assert "inferred by rule party-by-signature" in text
    assert text.count("“its words”") == 3


def test_a_chain_of_inferences_is_followed_to_the_end(world):
    world.says("d1", "ada:Person", "holdsOffice", "minister:Office")
    world.says("d1", "minister", "officeIn", "ministry:PublicBody")
    world.says("d1", "ministry", "bodyOf", "aldoria:State")
    found = explain(
        world.store(), IRIS, (world.iri("ada"), "pg:associatedState", world.iri("aldoria"))
    )
    rules = []
    level = [found]
    while level:
        rules += [e.rule for e in level if e.rule]
        level = [p for e in level for p in e.premises]
    assert rules == ["sub-property", "represents-state", "office-of-state"]


def test_an_explanation_never_leans_on_itself(world):
    """Symmetric relations and cycles of parts could explain themselves."""
    world.says("d1", "a:Aim", "alignedWith", "b:Aim")
    world.says("d1", "e1:Meeting", "subEventOf", "e2:Meeting")
    world.says("d1", "e2", "subEventOf", "e1")
    store = world.store()
    back = explain(store, IRIS, (world.iri("b"), "pg:alignedWith", world.iri("a")))
    assert [p.graph for p in back.premises if "aim" not in p.rule] == ["facts", "ontology"]
    loop = explain(store, IRIS, (world.iri("e1"), "pg:subEventOf", world.iri("e1")))
    assert {p.graph for p in loop.premises} == {"facts", "ontology"}


def test_a_refused_claim_names_the_denial(world):
    claim = world.says("d1", "base:Agreement", "party", "aldoria:State", on="2031-05-01")
    world.says("d2", "base", "party", "aldoria", "negated", on="2031-05-02")
    found = explain(world.store(), IRIS, IRIS.claim(claim.id))
    assert found.because == "it is no fact: it was denied at the same time or later"
    assert found.sources[0].doc == IRIS.doc("d1")
    assert found.premises[0].sources[0].doc == IRIS.doc("d2")


def test_an_older_status_names_the_later_one(world):
    old = world.says("d1", "pact:Treaty", "status", "status:planned", on="2031-05-01")
    new = world.says("d2", "pact", "status", "status:signed", on="2031-05-06")
    store = world.store()
    found = explain(store, IRIS, IRIS.claim(old.id))
    assert "a later status is known" in found.because
    assert found.premises[0].statement == "pact — status — signed"
    assert found.premises[0].sources[0].doc == IRIS.doc("d2")
    accepted = explain(store, IRIS, IRIS.claim(new.id))
    assert accepted.graph == "facts"
    assert accepted.sources


def test_a_planned_claim_says_so(world):
    claim = world.says("d1", "pact:Treaty", "party", "aldoria:State", "planned")
    found = Explainer(world.store(), IRIS).claim(IRIS.claim(claim.id))
    assert found.graph == ""
    assert "planned" in found.because


def test_unknown_things_are_refused_by_name(world):
    world.says("d1", "pact:Treaty", "party", "aldoria:State")
    store = world.store()
    with pytest.raises(UnknownName, match="does not hold: aldoria — party — pact"):
        explain(store, IRIS, (world.iri("aldoria"), "pg:party", world.iri("pact")))
    with pytest.raises(UnknownName, match="no claim"):
        explain(store, IRIS, IRIS.claim("nothing"))
