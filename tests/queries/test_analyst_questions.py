"""Questions over many documents, asked of a small invented world, with answers written by hand.

`answers.yaml` gives for each query the parameters that differ from the defaults and the rows in
full; things are written `kind/slug`. Every query file must have an entry here or among the gold
questions, so a new file without an expected answer fails.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

import lab
from gold import World
from kg.model import Amount, Span, TimeRef, Value
from kg.vocab import Iris, expand

IRIS = Iris()
ANSWERS = yaml.safe_load((Path(__file__).parent / "answers.yaml").read_text("utf-8"))
NAMES = sorted(ANSWERS)


def by(text: str, latest: str) -> TimeRef:
    return TimeRef(Span(0, len(text)), text, None, dt.date.fromisoformat(latest))


@pytest.fixture(scope="module")
def store():
    """Four documents of two years about agreements of invented states."""
    w = World()
    w.issued = {
        name: dt.date.fromisoformat(day)
        for name, day in [
            ("d1", "2030-03-01"),
            ("d2", "2030-03-12"),
            ("d3", "2030-09-05"),
            ("d4", "2031-02-01"),
        ]
    }
    # d1, March 2030: a pact is announced
    w.says("d1", "lia:Person", "holdsOffice", "minister:Office")
    w.says("d1", "minister", "officeOfState", "aldoria:State")
    w.says(
        "d1",
        "ports-pact:MemorandumOfUnderstanding",
        "status",
        "status:planned",
        speaker="lia",
        said="2030-02-28",
    )
    w.says("d1", "ports-pact", "party", "aldoria", "planned", speaker="lia", said="2030-02-28")
    w.says("d1", "ports-pact", "hasSignatory", "lia", "planned", speaker="lia", said="2030-02-28")
    w.says("d1", "ports-pact", "hasTopic", "ports:Topic")
    w.says("d1", "dialogue:DialogueFramework", "party", "aldoria")
    w.says("d1", "dialogue", "party", "belmora:State")
    w.says("d1", "fair:TradeMission", "status", "status:planned")
    w.says("d1", "fair", "year", Value("2030", "integer"), "planned")
    w.says("d1", "fair", "destination", "belmora", "planned")
    w.says("d1", "session:DialogueSession", "sessionOf", "dialogue")
    w.says("d1", "session", "eventDate", "2030-02-20")
    w.says("d1", "session", "hasTopic", "ports")
    w.says("d1", "session", "hasParticipant", "lia")
    # d2: it is signed; a wharf company signs too
    w.says("d2", "signing:Signing", "signingOf", "ports-pact")
    w.says("d2", "signing", "eventDate", "2030-03-11")
    w.says("d2", "signing", "place", "quayside:Place")
    w.says("d2", "ports-pact", "status", "status:signed", on="2030-03-11")
    w.says("d2", "ports-pact", "party", "aldoria")
    w.says("d2", "ports-pact", "party", "belmora")
    w.says("d2", "ports-pact", "underFramework", "dialogue")
    w.says("d2", "ports-pact", "inViewOf", "harbour-act:Act")
    w.says("d2", "wharf-deal:Contract", "party", "wharf:Company")
    w.says("d2", "wharf", "associatedState", "belmora")
    w.says("d2", "wharf-deal", "underFramework", "dialogue")
    w.says("d2", "wharf-deal", "amount", Amount(Span(0, 9), "2 million crowns", "2000000", "XAC"))
    w.says("d2", "pledge:Commitment", "obligor", "aldoria")
    w.says("d2", "pledge", "beneficiary", "belmora")
    w.says("d2", "pledge", "deadline", by("by mid-2030", "2030-06-30"))
    w.says("d2", "pledge", "status", "status:active")
    # d3: dates differ, a treaty is ratified, a rumour denied
    w.says("d3", "signing", "eventDate", "2030-03-10")
    w.says("d3", "fish-treaty:Treaty", "party", "aldoria")
    w.says("d3", "fish-treaty", "party", "cass:State")
    w.says("d3", "fish-treaty", "hasTopic", "fisheries:Topic")
    w.says("d3", "fish-treaty", "status", "status:ratified", on="2030-09-01")
    w.says("d3", "ratification:Ratification", "concerns", "fish-treaty")
    w.says("d3", "ratification", "ofParty", "cass")
    w.says("d3", "ratification", "eventDate", "2030-09-01")
    w.says("d3", "consent:Approval", "concerns", "fish-treaty")
    w.says("d3", "consent", "ofParty", "aldoria")
    w.says("d3", "base-deal:Agreement", "party", "cass")
    w.says("d3", "visit:Visit", "destination", "cass")
    w.says("d3", "visit", "hasParticipant", "lia")
    w.says("d3", "visit", "hasTopic", "fisheries")
    w.says("d3", "visit", "eventDate", "2030-09-03")
    w.says("d3", "note:Announcement", "announcementOf", "sea-fund:Programme")
    w.says("d3", "note", "madeBy", "cass")
    # d4, the next year: denial, suspension, a session more
    w.says("d4", "base-deal", "party", "cass", "negated", speaker="cass", said="2031-01-30")
    w.says("d4", "ports-pact", "party", "aldoria")
    w.says("d4", "grain-pact:TradeAgreement", "status", "status:suspended", on="2031-01-15")
    w.says("d4", "grain-pact", "party", "cass")
    w.says("d4", "grain-pact", "hasTopic", "grain:Topic")
    w.says("d4", "grain-pact", "inViewOf", "harbour-act")
    w.says("d4", "second-session:DialogueSession", "sessionOf", "dialogue")
    w.says("d4", "second-session", "eventDate", "2031-01-20")
    w.says("d4", "second-session", "hasTopic", "grain")
    return w.store()


@pytest.fixture(scope="module")
def twin(store):
    return lab.union(store)


def _iri(text: str) -> str:
    if re.match(r"(pg|rdf):", text):
        return expand(text)
    if text.startswith("doc/"):
        return IRIS.doc(text[4:])
    return IRIS.entity(*text.split("/", 1)) if re.fullmatch(r"[a-z]+/[a-z0-9-]+", text) else text


@pytest.mark.parametrize("name", NAMES)
def test_answer(name, store, twin):
    case = ANSWERS[name]
    path = lab.FOLDER / "competency" / f"{name}.rq"
    query = lab.text(path, **{k: _iri(str(v)) for k, v in case.get("with", {}).items()})
    names, rows = lab.on_oxigraph(store, query)
    columns = case["columns"].split()
    expected = [tuple(_iri(str(v)) for v in row) for row in case["rows"]]
    picked = [tuple(row[names.index(column)] for column in columns) for row in rows]
    assert picked == expected, "rows and their order"
    theirs = lab.on_rdflib(twin, query)
    assert (names, sorted(rows)) == (theirs[0], sorted(theirs[1])), "two engines agree"


def test_every_query_has_an_expected_answer():
    text = (Path(__file__).parent / "test_gold_questions.py").read_text("utf-8")
    asked = set(re.findall(r'"([a-z-]+)",\n?\s*\(', text)) | set(NAMES)
    files = {path.stem for path in lab.COMPETENCY if path.stem not in OTHERS}
    assert files - asked == set()
    assert len(set(NAMES) & files) >= 20


OTHERS: set[str] = set()


@pytest.mark.parametrize("path", lab.COMPETENCY, ids=lambda path: path.stem)
def test_header_and_form(path):
    """Title and question in words, parameters with type and example, modality bound or named."""
    head, body = lab.header(path), path.read_text("utf-8")
    assert head["title"]
    assert str(head["question"]).endswith("?")
    assert head["expects"]
    for name, row in (head.get("parameters") or {}).items():
        assert row["type"] in {"iri", "date", "integer", "string"}
        assert len(re.findall(rf"^\s*VALUES \?{name} \{{[^}}]*\}}$", body, re.M)) == 1, name
        assert str(row["example"]) in body
    if "rdf:predicate" in body or "pg:speaker" in body:
        assert "pg:modality" in body, "a query over claims binds the modality"
        words = ("modality", "modalities", "actual", "planned", "negated")
        assert any(word in str(head["title"]) for word in words), "and says so in its title"
    assert "PREFIX" not in body, "prefixes are in queries/prefixes.ttl alone"
