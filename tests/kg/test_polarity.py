"""What is not done never comes out as done: negation, hearsay, conditions, promises not to act."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.model import Document, Value
from kg.vocab import digest


def claims(extractor, text):
    found = extractor.extract(Document(digest(text), "a.txt", text + "\n", dt.date(2024, 5, 7)))
    return {e.key: e.label for e in found.entities}, found.claims


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Few believe that Chad signed the Oslo Pact.", "possible"),
        ("Hardly any state has joined the Oslo Pact.", "negated"),
        ("Had Chad signed the Oslo Pact, it would have gained a port.", "possible"),
        ("Unless Chad signs the Oslo Pact, the talks end.", "possible"),
        ("If the senate agrees, Chad will sign the Oslo Pact.", "possible"),
        ("Chad allegedly signed the Oslo Pact.", "possible"),
        ("Chad almost signed the Oslo Pact.", "negated"),
        ("Chad would have signed the Oslo Pact.", "possible"),
        ("Suppose that Chad signed the Oslo Pact.", "possible"),
        ("As soon as Chad signs the Oslo Pact, ships may pass.", "planned"),
        ("After Chad signs the Oslo Pact, Mali will follow.", "planned"),
        ("The minister did not say that Chad signed the Oslo Pact.", "possible"),
        ("Chad would have gained a port had Mali signed the Oslo Pact.", "possible"),
        ("Chad has no intention of signing the Oslo Pact.", "negated"),
        ("Chad says it has no plans to sign the Oslo Pact.", "negated"),
        ("There are no plans to suspend the Oslo Pact, the ministry said.", "negated"),
        ("Rumours that Chad had signed the Oslo Pact are false.", "negated"),
        ("The office dismissed as untrue a report that Chad had quit the Oslo Pact.", "negated"),
        ("It is not true that Chad has ratified the Oslo Pact.", "negated"),
        ("Chad decided against ratifying the Oslo Pact.", "negated"),
        ("Deputies voted against ratifying the Oslo Pact.", "negated"),
        ("Chad balked at signing the Oslo Pact.", "negated"),
        ("Chad held off on signing the Oslo Pact.", "negated"),
        ("Media reports said that Chad had signed the Oslo Pact.", "possible"),
        ("The Oslo Pact was due to be signed in Rome on Friday.", "planned"),
        ("Oslo Pact expires on 1 June", "planned"),
        ("Chad signed the Oslo Pact.", "actual"),
        ("The minister said that Chad signed the Oslo Pact.", "actual"),
    ],
)
def test_modality(extractor, text, modality):
    _, found = claims(extractor, text)
    told = [c for c in found if c.predicate in {"pg:signingOf", "pg:concerns"}]
    assert {c.modality for c in told} == {modality}
    signed = Value("signed", "status") in {c.object for c in found if c.predicate == "pg:status"}
    assert signed == (modality == "actual")


@pytest.mark.parametrize(
    ("text", "predicate", "label"),
    [
        ("Peru pledged not to build new mines.", "pg:obligor", "not build new mines"),
        ("Peru promised never to tax lithium exports.", "pg:obligor", "not tax lithium exports"),
        ("The Oslo Pact aims not to raise prices.", "pg:hasAim", "not raise prices"),
        ("China wants Japan not to discharge water.", "pg:seeks", "not discharge water"),
    ],
)  # fmt: skip
def test_what_is_to_be_left_undone_keeps_its_not(extractor, text, predicate, label):
    labels, found = claims(extractor, text)
    ends = {e for c in found if c.predicate == predicate for e in (c.subject, c.object)}
    assert label in {labels.get(end) for end in ends}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Landmark ocean treaty enters into force", "in-force"),
        ("The court struck down the mining treaty with Chad on 2 March 2024.", "terminated"),
        ("Chad has pulled the plug on the mining agreement with Mali.", "terminated"),
        ("Chad and Mali struck a mining deal in Rome.", "agreed"),
    ],
)
def test_what_becomes_of_a_pact(extractor, text, status):
    _, found = claims(extractor, text)
    said = {c.object.value for c in found if c.predicate == "pg:status"}
    assert said == {status}


@pytest.mark.parametrize(
    ("text", "predicate", "names"),
    [
        ("Oman will host the next trade talks with Chad in May.", "pg:organizer", {"Oman"}),
        ("Gabon, Angola to sign oil accord in Luanda", "pg:party", {"Gabon", "Angola"}),
        ("The next round of talks is planned for Tokyo in September.", "pg:place", {"Tokyo"}),
    ],
)
def test_who_and_where_of_what_is_planned(extractor, text, predicate, names):
    labels, found = claims(extractor, text)
    assert {labels[c.object] for c in found if c.predicate == predicate} == names


@pytest.mark.parametrize(
    ("when", "signed"), [("on 3 May 2023", True), ("in May 2023", False), ("last year", False)]
)
def test_concluded_on_a_day_is_signed(extractor, when, signed):
    _, found = claims(extractor, f"Chad and Mali concluded a mining agreement in Rome {when}.")
    assert any(c.predicate == "pg:signingOf" for c in found) is signed


@pytest.mark.parametrize(
    "text",
    [
        "Peru made the signing of the fish treaty conditional on new talks.",
        "The signing of the fish treaty is contingent on a ceasefire.",
        "Peru tied the signing of the fish treaty to new talks.",
    ],
)
def test_what_is_made_to_depend_is_not_done(read, text):
    rows, _ = read(text)
    signed = {m for s, p, o, m in rows if p == "pg:signingOf" or (p, o) == ("pg:status", "signed")}
    assert signed == {"possible"}
