"""Who is bound: parties told by membership, by what binds, and by lists of states."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.model import Document
from kg.vocab import digest

CASES = [
    ("Serbia and Albania are parties to the Open Sky Treaty.", "actual", {"Serbia", "Albania"}),
    ("North Macedonia is a member of the Open Sky Treaty.", "actual", {"North Macedonia"}),
    ("Fiji is not bound by the Nadi Convention on Ports.", "negated", {"Fiji"}),
    ("Mali wants to be a party to the Rice Convention.", "desired", {"Mali"}),
    ("The Gulf Rail Pact binds Oman, Qatar and Kuwait.", "actual", {"Oman", "Qatar", "Kuwait"}),
    ("The Gulf Rail Agreement is binding on Oman and Qatar.", "actual", {"Oman", "Qatar"}),
    ("The Polar Pact, to which Denmark and Norway belong, was amended.", "actual",
     {"Denmark", "Norway"}),
    ("Vietnam and Laos have brought the Border Treaty into force.", "actual", {"Vietnam", "Laos"}),
    ("The heads of government of Latvia, Estonia and Poland signed the Riga Declaration.",
     "actual", {"Latvia", "Estonia", "Poland"}),
    ("Nine countries, including Peru, Chile and Belize, signed the Cusco Declaration.", "actual",
     {"Peru", "Chile", "Belize"}),
    ("Nepal's parliament ratified the water treaty with India on Monday.", "actual",
     {"Nepal", "India"}),
    ("Chad suspends its defence pact with France.", "actual", {"Chad", "France"}),
    ("Peru criticised the fisheries agreement with Chile.", "actual", {"Chile"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "modality", "sides"), CASES, ids=[c[0][:40] for c in CASES])
def test_parties(extractor, text, modality, sides):
    found = extractor.extract(Document(digest(text), "a.txt", text + "\n", dt.date(2024, 5, 7)))
    labels = {e.key: e.label for e in found.entities}
    parties = [c for c in found.claims if c.predicate == "pg:party"]
    assert {labels[c.object] for c in parties} == sides
    assert {c.modality for c in parties} == {modality}
